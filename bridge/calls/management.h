// ManagePaymentSoftware (RFC 3867, 4.6.1): payment instruments come, change and go; what describes
// them is defined in docs/provisioning.md.  Wallets themselves are made by `set-bridge provision`.
#ifndef BRIDGE_CALLS_MANAGEMENT_H_
#define BRIDGE_CALLS_MANAGEMENT_H_

#include "bridge/calls/acting.h"

namespace bridge {

Written ManagePaymentSoftware(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_MANAGEMENT_H_
