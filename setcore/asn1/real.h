// FloatingPoint: ratios and rates as REAL base 2 (set-processing.md, O-6), and exact arithmetic on
// them.  Everything that knows how a ratio is encoded stands in real.cc.
#ifndef SETCORE_ASN1_REAL_H_
#define SETCORE_ASN1_REAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "setcore/octets.h"

namespace setcore::der {

// A REAL as transmitted: its contents octets, DER, base 2.  Empty is zero.
struct FloatingPoint {
  Octets contents;
  friend bool operator==(const FloatingPoint&, const FloatingPoint&) = default;
};

// Judges contents octets: nullptr, or why they are not a DER REAL of base 2.
const char* RealFault(OctetView contents);

// A factor num / den * 10**exp10, as two SET amounts give it.
struct Quotient {
  std::int64_t num = 0;
  std::int64_t den = 1;
  int exp10 = 0;
};

// Gives the IEEE 754 double nearest to the exact quotient, ties to even (D-15).  Nothing if num is
// negative, den is not positive or exp10 lies outside -18 to 18.
std::optional<FloatingPoint> NearestRatio(const Quotient& quotient);

// Gives the exact product of a decimal amount ("157.53") and a ratio, rounded half to even to the
// decimals of the amount (D-16).  Nothing if the amount is not digits with at most one point, has
// more than 18 digits, or the ratio is negative, has a mantissa of more than 64 bits or gives a
// product of more than 128 bits.
std::optional<std::string> Expand(std::string_view amount, const FloatingPoint& ratio);

// Tells whether the ratio is above zero.
bool IsPositive(const FloatingPoint& ratio);

}  // namespace setcore::der

#endif  // SETCORE_ASN1_REAL_H_
