// Payment receipts: CheckPaymentReceipt and ExpandPaymentReceipt (RFC 3867, 4.5.1, 4.5.2; RFC 3538,
// 7.5.1, 7.5.2, 8.5).  The receipt of SET is the PRes.
#ifndef BRIDGE_CALLS_RECEIPT_H_
#define BRIDGE_CALLS_RECEIPT_H_

#include "bridge/calls/acting.h"

namespace bridge {

Written CheckPaymentReceipt(const Call& call);
Written ExpandPaymentReceipt(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_RECEIPT_H_
