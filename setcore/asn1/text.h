// Character sets of the ASN.1 string types, and UTF-8 from and to BMPString.
#ifndef SETCORE_ASN1_TEXT_H_
#define SETCORE_ASN1_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

#include "setcore/octets.h"

namespace setcore::der {

constexpr bool IsNumeric(char c) { return (c >= '0' && c <= '9') || c == ' '; }
constexpr bool IsVisible(char c) { return c >= 0x20 && c <= 0x7E; }
constexpr bool IsPrintable(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
}

// Tells whether the contents octets are whole characters of the Basic Multilingual Plane.
bool IsBmp(OctetView contents);

bool IsUtf8(std::string_view text);

// Nothing if `text` is not UTF-8 or has a character outside the Basic Multilingual Plane.
std::optional<std::u16string> BmpFromUtf8(std::string_view text);

// Takes characters without surrogates.
std::string Utf8FromBmp(std::u16string_view text);

}  // namespace setcore::der

#endif  // SETCORE_ASN1_TEXT_H_
