// Offered: what a merchant's payment has offered so far, which later calls have to copy (RFC 3538,
// 7.1.3; RFC 3867, 4.1.3; E-105).  A payment keeps it as text, a line for each brand and for each
// protocol.
#ifndef BRIDGE_CALLS_OFFERED_H_
#define BRIDGE_CALLS_OFFERED_H_

#include <string>
#include <string_view>

#include "bridge/calls/offer.h"
#include "bridge/calls/refusal.h"
#include "db/payments.h"
#include "setcore/octets.h"

namespace bridge {

// NoteBrand notes a brand that FindAcceptedPaymentBrand returns; WasOffered tells whether it did.
void NoteBrand(db::Payment& payment, std::string_view brand_id);
bool WasOffered(const db::Payment& payment, std::string_view brand_id);

// NoteProtocol notes a ProtocolItem that FindAcceptedPaymentProtocol returns for a brand.
void NoteProtocol(db::Payment& payment, std::string_view brand_id,
                  std::string_view protocol_brand_id, const Money& money,
                  setcore::OctetView pay_protocol);

// CheckCopied judges `offer`, which `call` makes for a brand, by the ProtocolItems of that brand.
// There are none: BusError.  None has its ProtocolBrandId, CurrCode or Amount: AttValIllegal; none
// its PayProtocolPackagedContent: ElContIllegal.
Checked<void> CheckCopied(const schema::Element& call, const db::Payment& payment,
                          std::string_view brand_id, const Offer& offer);

}  // namespace bridge

#endif  // BRIDGE_CALLS_OFFERED_H_
