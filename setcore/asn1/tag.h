// ASN.1 tags (X.680) as values: class, constructed bit and number.
#ifndef SETCORE_ASN1_TAG_H_
#define SETCORE_ASN1_TAG_H_

#include <cstdint>

namespace setcore::der {

// Tag numbers above this one are refused; SET's largest is 999.
inline constexpr std::uint32_t kMaxTagNumber = (1U << 28) - 1;

struct Tag {
  std::uint8_t leading = 0;  // class in bits 8 and 7, constructed in bit 6, as in the first octet
  std::uint32_t number = 0;

  constexpr bool constructed() const { return (leading & 0x20) != 0; }
  constexpr bool universal() const { return (leading & 0xC0) == 0; }
  friend constexpr bool operator==(const Tag&, const Tag&) = default;
};

// Context gives [number], constructed or primitive.
constexpr Tag Context(std::uint32_t number, bool constructed) {
  return Tag{static_cast<std::uint8_t>(constructed ? 0xA0 : 0x80), number};
}

inline constexpr Tag kBoolean{0, 1};
inline constexpr Tag kInteger{0, 2};
inline constexpr Tag kBitString{0, 3};
inline constexpr Tag kOctetString{0, 4};
inline constexpr Tag kNull{0, 5};
inline constexpr Tag kObjectIdentifier{0, 6};
inline constexpr Tag kReal{0, 9};
inline constexpr Tag kEnumerated{0, 10};
inline constexpr Tag kUtf8String{0, 12};
inline constexpr Tag kSequence{0x20, 16};
inline constexpr Tag kSet{0x20, 17};
inline constexpr Tag kNumericString{0, 18};
inline constexpr Tag kPrintableString{0, 19};
inline constexpr Tag kTeletexString{0, 20};
inline constexpr Tag kIa5String{0, 22};
inline constexpr Tag kUtcTime{0, 23};
inline constexpr Tag kGeneralizedTime{0, 24};
inline constexpr Tag kVisibleString{0, 26};
inline constexpr Tag kUniversalString{0, 28};
inline constexpr Tag kBmpString{0, 30};

}  // namespace setcore::der

#endif  // SETCORE_ASN1_TAG_H_
