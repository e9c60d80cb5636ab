// InquirePendingPayment, RemovePaymentLog (RFC 3867, 4.4.1, 4.4.3; RFC 3538, 7.4), and keep_days,
// which removes by itself what RemovePaymentLog removes when asked, and what was never started.
#ifndef BRIDGE_CALLS_PAYMENT_LOG_H_
#define BRIDGE_CALLS_PAYMENT_LOG_H_

#include "bridge/calls/acting.h"

namespace bridge {

// Lists InProgress, Suspended and every payment with an open exchange, of the roles that the wallet
// was opened with.
Written InquirePendingPayment(const Call& call);

// Only final payments: else BusError.
Written RemovePaymentLog(const Call& call);

// RemoveKeptLongEnough removes a few payments that have been final, or not started, for keep_days,
// in one commit.  What the store refuses stays for another time.
void RemoveKeptLongEnough(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_PAYMENT_LOG_H_
