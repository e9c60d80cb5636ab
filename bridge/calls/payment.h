// Payment transaction related calls (RFC 3867, 4.3; RFC 3538, 7.3, 8.4).
#ifndef BRIDGE_CALLS_PAYMENT_H_
#define BRIDGE_CALLS_PAYMENT_H_

#include "bridge/calls/acting.h"
#include "bridge/calls/offer.h"
#include "db/payments.h"

namespace bridge {

Written StartPaymentConsumer(const Call& call);
Written StartPaymentPaymentHandler(const Call& call);
Written ContinueProcess(const Call& call);

// The two sides of ContinueProcess.
Checked<Answer> ContinueConsumer(const Call& call, Ledger& ledger);
Checked<Answer> ContinuePaymentHandler(const Call& call, Ledger& ledger);

// Start… calls: a known PayId with other inputs is AttValIllegal (interfaces.md, 5); too many
// payments InProgress is SystemBusy.
Checked<void> CheckStartable(const Call& call, const Ledger& ledger, std::string_view attribute);

// RecordOffer writes into `payment` what both Start… calls say of the offer.
void RecordOffer(const Call& call, const Offer& offer, db::Payment& payment);

}  // namespace bridge

#endif  // BRIDGE_CALLS_PAYMENT_H_
