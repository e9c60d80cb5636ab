// BrandId, ProtocolBrandId and ProtocolId (RFC 3538, 8.2, 8.3.2; errata D).  Text only; any thread
// may call.
#ifndef BRIDGE_TRANSLATE_BRAND_ID_H_
#define BRIDGE_TRANSLATE_BRAND_ID_H_

#include <optional>
#include <string>
#include <string_view>

namespace bridge {

// The only ProtocolId (RFC 3538, 8.2.3 NOTE; E-42).
inline constexpr std::string_view kProtocolId = "SETv1.0";

// ProtocolBrandId is brand[:Product][:PCN], brand::PCN without a product (8.2.2).
struct ProtocolBrandId {
  std::string brand;
  std::string product;  // empty: none
  std::string pcn;      // Promotional Card Name; empty: none

  // Text is the spelling of 8.2.2, without trailing colons.
  std::string Text() const;
  // SetBrand is SET's BrandID: brand[:Product].
  std::string SetBrand() const;

  friend bool operator==(const ProtocolBrandId&, const ProtocolBrandId&) = default;
};

// ParsedBrandId tells whether trailing colons were dropped (E-36), which deserves a warning.
struct ParsedBrandId {
  ProtocolBrandId id;
  bool trailing_colons = false;
};

// ParseProtocolBrandId gives nothing without a brand or with four parts (E-36, E-37), or for a text
// with control characters.
std::optional<ParsedBrandId> ParseProtocolBrandId(std::string_view text);

// Matches tells whether an instrument of brand `own` may be used where `accepted` is asked for
// (8.3.2 as E-38 and E-39 read it).
bool Matches(const ProtocolBrandId& accepted, const ProtocolBrandId& own);

// MatchesCertificate is the brand integrity check of 8.4.4 (1): the brand that the IOTP messages
// selected against subject O ("brand[:product]") and the promotional name (empty: none) of the
// certificate (E-40).
bool MatchesCertificate(const ProtocolBrandId& selected, std::string_view organization,
                        std::string_view promotional_name);

// MatchesOrder is that check for a card without certificate (E-41): the BrandID of OIData is that
// of the selection (D-67), of which nothing can show a PCN (E-40).
bool MatchesOrder(const ProtocolBrandId& selected, std::string_view brand_id);

// CanonicalBrandId replaces the misspellings of NICOS (E-33); every other BrandId stays as it is,
// for BrandIds match exactly (E-38).
std::string_view CanonicalBrandId(std::string_view brand_id);

// PaysBySet is false for a registered brand that has no ProtocolBrandId under SETv1.0 (E-35).
bool PaysBySet(std::string_view brand_id);

// DefaultProtocolBrandId is the table of 8.2.4 (E-34, E-35): nothing for a registered brand that
// does not pay by SET; a BrandId that is not in the table maps to itself if it is a legal
// ProtocolBrandId, since its registrant has to map it one to one.
std::optional<std::string> DefaultProtocolBrandId(std::string_view brand_id);

}  // namespace bridge

#endif  // BRIDGE_TRANSLATE_BRAND_ID_H_
