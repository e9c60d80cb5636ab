// SET Initiation in IOTP: the merchant's PayProtocol data, and the 1st Initiation that the consumer
// (and, for its side of the order hash, the payment handler) puts together from it and from IOTP
// elements (RFC 3538, 8.3.1, 8.4.1; set-initiation.md, 4; D-68).
#ifndef BRIDGE_TRANSLATE_INITIATION_DATA_H_
#define BRIDGE_TRANSLATE_INITIATION_DATA_H_

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/translate/brand_id.h"
#include "bridge/translate/fault.h"
#include "bridge/translate/money.h"
#include "bridge/translate/packaged_content.h"
#include "setcore/environment.h"
#include "setcore/initiation/initiation.h"
#include "setcore/octets.h"

namespace bridge {

namespace initiation = setcore::initiation;

// DetailOf says what is wrong with Initiation data.
Detail DetailOf(const initiation::Fault& fault);

// MakeLidM draws a SET-LID-M: 20 octets that are unique without asking anybody.
setcore::Octets MakeLidM(const setcore::Environment& env);

// MakePayProtocol gives the PayProtocol data: MIME-Version, Content-Transfer-Encoding,
// SET-Initiation-Type, SET-LID-M, and the fields of `merchant_data` (MerchantData SET:Initiation),
// if any.  A SET-LID-M in `merchant_data` wins over `lid_m`.  Bad merchant data: the fault that
// ReadSetContent gives, or ElContIllegal naming the field; `element_type` is its ElementType.
tl::expected<setcore::Octets, Fault> MakePayProtocol(setcore::OctetView lid_m,
                                                     const PackagedContent* merchant_data,
                                                     std::string_view element_type);

// AnnouncedLidM is the SET-LID-M of PayProtocol data; nothing if they have none or cannot be read.
std::optional<setcore::Octets> AnnouncedLidM(setcore::OctetView pay_protocol);

// IotpTerms is what IOTP fixes for the 1st Initiation.
struct IotpTerms {
  std::string protocol_id;
  ProtocolBrandId protocol_brand_id;  // of the offer
  PurchAmt purch_amt;
  std::string order_hash;
};

// BuildInitiation makes the 1st Initiation from the decoded PayProtocol data: checks 1 to 10 of
// set-initiation.md, section 5.  A field that IOTP supplies may stand in the data if it says the
// same (section 4, step 2).  The fault is what the Initiation Response will carry; one that only
// IOTP's terms show has no detail, its field says it all.
tl::expected<initiation::Initiation, initiation::Fault> BuildInitiation(
    setcore::OctetView pay_protocol, const IotpTerms& terms);

// AcceptsInitiation tells whether `response` is an Initiation Response without error that chooses
// `brand` and names `lid_m`, where it says anything of them, and answers no extension.
bool AcceptsInitiation(setcore::OctetView response, std::string_view brand,
                       const std::optional<setcore::Octets>& lid_m);

// MakeNextInitiation makes the Initiation that asks for nothing more.
setcore::Octets MakeNextInitiation(const std::optional<setcore::Octets>& lid_m);

}  // namespace bridge

#endif  // BRIDGE_TRANSLATE_INITIATION_DATA_H_
