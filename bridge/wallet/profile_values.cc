#include "bridge/wallet/profile_values.h"

#include <unicode/ucurr.h>

#include <algorithm>
#include <array>
#include <string>

#include "bridge/translate/brand_id.h"
#include "bridge/translate/money.h"

namespace bridge {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsUpper(c) || (c >= 'a' && c <= 'z'); }
bool IsPrintable(char c) { return c >= 0x20 && c <= 0x7E; }

bool AllDigits(std::string_view text, std::size_t lowest, std::size_t highest) {
  return text.size() >= lowest && text.size() <= highest && std::ranges::all_of(text, IsDigit);
}

// Prose: no control character, no space at either end.
bool IsProse(std::string_view text, std::size_t highest) {
  if (text.empty() || Characters(text) > highest) return false;
  if (text.front() == ' ' || text.back() == ' ') return false;
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

template <std::size_t kHighest>
bool Prose(std::string_view text) {
  return IsProse(text, kHighest);
}

// RFC 1766, 2: 1*8ALPHA *("-" 1*8(ALPHA / DIGIT)).
bool Language(std::string_view text) {
  if (text.size() > rules::kMaxLanguage) return false;
  bool first = true;
  while (true) {
    const std::size_t end = std::min(text.find('-'), text.size());
    const std::string_view part = text.substr(0, end);
    if (part.empty() || part.size() > 8) return false;
    const auto legal = [&](char c) { return IsLetter(c) || (!first && IsDigit(c)); };
    if (!std::ranges::all_of(part, legal)) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
    first = false;
  }
}

bool ProtocolBrand(std::string_view text) {
  if (Characters(text) > rules::kMaxProtocolBrandId) return false;
  const auto parsed = ParseProtocolBrandId(text);
  return parsed && Characters(parsed->id.SetBrand()) <= rules::kMaxSetBrand;
}

bool UrlOf(std::string_view scheme, std::string_view text) {
  return text.size() <= rules::kMaxUrl && text.size() > scheme.size() && text.starts_with(scheme) &&
         text[scheme.size()] != '/' &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c <= 0x7E; });
}

bool SecureUrl(std::string_view text) { return UrlOf("https://", text); }
bool Url(std::string_view text) { return UrlOf("http://", text) || SecureUrl(text); }

bool Host(std::string_view text) {
  return !text.empty() && text.size() <= rules::kMaxHost && std::ranges::all_of(text, [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

// tcp-transport.md, 3: 1*pchar, no space at either end.
bool TransportId(std::string_view text) {
  return !text.empty() && text.size() <= rules::kMaxTransportId && text.front() != ' ' &&
         text.back() != ' ' &&
         std::ranges::all_of(text, [](char c) { return IsPrintable(c) && c != '|'; });
}

bool Currency(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, IsUpper) && CurrencyNumber(text);
}

bool Bin(std::string_view text) { return AllDigits(text, 1, rules::kMaxBin); }
bool Pan(std::string_view text) { return AllDigits(text, 1, rules::kMaxPan); }

bool Expiry(std::string_view text) {
  if (!AllDigits(text, 6, 6)) return false;
  const int month = (text[4] - '0') * 10 + (text[5] - '0');
  return month >= 1 && month <= 12;
}

bool FileName(std::string_view text) {
  return !text.empty() && text.size() <= 1024 && text.find('\0') == std::string_view::npos;
}

std::optional<std::uint8_t> Nibble(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

}  // namespace

namespace rules {

constexpr TextRule kWalletId = {"a wallet id (1..32 characters)", Prose<kMaxId>};
constexpr TextRule kInstrumentId = {"an instrument id (1..32 characters)", Prose<kMaxId>};
constexpr TextRule kGatewayName = {"a name (1..32 characters)", Prose<kMaxId>};
constexpr TextRule kLanguage = {"a language tag of RFC 1766, such as \"en\" or \"de-CH\"",
                                Language};
constexpr TextRule kName = {"a name (1..128 characters)", Prose<kMaxName>};
constexpr TextRule kNarrative = {"a text (1..1024 characters, one line)", Prose<kMaxNarrative>};
constexpr TextRule kBrandId = {"a BrandId (1..128 characters)", Prose<kMaxBrandId>};
constexpr TextRule kProtocolBrandId = {
    "brand[:Product][:PCN] (1..64 characters, brand:Product at most 40)", ProtocolBrand};
constexpr TextRule kOrgId = {"an organisation id (1..128 characters)", Prose<kMaxOrgId>};
constexpr TextRule kMerchantId = {"a SET MerchantID (1..30 characters)", Prose<kMaxMerchantId>};
constexpr TextRule kUrl = {"a URL (http:// or https://, 512 characters at most)", Url};
constexpr TextRule kSecureUrl = {"a URL (https://, 512 characters at most)", SecureUrl};
constexpr TextRule kHost = {"a host name or address (1..253 characters)", Host};
constexpr TextRule kTransportId = {"a transport id (1..255 printable characters without '|')",
                                   TransportId};
constexpr TextRule kCurrency = {"a currency of ISO 4217 (three capital letters)", Currency};
constexpr TextRule kBin = {"an account number prefix (1..12 digits)", Bin};
constexpr TextRule kPan = {"an account number (1..19 digits)", Pan};
constexpr TextRule kExpiry = {"an expiry month (YYYYMM)", Expiry};
constexpr TextRule kFileName = {"a file name (1..1024 octets)", FileName};

}  // namespace rules

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::optional<setcore::SecretOctets> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  setcore::SecretOctets out(text.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto high = Nibble(text[2 * i]);
    const auto low = Nibble(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    out.mutable_view()[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return out;
}

std::optional<std::size_t> AmountDecimals(std::string_view currency, std::string_view amount) {
  if (!IsAmount(amount) || currency.size() != 3) return std::nullopt;
  const std::array<UChar, 4> code = {static_cast<UChar>(currency[0]),
                                     static_cast<UChar>(currency[1]),
                                     static_cast<UChar>(currency[2]), 0};
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t allowed = ucurr_getDefaultFractionDigits(code.data(), &error);
  if (U_FAILURE(error) || allowed < 0) return std::nullopt;
  const std::size_t point = amount.find('.');
  const std::size_t decimals = point == std::string_view::npos ? 0 : amount.size() - point - 1;
  if (decimals > static_cast<std::size_t>(allowed)) return std::nullopt;
  return decimals;
}

}  // namespace bridge
