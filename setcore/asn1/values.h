// The ASN.1 values that SET's types are made of, each with its constraint and its Io().  A bound
// written with a `ub-` name holds on output only; every other one holds in both directions (D-14).
#ifndef SETCORE_ASN1_VALUES_H_
#define SETCORE_ASN1_VALUES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "setcore/asn1/oid.h"
#include "setcore/asn1/reader.h"
#include "setcore/asn1/real.h"
#include "setcore/asn1/tag.h"
#include "setcore/asn1/text.h"
#include "setcore/asn1/writer.h"
#include "setcore/environment.h"
#include "setcore/octets.h"

namespace setcore::der {

inline constexpr std::size_t kUnbounded = SIZE_MAX;

// --- octets -----------------------------------------------------------------------------------

// OCTET STRING (SIZE(N)).
template <class Ar, std::size_t N>
void Io(Ar& ar, std::array<std::uint8_t, N>& value) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kOctetString);
    if (contents.size() != N) return ar.Fail("OCTET STRING of another size");
    std::copy(contents.begin(), contents.end(), value.begin());
  } else {
    ar.Primitive(kOctetString, value);
  }
}

// OCTET STRING (SIZE(Min..Max)).
template <std::size_t Min, std::size_t Max>
struct BoundedOctets {
  Octets value;
  friend bool operator==(const BoundedOctets&, const BoundedOctets&) = default;
};

template <class Ar, std::size_t Min, std::size_t Max>
void Io(Ar& ar, BoundedOctets<Min, Max>& octets) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kOctetString);
    octets.value.assign(contents.begin(), contents.end());
  }
  if (ar.ok() && (octets.value.size() < Min || octets.value.size() > Max)) {
    return ar.Fail("OCTET STRING outside its bounds");
  }
  if constexpr (!Ar::kReading) ar.Primitive(kOctetString, octets.value);
}

// OCTET STRING.
template <class Ar>
void Io(Ar& ar, Octets& value) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kOctetString);
    value.assign(contents.begin(), contents.end());
  } else {
    ar.Primitive(kOctetString, value);
  }
}

// --- open types and kept octets ---------------------------------------------------------------

// One element of any type as octets, tag and length included.  What arrives is judged by Lint;
// what is sent must be DER.
struct Any {
  Octets der;
  friend bool operator==(const Any&, const Any&) = default;
};

template <class Ar>
void Io(Ar& ar, Any& any) {
  if constexpr (Ar::kReading) {
    const OctetView whole = ar.TakeOpen();
    any.der.assign(whole.begin(), whole.end());
  } else {
    if (any.der.empty()) return ar.Fail("open type without a value");
    ar.Raw(any.der);
  }
}

// A value together with the octets it arrived in, which are what is digested and sent on.  A value
// that was made here has no octets and is encoded.
template <class T>
struct Kept {
  T value;
  Octets der;
  friend bool operator==(const Kept& a, const Kept& b) { return a.value == b.value; }
};

template <class Ar, class T>
void Io(Ar& ar, Kept<T>& kept) {
  if constexpr (Ar::kReading) {
    if (!ar.Untagged()) return;
    const OctetView before = ar.rest();
    Io(ar, kept.value);
    if (!ar.ok()) return;
    const OctetView whole = before.first(before.size() - ar.rest().size());
    kept.der.assign(whole.begin(), whole.end());
  } else if (kept.der.empty()) {
    Io(ar, kept.value);
  } else {
    ar.Raw(kept.der);
  }
}

// --- numbers ----------------------------------------------------------------------------------

template <class Ar>
void Io(Ar& ar, bool& value) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kBoolean);
    value = ar.ok() && contents[0] != 0;
  } else {
    const std::uint8_t octet = value ? 0xFF : 0x00;
    ar.Primitive(kBoolean, OctetView(&octet, 1));
  }
}

// Contents octets of an INTEGER or ENUMERATED as a number; nothing beyond 64 bits.
std::optional<std::int64_t> ParseInteger(OctetView contents);
Octets IntegerContents(std::int64_t value);

// INTEGER (Min..Max).  Numbers beyond 64 bits are refused wherever the type has no upper bound.
template <std::int64_t Min, std::int64_t Max>
struct Integer {
  std::int64_t value = 0;
  constexpr Integer() = default;
  constexpr Integer(std::int64_t number) : value(number) {}  // NOLINT: a number by another name
  constexpr operator std::int64_t() const { return value; }  // NOLINT
};

using AnyInteger = Integer<INT64_MIN, INT64_MAX>;

template <class Ar, std::int64_t Min, std::int64_t Max>
void Io(Ar& ar, Integer<Min, Max>& integer) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kInteger);
    if (!ar.ok()) return;
    const std::optional<std::int64_t> value = ParseInteger(contents);
    if (!value) return ar.Fail("INTEGER beyond 64 bits");
    integer.value = *value;
  }
  if (ar.ok() && (integer.value < Min || integer.value > Max)) {
    return ar.Fail("INTEGER outside its range");
  }
  if constexpr (!Ar::kReading) ar.Primitive(kInteger, IntegerContents(integer.value));
}

// INTEGER of any size as contents octets: serial numbers.
struct BigInteger {
  Octets contents;
  friend bool operator==(const BigInteger&, const BigInteger&) = default;
};

template <class Ar>
void Io(Ar& ar, BigInteger& integer) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kInteger);
    integer.contents.assign(contents.begin(), contents.end());
  } else {
    ar.Primitive(kInteger, integer.contents);
  }
}

// Names the least and greatest value of an ENUMERATED type without gaps, by specialisation:
//   template <> struct EnumRange<AuthCode> { static constexpr int kMin = 0, kMax = 16; };
template <class E>
struct EnumRange;

// An unknown value is a decoding failure (D-17).
template <class Ar, class E>
requires std::is_enum_v<E>
void Io(Ar& ar, E& value) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kEnumerated);
    if (!ar.ok()) return;
    const std::int64_t number = ParseInteger(contents).value_or(-1);
    if (number < EnumRange<E>::kMin || number > EnumRange<E>::kMax) {
      return ar.Fail("ENUMERATED with an unknown value");
    }
    value = static_cast<E>(number);
  } else {
    ar.Primitive(kEnumerated, IntegerContents(static_cast<std::int64_t>(value)));
  }
}

template <class Ar>
void Io(Ar& ar, FloatingPoint& real) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kReal);
    real.contents.assign(contents.begin(), contents.end());
  } else {
    ar.Primitive(kReal, real.contents);
  }
}

// NULL.
struct Null {
  friend bool operator==(const Null&, const Null&) = default;
};

template <class Ar>
void Io(Ar& ar, Null&) {
  if constexpr (Ar::kReading) {
    ar.Primitive(kNull);
  } else {
    ar.Primitive(kNull, {});
  }
}

template <class Ar>
void Io(Ar& ar, Oid& oid) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kObjectIdentifier);
    if (!ar.ok()) return;
    const std::optional<Oid> value = Oid::FromContents(contents);
    if (!value) return ar.Fail("OBJECT IDENTIFIER too long");
    oid = *value;
  } else {
    ar.Primitive(kObjectIdentifier, oid.contents());
  }
}

// BIT STRING as contents octets: the count of unused bits, then the bits.
struct BitString {
  Octets contents;
  friend bool operator==(const BitString&, const BitString&) = default;
};

template <class Ar>
void Io(Ar& ar, BitString& bits) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kBitString);
    bits.contents.assign(contents.begin(), contents.end());
  } else {
    ar.Primitive(kBitString, bits.contents);
  }
}

// BIT STRING { name (0), ... } with at most 32 names; bit n is 1 << n.  Trailing zero bits are not
// encoded (X.690, 11.2.2).
struct NamedBits {
  std::uint32_t bits = 0;
  constexpr bool has(unsigned bit) const { return (bits >> bit & 1U) != 0; }
  friend constexpr bool operator==(const NamedBits&, const NamedBits&) = default;
};

std::optional<NamedBits> ParseNamedBits(OctetView contents);
Octets NamedBitsContents(NamedBits bits);

template <class Ar>
void Io(Ar& ar, NamedBits& bits) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kBitString);
    if (!ar.ok()) return;
    const std::optional<NamedBits> value = ParseNamedBits(contents);
    if (!value) return ar.Fail("BIT STRING of named bits malformed");
    bits = *value;
  } else {
    ar.Primitive(kBitString, NamedBitsContents(bits));
  }
}

// --- time -------------------------------------------------------------------------------------

// GeneralizedTime.
struct Date {
  Time value = 0;
  friend constexpr bool operator==(const Date&, const Date&) = default;
};

std::optional<Time> ParseDate(OctetView contents);
Octets DateContents(Time time);  // empty if the year has not four digits

template <class Ar>
void Io(Ar& ar, Date& date) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(kGeneralizedTime);
    if (ar.ok()) date.value = ParseDate(contents).value_or(0);
  } else {
    ar.Primitive(kGeneralizedTime, DateContents(date.value));
  }
}

// --- text -------------------------------------------------------------------------------------

// NumericString or VisibleString; `kNumber` is the tag number.
template <std::uint32_t kNumber, std::size_t OutMin, std::size_t OutMax, std::size_t InMin,
          std::size_t InMax>
struct Text {
  std::string value;
  friend bool operator==(const Text&, const Text&) = default;
};

template <class Ar, std::uint32_t kNumber, std::size_t OutMin, std::size_t OutMax,
          std::size_t InMin, std::size_t InMax>
void Io(Ar& ar, Text<kNumber, OutMin, OutMax, InMin, InMax>& text) {
  if constexpr (Ar::kReading) {
    const OctetView contents = ar.Primitive(Tag{0, kNumber});
    if (!ar.ok()) return;
    if (contents.size() < InMin || contents.size() > InMax) {
      return ar.Fail("string outside its bounds");
    }
    text.value.assign(contents.begin(), contents.end());
  } else {
    if (text.value.size() < OutMin || text.value.size() > OutMax) {
      return ar.Fail("string outside its bounds");
    }
    ar.Primitive(
        Tag{0, kNumber},
        OctetView(reinterpret_cast<const std::uint8_t*>(text.value.data()), text.value.size()));
  }
}

template <std::size_t Min, std::size_t Max>
using NumericText = Text<kNumericString.number, Min, Max, Min, Max>;
// NumericString (SIZE(1..ub)).
template <std::size_t Ub>
using NumericTextUb = Text<kNumericString.number, 1, Ub, 1, kUnbounded>;
// VisibleString (SIZE(1..ub)).
template <std::size_t Ub>
using VisibleTextUb = Text<kVisibleString.number, 1, Ub, 1, kUnbounded>;
// VisibleString (SIZE(N)) on output, SIZE(1..N) on input (D-12).
template <std::size_t N>
using VisibleTextPadded = Text<kVisibleString.number, N, N, 1, N>;

// SETString: VisibleString or BMPString.  Equal when the characters are (D-18).
class SetString {
 public:
  SetString() = default;

  // Gives the string for UTF-8 text; VisibleString if every character allows it.  Nothing if the
  // text is not UTF-8 or leaves the Basic Multilingual Plane.
  static std::optional<SetString> FromUtf8(std::string_view text);

  std::string Utf8() const { return Utf8FromBmp(characters_); }
  const std::u16string& characters() const { return characters_; }

  friend bool operator==(const SetString& a, const SetString& b) {
    return a.characters_ == b.characters_;
  }

  // Contents octets of the alternative that `bmp` names, which later encodings keep.
  static SetString FromContents(OctetView contents, bool bmp);
  Octets Contents() const;
  bool bmp() const { return bmp_; }

 private:
  std::u16string characters_;
  bool bmp_ = false;
};

// SETString (SIZE(1..ub)).
template <std::size_t Ub>
struct SetText {
  SetString value;
  std::string Utf8() const { return value.Utf8(); }
  friend bool operator==(const SetText&, const SetText&) = default;
};

template <class Ar, std::size_t Ub>
void Io(Ar& ar, SetText<Ub>& text) {
  if (!ar.Untagged()) return;  // an untagged CHOICE takes explicit tags only
  if constexpr (Ar::kReading) {
    const bool bmp = ar.NextIs(kBmpString);
    const OctetView contents = ar.Primitive(bmp ? kBmpString : kVisibleString);
    if (!ar.ok()) return;
    if (contents.empty()) return ar.Fail("SETString empty");
    text.value = SetString::FromContents(contents, bmp);
  } else {
    const std::size_t size = text.value.characters().size();
    if (size < 1 || size > Ub) return ar.Fail("SETString outside its bounds");
    ar.Primitive(text.value.bmp() ? kBmpString : kVisibleString, text.value.Contents());
  }
}

// An untagged OPTIONAL SETString.
template <class Ar, std::size_t Ub>
void IoOptional(Ar& ar, std::optional<SetText<Ub>>& text) {
  if constexpr (Ar::kReading) {
    text.reset();
    if (ar.NextIs(kVisibleString) || ar.NextIs(kBmpString)) Io(ar, text.emplace());
  } else if (text) {
    Io(ar, *text);
  }
}

// --- SEQUENCE OF, CHOICE ----------------------------------------------------------------------

template <class Ar, class T>
void Io(Ar& ar, std::vector<T>& items) {
  ar.SequenceOf(items);
}

// SEQUENCE SIZE(Min..Max) OF.
template <class T, std::size_t Min, std::size_t Max = kMaxElements>
struct ListOf {
  std::vector<T> items;
  friend bool operator==(const ListOf&, const ListOf&) = default;
};

template <class Ar, class T, std::size_t Min, std::size_t Max>
void Io(Ar& ar, ListOf<T, Min, Max>& list) {
  ar.SequenceOf(list.items, Min, Max);
}

namespace detail {

template <std::size_t I, class Variant, class Ar>
void ReadChoice(Ar& ar, Variant& choice, bool explicit_tags) {
  if constexpr (I == std::variant_size_v<Variant>) {
    ar.Fail("CHOICE with an unknown alternative");
  } else {
    const auto number = static_cast<std::uint32_t>(I);
    if (ar.NextIs(Context(number, true)) || ar.NextIs(Context(number, false))) {
      auto& alternative = choice.template emplace<I>();
      if (explicit_tags) {
        ar.Explicit(number, alternative);
      } else {
        ar.Implicit(number, alternative);
      }
      return;
    }
    ReadChoice<I + 1>(ar, choice, explicit_tags);
  }
}

}  // namespace detail

// A CHOICE whose alternative I has the tag [I] EXPLICIT.
template <class Ar, class... T>
void ExplicitChoice(Ar& ar, std::variant<T...>& choice) {
  if (!ar.Untagged()) return;
  if constexpr (Ar::kReading) {
    detail::ReadChoice<0>(ar, choice, true);
  } else {
    const auto number = static_cast<std::uint32_t>(choice.index());
    std::visit([&](auto& alternative) { ar.Explicit(number, alternative); }, choice);
  }
}

// A CHOICE whose alternative I has the tag [I] IMPLICIT.
template <class Ar, class... T>
void ImplicitChoice(Ar& ar, std::variant<T...>& choice) {
  if (!ar.Untagged()) return;
  if constexpr (Ar::kReading) {
    detail::ReadChoice<0>(ar, choice, false);
  } else {
    const auto number = static_cast<std::uint32_t>(choice.index());
    std::visit([&](auto& alternative) { ar.Implicit(number, alternative); }, choice);
  }
}

}  // namespace setcore::der

#endif  // SETCORE_ASN1_VALUES_H_
