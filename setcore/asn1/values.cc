#include "setcore/asn1/values.h"

#include "setcore/asn1/time_text.h"

namespace setcore::der {

std::optional<std::int64_t> ParseInteger(OctetView contents) {
  if (contents.empty() || contents.size() > sizeof(std::int64_t)) return std::nullopt;
  std::uint64_t value = (contents[0] & 0x80) != 0 ? UINT64_MAX : 0;
  for (const std::uint8_t octet : contents) value = value << 8 | octet;
  return static_cast<std::int64_t>(value);
}

Octets IntegerContents(std::int64_t value) {
  Octets contents;
  for (int shift = 56; shift >= 0; shift -= 8) {
    contents.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> shift));
  }
  std::size_t skip = 0;
  const std::uint8_t sign = value < 0 ? 0xFF : 0x00;
  while (skip + 1 < contents.size() && contents[skip] == sign &&
         (contents[skip + 1] & 0x80) == (sign & 0x80)) {
    ++skip;
  }
  contents.erase(contents.begin(), contents.begin() + static_cast<std::ptrdiff_t>(skip));
  return contents;
}

std::optional<NamedBits> ParseNamedBits(OctetView contents) {
  const OctetView octets = contents.subspan(1);
  if (octets.size() > sizeof(std::uint32_t)) return std::nullopt;
  NamedBits named;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((octets[i] & (0x80U >> bit)) != 0) named.bits |= 1U << (8 * i + bit);
    }
  }
  const Octets shortest = NamedBitsContents(named);
  if (!std::equal(shortest.begin(), shortest.end(), contents.begin(), contents.end())) {
    return std::nullopt;
  }
  return named;
}

Octets NamedBitsContents(NamedBits bits) {
  Octets contents{0};
  for (unsigned bit = 0; bit < 32; ++bit) {
    if (!bits.has(bit)) continue;
    contents.resize(1 + bit / 8 + 1, 0);
    contents[1 + bit / 8] |= static_cast<std::uint8_t>(0x80U >> (bit % 8));
    contents[0] = static_cast<std::uint8_t>(7 - bit % 8);
  }
  return contents;
}

std::optional<Time> ParseDate(OctetView contents) {
  return ParseGeneralizedTime({reinterpret_cast<const char*>(contents.data()), contents.size()});
}

Octets DateContents(Time time) {
  const std::string text = FormatGeneralizedTime(time).value_or(std::string());
  return Octets(text.begin(), text.end());
}

std::optional<SetString> SetString::FromUtf8(std::string_view text) {
  const auto characters = BmpFromUtf8(text);
  if (!characters) return std::nullopt;
  SetString string;
  string.characters_ = *characters;
  string.bmp_ = !std::all_of(text.begin(), text.end(), IsVisible);  // D-18
  return string;
}

SetString SetString::FromContents(OctetView contents, bool bmp) {
  SetString string;
  string.bmp_ = bmp;
  for (std::size_t i = 0; i < contents.size(); i += bmp ? 2 : 1) {
    const unsigned c = bmp ? contents[i] * 256U + contents[i + 1] : contents[i];
    string.characters_.push_back(static_cast<char16_t>(c));
  }
  return string;
}

Octets SetString::Contents() const {
  Octets contents;
  for (const char16_t c : characters_) {
    if (bmp_) contents.push_back(static_cast<std::uint8_t>(c >> 8));
    contents.push_back(static_cast<std::uint8_t>(c));
  }
  return contents;
}

}  // namespace setcore::der
