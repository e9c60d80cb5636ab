// The ASN.1 of SET as a table that a program can walk: a notation close to that of
// set-messages.asn is read once, at the start, into a tree of types.  A mistake in the notation
// throws std::logic_error.
#ifndef TESTS_CONFORMANCE_SET_NOTATION_H_
#define TESTS_CONFORMANCE_SET_NOTATION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/asn1/tag.h"

namespace conform::set {

enum class Form {
  kPrimitive,   // one universal tag; contents as octets
  kSetString,   // VisibleString or BMPString
  kAny,         // one element of any tag
  kSequence,    // named fields
  kSequenceOf,  // elements of one type
  kSetOf,       // the same as SET OF
  kChoice,      // one of the named fields
  kReference,   // another type by name
};

struct Type;

struct Field {
  std::string name;
  std::optional<std::uint32_t> tag;  // [n]
  bool is_explicit = false;
  bool optional = false;
  std::vector<std::uint8_t> absent_as;  // DEFAULT: the contents octets that are never encoded
  std::shared_ptr<const Type> type;
};

struct Type {
  Form form = Form::kAny;
  setcore::der::Tag tag;  // kPrimitive
  // Of strings and elements: their number; of INTEGER and ENUMERATED: the value.
  std::int64_t least = INT64_MIN;
  std::int64_t most = INT64_MAX;
  std::vector<Field> fields;  // kSequence, kChoice
  std::shared_ptr<const Type> element;
  std::string reference;
};

class Notation {
 public:
  explicit Notation(std::string_view text);

  // The type of that name, or what it refers to; throws if there is none.
  const Type& Find(std::string_view name) const;
  bool Has(std::string_view name) const { return types_.contains(name); }
  const Type& Resolve(const Type& type) const;

 private:
  std::map<std::string, std::shared_ptr<const Type>, std::less<>> types_;
};

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_NOTATION_H_
