// The attribute table of the Payment API: which attributes an element has, which of them must be
// there, what their values look like.  It is what the XSD leaves out and the DTD has
// (docs/architecture.md); where it asks for more than the DTD, the row's kind or presence says so.
// Nothing here fails or keeps state; all of it may be used from any thread.
#ifndef SCHEMA_ATTRIBUTES_H_
#define SCHEMA_ATTRIBUTES_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace schema {

enum class AttributeKind : std::uint8_t {
  kText,         // CDATA
  kFilled,       // CDATA that is not empty
  kToken,        // NMTOKEN
  kTokens,       // NMTOKENS
  kPaymentName,  // NMTOKEN with the prefix "Payment:" (RFC 3867, Table 4; errata E-102)
  kAmount,       // digits with at most one decimal point, at least one digit (RFC 3867, Table 3)
  kMoment,       // CCYY-MM-DDThh:mm[:ss[.s...]] with Z, an offset or nothing (RFC 2801, [UTC])
  kNumber,       // one to nine digits
  kPercent,      // 0 to 100
  kAction,       // from here on enumerations: see Words
  kAlgorithmType,
  kContStatus,
  kPayDirection,
  kProcessState,
  kProcessType,
  kSeverity,
  kTransform,
};

enum class Presence : std::uint8_t {
  kOptional,
  kRequired,     // #REQUIRED in the DTD
  kSetRequires,  // #IMPLIED in RFC 3867, M in RFC 3538, 7 (errata E-104): required in requests
};

struct AttributeRule {
  std::string_view name;
  AttributeKind kind;
  Presence presence;
  std::string_view default_value;  // empty: none
};

struct ElementRule {
  std::string_view name;
  std::span<const AttributeRule> attributes;
  bool text;  // holds character data and no elements

  // Find gives the rule of an attribute by its schema name, null if the element has none such.
  const AttributeRule* Find(std::string_view attribute) const;
};

// Elements gives the whole table, sorted by name.
std::span<const ElementRule> Elements();

// FindElement gives the rule of an element, null if the schema does not know it.
const ElementRule* FindElement(std::string_view name);

// SchemaName gives the schema's spelling of an attribute name (errata E-98, E-99), the name itself
// if it is no alias.
std::string_view SchemaName(std::string_view attribute);

// Words gives the values of an enumeration, nothing for other kinds.
std::span<const std::string_view> Words(AttributeKind kind);

// SchemaWord gives the schema's spelling of a value of an enumeration (errata E-72: a ProcessState
// in any case, Suspend), the value itself if it is no alias.
std::string_view SchemaWord(AttributeKind kind, std::string_view value);

// IsTokenized says whether the DTD type of a kind has its white space normalised (XML 1.0, 3.3.3).
bool IsTokenized(AttributeKind kind);

// Conforms says whether a normalised value is one of its kind.
bool Conforms(AttributeKind kind, std::string_view value);

}  // namespace schema

#endif  // SCHEMA_ATTRIBUTES_H_
