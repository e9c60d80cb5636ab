#include "bridge/translate/brand_id.h"

#include <algorithm>
#include <array>
#include <utility>

#include "setcore/pki/brand.h"

namespace bridge {
namespace {

// RFC 3538, 8.2.4 with errata E-33 to E-35: registered BrandIds and their ProtocolBrandIds under
// SETv1.0; empty: the brand does not pay by SET.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kBrands = {{
    {"Amex", "Amex"},
    {"Dankort", "Dankort"},
    {"JCB", "JCB"},
    {"Maestro", "Maestro"},
    {"MasterCard", "MasterCard"},
    {"NICOS", "NICOS"},
    {"VISA", "VISA"},
    {"atCredits", ""},
    {"EZpay", ""},
    {"GeldKarte", ""},
    {"Mondex", ""},
    {"paybox", ""},
}};

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// The ProtocolBrandId of a registered brand; nothing for any other BrandId.
std::optional<std::string_view> Registered(std::string_view brand_id) {
  const auto found = std::find_if(kBrands.begin(), kBrands.end(),
                                  [&](const auto& row) { return row.first == brand_id; });
  if (found == kBrands.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::string ProtocolBrandId::Text() const {
  if (!pcn.empty()) return brand + ':' + product + ':' + pcn;
  return SetBrand();
}

std::string ProtocolBrandId::SetBrand() const {
  return product.empty() ? brand : brand + ':' + product;
}

std::optional<ParsedBrandId> ParseProtocolBrandId(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), IsControl)) return std::nullopt;
  ParsedBrandId parsed;
  while (text.ends_with(':')) {
    text.remove_suffix(1);
    parsed.trailing_colons = true;
  }
  std::array<std::string*, 3> parts = {&parsed.id.brand, &parsed.id.product, &parsed.id.pcn};
  for (std::string* part : parts) {
    const std::size_t end = std::min(text.find(':'), text.size());
    *part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!text.empty() || parsed.id.brand.empty()) return std::nullopt;
  return parsed;
}

bool Matches(const ProtocolBrandId& accepted, const ProtocolBrandId& own) {
  if (!setcore::pki::SameBrand(accepted.brand, own.brand)) return false;
  if (!accepted.pcn.empty()) return accepted.pcn == own.pcn && accepted.product == own.product;
  return accepted.product.empty() || accepted.product == own.product;
}

bool MatchesCertificate(const ProtocolBrandId& selected, std::string_view organization,
                        std::string_view promotional_name) {
  const auto certified = ParseProtocolBrandId(organization);
  if (!certified || !certified->id.pcn.empty()) return false;
  ProtocolBrandId own = certified->id;
  own.pcn = promotional_name;
  return Matches(selected, own);
}

bool MatchesOrder(const ProtocolBrandId& selected, std::string_view brand_id) {
  const auto ordered = ParseProtocolBrandId(brand_id);
  return ordered && setcore::pki::SameBrand(selected.brand, ordered->id.brand) &&
         selected.product == ordered->id.product && selected.pcn.empty() && ordered->id.pcn.empty();
}

std::string_view CanonicalBrandId(std::string_view brand_id) {
  constexpr std::string_view kNicos = "NICOS";
  constexpr std::array<std::string_view, 2> kMisspelt = {"MICOS", "Nicos"};
  const bool misspelt = std::find(kMisspelt.begin(), kMisspelt.end(), brand_id) != kMisspelt.end();
  return misspelt ? kNicos : brand_id;
}

bool PaysBySet(std::string_view brand_id) { return Registered(brand_id) != std::string_view(); }

std::optional<std::string> DefaultProtocolBrandId(std::string_view brand_id) {
  const std::string_view canonical = CanonicalBrandId(brand_id);
  if (!PaysBySet(canonical)) return std::nullopt;
  if (const auto registered = Registered(canonical)) return std::string(*registered);
  const auto parsed = ParseProtocolBrandId(canonical);
  if (!parsed || parsed->trailing_colons) return std::nullopt;
  return std::string(canonical);
}

}  // namespace bridge
