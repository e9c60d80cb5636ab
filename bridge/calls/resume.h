// ResumePaymentConsumer and ResumePaymentPaymentHandler (RFC 3867, 4.3.3, 4.3.4; RFC 3538, 8.7):
// the last message again, octet for octet.  A payment resumes from Suspended, or from InProgress if
// it was under way when the wallet was opened; any other is a BusError (E-118).  A repeated request
// finds nothing changed since and gets the same message.
#ifndef BRIDGE_CALLS_RESUME_H_
#define BRIDGE_CALLS_RESUME_H_

#include "bridge/calls/acting.h"

namespace bridge {

Written ResumePaymentConsumer(const Call& call);
Written ResumePaymentPaymentHandler(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_RESUME_H_
