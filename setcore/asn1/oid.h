// Object identifiers as values: the DER contents octets, compared octet for octet.
#ifndef SETCORE_ASN1_OID_H_
#define SETCORE_ASN1_OID_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "setcore/octets.h"

namespace setcore::der {

// Contents octets that an Oid holds; a longer object identifier is refused when decoded.
inline constexpr std::size_t kMaxOidOctets = 39;

class Oid {
 public:
  constexpr Oid() = default;

  // Takes the arcs, at least two: Oid{2, 23, 42, 0, 3}.  Meant for constants.
  constexpr Oid(std::initializer_list<std::uint32_t> arcs) {
    auto arc = arcs.begin();
    const std::uint32_t first = *arc++;
    Append(first * 40 + *arc++);
    while (arc != arcs.end()) Append(*arc++);
  }

  // Gives the object identifier with these contents octets; nothing if they are not DER or longer
  // than kMaxOidOctets.
  static std::optional<Oid> FromContents(OctetView contents);

  constexpr OctetView contents() const { return {octets_.data(), size_}; }

  // Gives dotted decimal, for people: "2.23.42.0.3".
  std::string Text() const;

  friend constexpr bool operator==(const Oid& a, const Oid& b) {
    return a.size_ == b.size_ &&
           std::equal(a.octets_.begin(), a.octets_.begin() + a.size_, b.octets_.begin());
  }

 private:
  constexpr void Append(std::uint32_t arc) {
    int shift = 28;
    while (shift > 0 && (arc >> shift) == 0) shift -= 7;
    for (; shift > 0; shift -= 7) {
      octets_[size_++] = static_cast<std::uint8_t>(0x80 | ((arc >> shift) & 0x7F));
    }
    octets_[size_++] = static_cast<std::uint8_t>(arc & 0x7F);
  }

  std::array<std::uint8_t, kMaxOidOctets> octets_{};
  std::uint8_t size_ = 0;
};

// Tells whether `contents` is the DER contents of an OBJECT IDENTIFIER of any length.
bool IsOidContents(OctetView contents);

}  // namespace setcore::der

#endif  // SETCORE_ASN1_OID_H_
