// Offer: what every call about a purchase says of brand, money and protocol, checked once for all
// of them (RFC 3538, 7; errata B, D, K).  Attribute presence and form have been judged before
// (schema/reader.h, CheckAttributes); here the values are judged by what SET can do.
#ifndef BRIDGE_CALLS_OFFER_H_
#define BRIDGE_CALLS_OFFER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/calls/call.h"
#include "bridge/calls/refusal.h"
#include "bridge/host.h"
#include "bridge/translate/brand_id.h"
#include "bridge/translate/money.h"
#include "bridge/translate/order_hash.h"
#include "bridge/wallet/config.h"
#include "schema/document.h"
#include "setcore/octets.h"

namespace bridge {

// Money is the amount of a request, as IOTP wrote it and as SET counts it.
struct Money {
  std::string amount;  // as written (E-16)
  std::string curr_code;
  PurchAmt purch_amt;
};

// ReadMoney gives AttValIllegal for CurrCodeType, CurrCode or Amount.
Checked<Money> ReadMoney(const schema::Element& call);

// IsDebit tells the direction; CheckDebit makes Credit AttValIllegal (E-23).
bool IsDebit(const schema::Element& call);
Checked<void> CheckDebit(const schema::Element& call);

// RequireAttribute gives the value of an attribute that RFC 3538, 7 marks M although RFC 3867 does
// not: AttMissing if it is absent or empty (E-104).
Checked<std::string> RequireAttribute(const schema::Element& call, std::string_view attribute);

// CheckProtocolId takes SETv1.0 only: AttValIllegal (E-42).
Checked<void> CheckProtocolId(const schema::Element& call);

// ReadProtocolBrand takes the ProtocolBrandId of the ProtocolBrand element, or of the attribute of
// that name; if both are there, they say the same.  Neither: AttMissing.  Not of the grammar of RFC
// 3538, 8.2.2: AttValIllegal; but colons at its end are dropped, and the log says so (E-36).
Checked<ProtocolBrandId> ReadProtocolBrand(const schema::Element& call, const Host& host);

// Offer is what the calls after FindAcceptedPaymentProtocol repeat of the offer.
struct Offer {
  Money money;
  ProtocolBrandId protocol_brand_id;
  setcore::Octets pay_protocol;  // decoded
};

// ReadOffer makes the checks above in the order in which they stand in the request: direction,
// protocol, money, brand, PayProtocol data.  PayProtocol data that are missing: ElMissing; that are
// there twice: ElUnexpected.
Checked<Offer> ReadOffer(const Call& call);

// ReadOrder gives the OrderPackagedContent elements in document order; none is an empty order
// (E-53).
std::vector<OrderContent> ReadOrder(const schema::Element& call);

// LimitsViolated: why `money`, of `element_type`, may not be paid under `currencies` (empty: any)
// and `limits`: AttValIllegal with AttName CurrCode or Amount; nothing if it may.
std::optional<Fault> LimitsViolated(const Money& money, const std::vector<std::string>& currencies,
                                    const std::vector<CurrencyLimit>& limits,
                                    std::string_view element_type);

}  // namespace bridge

#endif  // BRIDGE_CALLS_OFFER_H_
