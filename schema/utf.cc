#include "schema/utf.h"

namespace schema {
namespace {

constexpr char32_t kLastCharacter = 0x10FFFF;

bool IsSurrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

}  // namespace

char32_t NextUtf8(std::string_view text, std::size_t& at) {
  const auto octet = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const char32_t first = octet(at);
  std::size_t trail = 0;
  char32_t value = 0;
  char32_t least = 0;
  if (first < 0x80) {
    ++at;
    return first;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    trail = 1, value = first & 0x1F, least = 0x80;
  } else if (first >= 0xE0 && first <= 0xEF) {
    trail = 2, value = first & 0x0F, least = 0x800;
  } else if (first >= 0xF0 && first <= 0xF4) {
    trail = 3, value = first & 0x07, least = 0x10000;
  } else {
    ++at;
    return kReplacement;
  }
  for (std::size_t i = 1; i <= trail; ++i) {
    const char32_t next = octet(at + i);
    if ((next & 0xC0) != 0x80) {
      ++at;
      return kReplacement;
    }
    value = value << 6 | (next & 0x3F);
  }
  if (value < least || value > kLastCharacter || IsSurrogate(value)) {
    ++at;
    return kReplacement;
  }
  at += trail + 1;
  return value;
}

std::size_t EncodeUtf8(char32_t c, char* out) {
  if (c > kLastCharacter || IsSurrogate(c)) c = kReplacement;
  if (c < 0x80) {
    out[0] = static_cast<char>(c);
    return 1;
  }
  if (c < 0x800) {
    out[0] = static_cast<char>(0xC0 | c >> 6);
    out[1] = static_cast<char>(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = static_cast<char>(0xE0 | c >> 12);
    out[1] = static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out[2] = static_cast<char>(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | c >> 18);
  out[1] = static_cast<char>(0x80 | (c >> 12 & 0x3F));
  out[2] = static_cast<char>(0x80 | (c >> 6 & 0x3F));
  out[3] = static_cast<char>(0x80 | (c & 0x3F));
  return 4;
}

std::size_t EncodeUtf8(std::u16string_view text, char* out) {
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (c < 0x80) {
      out[written++] = static_cast<char>(c);
      continue;
    }
    if (c >= 0xD800 && c <= 0xDBFF && i + 1 < text.size() && text[i + 1] >= 0xDC00 &&
        text[i + 1] <= 0xDFFF) {
      c = 0x10000 + ((c - 0xD800) << 10) + (text[i + 1] - 0xDC00U);
      ++i;
    }
    written += EncodeUtf8(c, out + written);
  }
  return written;
}

std::u16string ToUtf16(std::string_view utf8) {
  std::u16string wide;
  wide.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = NextUtf8(utf8, at);
    if (c < 0x10000) {
      wide.push_back(static_cast<char16_t>(c));
    } else {
      wide.push_back(static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)));
      wide.push_back(static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
    }
  }
  return wide;
}

}  // namespace schema
