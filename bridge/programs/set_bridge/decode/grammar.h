// The types of SET by name, as set-messages.asn has them: what `decode` names the parts of a
// message by.  Only names, tags and order: nothing here judges a value.
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_DECODE_GRAMMAR_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_DECODE_GRAMMAR_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "setcore/octets.h"

namespace bridge::programs::decode {

enum class Tagging : std::uint8_t { kPlain, kImplicit, kExplicit };

// A component of a SEQUENCE or an alternative of a CHOICE.
struct Field {
  std::string_view name;
  std::string_view type;
  std::uint32_t number = 0;  // of the context tag
  Tagging tagging = Tagging::kPlain;
  bool optional = false;
};

enum class Shape : std::uint8_t {
  kSequence,
  kChoice,
  kList,  // SEQUENCE OF or SET OF `element`
  kEnumerated,
  // Primitive types.
  kBoolean,
  kInteger,
  kBitString,
  kOctets,
  kNull,
  kOid,
  kReal,
  kText,        // NumericString, VisibleString and SETString
  kTime,        // UTCTime and GeneralizedTime
  kAccount,     // PAN
  kSecret,      // what nobody but its owner may see
  kCiphertext,  // encryptedContent
  // Open types.
  kAny,
  kName,            // an X.500 Name, shown as one line
  kContent,         // of the type that the OBJECT IDENTIFIER before it names
  kExtensionValue,  // OCTET STRING around such a value, or [0] around any
};

struct Type {
  std::string_view name;
  std::span<const Field> fields = {};
  std::string_view element = {};
  std::span<const std::string_view> values = {};  // of an ENUMERATED
  int first = 0;                                  // number of the first of them
  Shape shape = Shape::kAny;
};

// FindType gives the type of that name; nullptr if there is none.
const Type* FindType(std::string_view name);

// All types, for the test that every name that is used is defined.
std::span<const Type> AllTypes();

// NameOfOid gives what people call an object identifier, "" if it is not one of SET's.
std::string_view NameOfOid(std::string_view dotted);

// TypeOfOid gives the name of the type that a content of this type, or a certificate extension,
// has;
// "" if it is not known.
std::string_view TypeOfOid(std::string_view dotted);

// What stands alone: messages first, then their parts.  The first that fits entirely is shown.
std::span<const std::string_view> StandAlone();

}  // namespace bridge::programs::decode

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_DECODE_GRAMMAR_H_
