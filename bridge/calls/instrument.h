// Which payment instrument may pay what: one judgement for FindPaymentInstrument,
// CheckPaymentPossibility and StartPaymentConsumer, so that they never disagree.
#ifndef BRIDGE_CALLS_INSTRUMENT_H_
#define BRIDGE_CALLS_INSTRUMENT_H_

#include <string>
#include <string_view>

#include "bridge/calls/call.h"
#include "bridge/calls/offer.h"
#include "bridge/calls/refusal.h"
#include "bridge/translate/brand_id.h"
#include "bridge/wallet/config.h"

namespace bridge {

// FitsBrand: the instrument belongs to the brand of the offer (RFC 3538, 8.3.2).
bool FitsBrand(const InstrumentConfig& instrument, std::string_view brand_id,
               const ProtocolBrandId& accepted);

// CheckUsable says whether the instrument can pay `money` under the request's BrandId:
// AttValIllegal with AttName BrandId (another brand), PaymentInstrumentId (its certificate or, when
// the wallet is unlocked, the card has expired; its certificate is not valid yet), CurrCode or
// Amount (its currencies and limits).
Checked<void> CheckUsable(const Call& call, const InstrumentConfig& instrument, const Money& money,
                          const ProtocolBrandId& accepted);

// JudgeInstrument finds the PaymentInstrumentId of the request and says whether it can pay:
// AttValIllegal PaymentInstrumentId if it is unknown, else as CheckUsable.
Checked<const InstrumentConfig*> JudgeInstrument(const Call& call, const Money& money,
                                                 const ProtocolBrandId& accepted);

}  // namespace bridge

#endif  // BRIDGE_CALLS_INSTRUMENT_H_
