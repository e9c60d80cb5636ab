#include "setcore/asn1/text.h"

#include <cstddef>
#include <cstdint>

namespace setcore::der {
namespace {

constexpr bool IsSurrogate(std::uint32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

// Takes the next character of UTF-8 `text` at `at` and moves on; false if there is none.
bool Next(std::string_view text, std::size_t& at, std::uint32_t& c) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = octet(at++);
  if (first < 0x80) {
    c = first;
    return true;
  }
  struct Form {
    std::uint8_t mask, lead;
    int more;
    std::uint32_t least;
  };
  constexpr Form kForms[] = {
      {0xE0, 0xC0, 1, 0x80}, {0xF0, 0xE0, 2, 0x800}, {0xF8, 0xF0, 3, 0x10000}};
  for (const Form& form : kForms) {
    if ((first & form.mask) != form.lead) continue;
    c = first & static_cast<std::uint8_t>(~form.mask);
    for (int i = 0; i < form.more; ++i) {
      if (at == text.size() || (octet(at) & 0xC0) != 0x80) return false;
      c = (c << 6) | (octet(at++) & 0x3FU);
    }
    return c >= form.least && c <= 0x10FFFF && !IsSurrogate(c);
  }
  return false;
}

}  // namespace

bool IsBmp(OctetView contents) {
  if (contents.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < contents.size(); i += 2) {
    if (IsSurrogate(static_cast<std::uint32_t>(contents[i] << 8 | contents[i + 1]))) return false;
  }
  return true;
}

bool IsUtf8(std::string_view text) {
  std::uint32_t c = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!Next(text, at, c)) return false;
  }
  return true;
}

std::optional<std::u16string> BmpFromUtf8(std::string_view text) {
  std::u16string out;
  std::uint32_t c = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!Next(text, at, c) || c > 0xFFFF) return std::nullopt;
    out.push_back(static_cast<char16_t>(c));
  }
  return out;
}

std::string Utf8FromBmp(std::u16string_view text) {
  std::string out;
  for (const char16_t c : text) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
      out.push_back(static_cast<char>(0xC0 | (c >> 6)));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    } else {
      out.push_back(static_cast<char>(0xE0 | (c >> 12)));
      out.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    }
  }
  return out;
}

}  // namespace setcore::der
