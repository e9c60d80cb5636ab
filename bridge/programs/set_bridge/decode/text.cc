// Texts that come from strangers: account numbers hidden, nothing left that a terminal obeys.
#include <fmt/format.h>

#include "bridge/programs/set_bridge/decode/tree.h"

namespace bridge::programs::decode {
namespace {

constexpr std::size_t kShortestAccount = 13;
constexpr std::size_t kLongestAccount = 19;
constexpr std::size_t kShownBefore = 6;
constexpr std::size_t kShownAfter = 4;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The check digit of ISO 7812.
bool Luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int digit = digits[i] - '0';
    const int weighed = twice ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 == 0;
}

struct Character {
  char32_t code = 0;
  std::size_t size = 1;
  bool good = false;
};

// The character that `text` begins with; not good: its first octet is no UTF-8.
Character Next(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = octet(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {lead, 1, false};
  char32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xC0) != 0x80) return {lead, 1, false};
    code = code << 6 | (octet(i) & 0x3FU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool good = code >= kLeast[size] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return {good ? code : lead, good ? size : 1, good};
}

// Control characters, and those that reorder or hide the text around them.
bool Dangerous(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x061C ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFF) ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

}  // namespace

std::string Masked(std::string_view text) {
  std::string out(text);
  for (std::size_t begin = 0; begin < out.size();) {
    if (!IsDigit(out[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < out.size() && IsDigit(out[end])) ++end;
    const std::size_t size = end - begin;
    if (size >= kShortestAccount && size <= kLongestAccount &&
        Luhn(std::string_view(out).substr(begin, size))) {
      for (std::size_t i = begin + kShownBefore; i < end - kShownAfter; ++i) out[i] = '*';
    }
    begin = end;
  }
  return out;
}

std::string Printable(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const Character next = Next(utf8);
    if (!next.good) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(next.code));
    } else if (Dangerous(next.code)) {
      out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(next.code));
    } else {
      out += utf8.substr(0, next.size);
    }
    utf8.remove_prefix(next.size);
  }
  return out;
}

}  // namespace bridge::programs::decode
