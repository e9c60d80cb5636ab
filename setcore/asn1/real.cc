#include "setcore/asn1/real.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace setcore::der {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kWideBits = 128;
constexpr int kMantissaBits = 53;
constexpr int kMaxExp10 = 18;
constexpr std::size_t kMaxDigits = 18;
constexpr std::uint8_t kBinary = 0x80;
constexpr std::uint8_t kNegative = 0x40;
constexpr std::uint8_t kBaseAndScale = 0x3C;
constexpr std::uint8_t kExponentForm = 0x03;

// sign * mantissa * 2**exponent; the views point into the contents octets.
struct Parts {
  bool negative = false;
  OctetView exponent;
  OctetView mantissa;
};

// Takes contents octets apart; false if they are too short or not of base 2 (X.690, 8.5).
bool Split(OctetView contents, Parts& parts) {
  if (contents.empty()) return true;
  const std::uint8_t first = contents[0];
  if ((first & kBinary) == 0 || (first & kBaseAndScale) != 0) return false;
  std::size_t at = 1;
  std::size_t exponent = (first & kExponentForm) + 1U;
  if (exponent == 4) {
    if (contents.size() < 2) return false;
    exponent = contents[at++];
    if (exponent < 4) return false;  // a shorter form exists
  }
  if (contents.size() < at + exponent + 1) return false;
  parts.negative = (first & kNegative) != 0;
  parts.exponent = contents.subspan(at, exponent);
  parts.mantissa = contents.subspan(at + exponent);
  return true;
}

int BitWidth(Wide value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const auto low = static_cast<std::uint64_t>(value);
  return high != 0 ? 64 + static_cast<int>(std::bit_width(high))
                   : static_cast<int>(std::bit_width(low));
}

Wide Power10(int exponent) {
  Wide value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

// Gives value / 2**shift, rounded half to even.
Wide ShiftRounded(Wide value, int shift, bool sticky) {
  if (shift > kWideBits) return 0;
  const Wide half = Wide{1} << (shift - 1);
  const Wide rest = shift == kWideBits ? value : value & ((Wide{1} << shift) - 1);
  Wide result = shift == kWideBits ? 0 : value >> shift;
  if (rest > half || (rest == half && (sticky || (result & 1) != 0))) ++result;
  return result;
}

FloatingPoint Encode(std::uint64_t mantissa, int exponent) {
  FloatingPoint real;
  if (mantissa == 0) return real;
  const int zeros = std::countr_zero(mantissa);
  mantissa >>= zeros;
  exponent += zeros;
  const bool one = exponent >= -128 && exponent <= 127;
  real.contents.push_back(one ? kBinary : kBinary | 1U);
  if (!one) real.contents.push_back(static_cast<std::uint8_t>(exponent >> 8));
  real.contents.push_back(static_cast<std::uint8_t>(exponent));
  for (int shift = (static_cast<int>(std::bit_width(mantissa)) - 1) / 8 * 8; shift >= 0;
       shift -= 8) {
    real.contents.push_back(static_cast<std::uint8_t>(mantissa >> shift));
  }
  return real;
}

std::string Decimal(Wide value, std::size_t decimals) {
  std::string text;
  do {
    text.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  while (text.size() < decimals + 1) text.push_back('0');
  std::reverse(text.begin(), text.end());
  if (decimals != 0) text.insert(text.size() - decimals, 1, '.');
  return text;
}

}  // namespace

const char* RealFault(OctetView contents) {
  Parts parts;
  if (!Split(contents, parts)) return "REAL not of base 2";
  if (contents.empty()) return nullptr;
  if (parts.mantissa[0] == 0 || (parts.mantissa.back() & 1) == 0) {
    return "REAL with a mantissa that is not odd and minimal";  // X.690, 11.3.1
  }
  if (parts.exponent.size() > 1 && ((parts.exponent[0] == 0x00 && parts.exponent[1] < 0x80) ||
                                    (parts.exponent[0] == 0xFF && parts.exponent[1] >= 0x80))) {
    return "REAL with an exponent that is not minimal";
  }
  return nullptr;
}

std::optional<FloatingPoint> NearestRatio(const Quotient& quotient) {
  if (quotient.num < 0 || quotient.den <= 0 || quotient.exp10 < -kMaxExp10 ||
      quotient.exp10 > kMaxExp10) {
    return std::nullopt;
  }
  if (quotient.num == 0) return FloatingPoint{};
  const Wide num = static_cast<Wide>(quotient.num) * Power10(std::max(quotient.exp10, 0));
  const Wide den = static_cast<Wide>(quotient.den) * Power10(std::max(-quotient.exp10, 0));
  // Long division, one bit at a time, until the quotient has two bits more than a double.
  constexpr int kQuotientBits = kMantissaBits + 2;
  Wide value = num / den;
  Wide rest = num % den;
  int exponent = 0;
  while (BitWidth(value) < kQuotientBits) {
    rest <<= 1;
    value <<= 1;
    if (rest >= den) {
      rest -= den;
      value |= 1;
    }
    --exponent;
  }
  const int shift = BitWidth(value) - kMantissaBits;
  const Wide mantissa = ShiftRounded(value, shift, rest != 0);
  return Encode(static_cast<std::uint64_t>(mantissa), exponent + shift);
}

std::optional<std::string> Expand(std::string_view amount, const FloatingPoint& ratio) {
  const std::size_t point = amount.find('.');
  const std::size_t decimals = point == std::string_view::npos ? 0 : amount.size() - point - 1;
  std::uint64_t units = 0;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < amount.size(); ++i) {
    if (i == point) continue;
    if (amount[i] < '0' || amount[i] > '9' || ++digits > kMaxDigits) return std::nullopt;
    units = units * 10 + static_cast<std::uint64_t>(amount[i] - '0');
  }
  if (digits == 0 || RealFault(ratio.contents) != nullptr) return std::nullopt;
  Parts parts;
  Split(ratio.contents, parts);
  if (parts.negative || parts.mantissa.size() > sizeof(std::uint64_t)) return std::nullopt;
  std::uint64_t mantissa = 0;
  for (const std::uint8_t octet : parts.mantissa) mantissa = mantissa << 8 | octet;
  const Wide product = static_cast<Wide>(units) * mantissa;
  if (product == 0) return Decimal(0, decimals);
  // An exponent of three octets or more moves every product out of 128 bits.
  if (parts.exponent.size() > 2) {
    if ((parts.exponent[0] & 0x80) == 0) return std::nullopt;
    return Decimal(0, decimals);
  }
  int exponent = static_cast<std::int8_t>(parts.exponent[0]);
  if (parts.exponent.size() == 2) exponent = exponent * 256 + parts.exponent[1];
  if (exponent < 0) return Decimal(ShiftRounded(product, -exponent, false), decimals);
  if (exponent > kWideBits - BitWidth(product)) return std::nullopt;
  return Decimal(product << exponent, decimals);
}

bool IsPositive(const FloatingPoint& ratio) {
  return !ratio.contents.empty() && (ratio.contents[0] & kNegative) == 0;
}

}  // namespace setcore::der
