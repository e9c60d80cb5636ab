// Reader: the decoding archive.  It walks over DER that somebody else owns and refuses everything
// that is not DER.  After the first fault it stands still: every further operation does nothing,
// and fault() says why.  Not for use by several threads at once.
//
// Reader and Writer have the same vocabulary, so that one function template
//   template <class Ar> void Io(Ar& ar, T& value)
// describes a type for both directions.
#ifndef SETCORE_ASN1_READER_H_
#define SETCORE_ASN1_READER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "setcore/asn1/lint.h"
#include "setcore/asn1/tag.h"
#include "setcore/octets.h"

namespace setcore::der {

// Elements of one SEQUENCE OF or SET OF that are accepted.
inline constexpr std::size_t kMaxElements = 4096;

class Reader {
 public:
  static constexpr bool kReading = true;

  // Reads `input`, which must outlive the reader.  `depth` counts the constructed elements around.
  explicit Reader(OctetView input, int depth = 0) : rest_(input), depth_(depth) {}

  bool ok() const { return fault_ == nullptr; }
  const char* fault() const { return fault_; }
  void Fail(const char* why) {
    if (ok()) fault_ = why;
  }

  // Octets that are left before the end of the innermost constructed element.
  OctetView rest() const { return rest_; }
  bool AtEnd() const { return rest_.empty(); }
  int depth() const { return depth_; }

  // Tells whether the next element has this tag; false at the end and after a fault.
  bool NextIs(Tag tag) const;

  // Takes the next element without looking into it.
  Element TakeElement();

  // Takes the next element and everything in it as octets, judged by Lint.
  OctetView TakeOpen();

  // Takes a primitive element of universal type `natural` (or the pending implicit tag) and gives
  // its judged contents; empty after a fault.
  OctetView Primitive(Tag natural);

  // Enters a constructed element, runs `body` and demands that nothing is left of it.
  template <class Body>
  void Constructed(Tag natural, Body&& body) {
    OctetView outer;
    if (!Enter(natural, outer)) return;
    body();
    Leave(outer);
  }

  template <class Body>
  void Sequence(Body&& body) {
    Constructed(kSequence, std::forward<Body>(body));
  }

  // Reads the fields one after the other.
  template <class... T>
  void operator()(T&... fields) {
    (Io(*this, fields), ...);
  }

  // Gives the next element the tag [number] IMPLICIT.
  void Tagged(std::uint32_t number) { implicit_ = number; }

  template <class T>
  void Implicit(std::uint32_t number, T& field) {
    Tagged(number);
    Io(*this, field);
  }

  template <class T>
  void Explicit(std::uint32_t number, T& field) {
    Constructed(Context(number, true), [&] { Io(*this, field); });
  }

  // An untagged OPTIONAL component, present if the next element has the tag `natural`.
  template <class T>
  void Optional(Tag natural, std::optional<T>& field) {
    field.reset();
    if (NextIs(natural)) Io(*this, field.emplace());
  }

  template <class T>
  void OptionalImplicit(std::uint32_t number, std::optional<T>& field) {
    field.reset();
    if (NextIsContext(number)) Implicit(number, field.emplace());
  }

  template <class T>
  void OptionalExplicit(std::uint32_t number, std::optional<T>& field) {
    field.reset();
    if (NextIsContext(number)) Explicit(number, field.emplace());
  }

  // A component with a DEFAULT: absent means `absent`, and an encoded one must differ from it.
  template <class T>
  void Default(Tag natural, T& field, const T& absent) {
    field = absent;
    if (!NextIs(natural)) return;
    Io(*this, field);
    if (field == absent) Fail("DEFAULT value encoded");
  }

  template <class T>
  void DefaultImplicit(std::uint32_t number, T& field, const T& absent) {
    field = absent;
    if (!NextIsContext(number)) return;
    Implicit(number, field);
    if (field == absent) Fail("DEFAULT value encoded");
  }

  // SEQUENCE SIZE(min..max) OF.
  template <class T>
  void SequenceOf(std::vector<T>& items, std::size_t min = 0, std::size_t max = kMaxElements) {
    Constructed(kSequence, [&] { Items(items, min, max); });
  }

  // SET OF, sorted as DER demands.
  template <class T>
  void SetOf(std::vector<T>& items, std::size_t min = 0) {
    Constructed(kSet, [&] {
      CheckSorted();
      Items(items, min, kMaxElements);
    });
  }

  // Makes sure that no implicit tag is pending: open types and kept octets cannot take one.
  bool Untagged();

 private:
  bool Enter(Tag natural, OctetView& outer);
  void Leave(OctetView outer);
  bool NextIsContext(std::uint32_t number) const;
  Tag Apply(Tag natural);
  void CheckSorted();

  template <class T>
  void Items(std::vector<T>& items, std::size_t min, std::size_t max) {
    items.clear();
    while (ok() && !AtEnd()) {
      if (items.size() == max) return Fail("too many elements");
      Io(*this, items.emplace_back());
    }
    if (items.size() < min) Fail("too few elements");
  }

  OctetView rest_;
  const char* fault_ = nullptr;
  std::optional<std::uint32_t> implicit_;
  int depth_;
};

}  // namespace setcore::der

#endif  // SETCORE_ASN1_READER_H_
