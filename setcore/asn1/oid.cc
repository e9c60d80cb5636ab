#include "setcore/asn1/oid.h"

#include <fmt/format.h>

namespace setcore::der {

bool IsOidContents(OctetView contents) {
  if (contents.empty() || (contents.back() & 0x80) != 0) return false;
  bool starts = true;
  for (const std::uint8_t octet : contents) {
    if (starts && octet == 0x80) return false;  // X.690, 8.19.2
    starts = (octet & 0x80) == 0;
  }
  return true;
}

std::optional<Oid> Oid::FromContents(OctetView contents) {
  if (contents.size() > kMaxOidOctets || !IsOidContents(contents)) return std::nullopt;
  Oid oid;
  std::copy(contents.begin(), contents.end(), oid.octets_.begin());
  oid.size_ = static_cast<std::uint8_t>(contents.size());
  return oid;
}

std::string Oid::Text() const {
  std::string text;
  std::uint64_t arc = 0;
  for (const std::uint8_t octet : contents()) {
    arc = (arc << 7) | (octet & 0x7FU);
    if ((octet & 0x80) != 0) continue;
    if (text.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
      text = fmt::format("{}.{}", first, arc - first * 40);
    } else {
      text += fmt::format(".{}", arc);
    }
    arc = 0;
  }
  return text;
}

}  // namespace setcore::der
