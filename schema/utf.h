// UTF-8 and UTF-16, between this project and Xerces.  What is not a character becomes U+FFFD;
// nothing else can go wrong.
#ifndef SCHEMA_UTF_H_
#define SCHEMA_UTF_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace schema {

inline constexpr char32_t kReplacement = 0xFFFD;

// NextUtf8 decodes the character at `at` (< text.size()) and moves `at` behind it.  An octet that
// starts no well-formed sequence (Unicode, table 3-7) gives kReplacement and is skipped alone.
char32_t NextUtf8(std::string_view text, std::size_t& at);

// EncodeUtf8 writes a character to `out` (room for four octets) and gives the number written.
std::size_t EncodeUtf8(char32_t character, char* out);

// Utf8Bound is enough room for the UTF-8 form of `units` UTF-16 code units.
constexpr std::size_t Utf8Bound(std::size_t units) { return units * 3; }

// EncodeUtf8 writes UTF-16 text to `out` (room for Utf8Bound) and gives the number of octets.
std::size_t EncodeUtf8(std::u16string_view text, char* out);

// ToUtf16 converts a text that holds no secret.
std::u16string ToUtf16(std::string_view utf8);

}  // namespace schema

#endif  // SCHEMA_UTF_H_
