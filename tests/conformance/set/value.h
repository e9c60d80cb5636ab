// Value: one ASN.1 value as a tree whose names are those of types.cc, and its way to and from DER.
// What is not DER, or not of the type, throws Malformed; a value that does not fit its type throws
// std::logic_error, which is a mistake of this program.
#ifndef TESTS_CONFORMANCE_SET_VALUE_H_
#define TESTS_CONFORMANCE_SET_VALUE_H_

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "setcore/octets.h"

namespace conform::set {

using setcore::Octets;
using setcore::OctetView;

struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Value {
 public:
  Value() = default;
  Value(Octets contents) : contents_(std::move(contents)) {}
  Value(std::string_view text) : contents_(text.begin(), text.end()) {}
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(std::int64_t number);
  Value(int number) : Value(static_cast<std::int64_t>(number)) {}
  // A whole element that is written as it is.
  static Value Der(Octets element);

  // The part at a path such as "transIDs.xid"; it is made if it is not there.  What is changed
  // through here is encoded again.
  Value& operator[](std::string_view path);
  Value& operator[](const char* path) { return (*this)[std::string_view(path)]; }
  // The part at a path; Malformed if it is not there.
  const Value& at(std::string_view path) const;
  bool Has(std::string_view path) const { return Find(path) != nullptr; }
  void Remove(std::string_view name);

  // Elements of a SEQUENCE OF or SET OF.
  Value& Add(Value element);
  const Value& at(std::size_t index) const;
  std::size_t size() const { return parts_.size(); }

  const Octets& octets() const { return contents_; }
  std::string text() const { return {contents_.begin(), contents_.end()}; }
  std::int64_t number() const;
  // The element as it arrived; empty for a value that was composed.
  const Octets& der() const { return der_; }
  // The name of the alternative of a CHOICE.
  const std::string& alternative() const { return parts_.at(0).first; }

 private:
  friend class Coder;
  const Value* Find(std::string_view path) const;

  Octets contents_;
  Octets der_;
  std::vector<std::pair<std::string, Value>> parts_;
};

// The type by its name in types.cc.
Octets Encode(std::string_view type, const Value& value);
Value Decode(std::string_view type, OctetView der);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_VALUE_H_
