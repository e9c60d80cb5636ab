// PackagedContent (RFC 2801, 3.7, as corrected by RFC 3504, 2.1) and how SET messages travel in it
// (RFC 3538, 8.3.1, 8.3.3, 8.4).
#ifndef BRIDGE_TRANSLATE_PACKAGED_CONTENT_H_
#define BRIDGE_TRANSLATE_PACKAGED_CONTENT_H_

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/translate/fault.h"
#include "setcore/octets.h"

namespace bridge {

// Name of the receipt (RFC 3538, 8.4.4 (4)) and of the order hash for the payment handler (8.3.3).
inline constexpr std::string_view kPResName = "PRes";
inline constexpr std::string_view kSetOdName = "Payment:SET-OD";
inline constexpr std::string_view kSaleDetailName = "Payment:SET-SaleDetail";
// Name of MerchantData with initiation fields (interfaces.md, 3).
inline constexpr std::string_view kSetInitiationName = "SET:Initiation";
// Name of MerchantData with the DER of a SaleDetail.
inline constexpr std::string_view kMerchantSaleDetailName = "SET:SaleDetail";

// PackagedContent as it stands in a document; an attribute that is absent is nothing.
struct PackagedContent {
  std::optional<std::string> name;
  std::optional<std::string> content;    // default PCDATA
  std::optional<std::string> transform;  // default NONE
  std::string data;
};

// MakeSetContent packs a SET message or an Initiation: Content PCDATA, Transform BASE64 (E-48).
// `name` may be empty.
PackagedContent MakeSetContent(setcore::OctetView message, std::string_view name = {});

// ReadSetContent unpacks one.  Content other than PCDATA, MIME, MIME:application/set-payment or
// MIME:application/set-payment-initiation, or a Transform other than BASE64: AttValIllegal with
// that AttName.  ContentData that is not base64, or empty: ElContIllegal.  `element_type` is the
// ElementType of the fault.
tl::expected<setcore::Octets, Fault> ReadSetContent(const PackagedContent& packaged,
                                                    std::string_view element_type);

// MakeSetOd packs an order hash as Payment:SET-OD: Content PCDATA, Transform NONE
// (set-initiation.md, 4.2).
PackagedContent MakeSetOd(std::string_view order_hash);

// ReadSetOd unpacks it: AttValIllegal for another Content or Transform, ElContIllegal if the data,
// white space around it removed, are not an order hash.
tl::expected<std::string, Fault> ReadSetOd(const PackagedContent& packaged,
                                           std::string_view element_type);

}  // namespace bridge

#endif  // BRIDGE_TRANSLATE_PACKAGED_CONTENT_H_
