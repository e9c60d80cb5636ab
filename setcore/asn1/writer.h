// Writer: the encoding archive, with the vocabulary of Reader.  It writes DER and enforces the
// constraints that hold on output; after the first fault it writes nothing more.  Not for use by
// several threads at once.
#ifndef SETCORE_ASN1_WRITER_H_
#define SETCORE_ASN1_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "setcore/asn1/tag.h"
#include "setcore/octets.h"

namespace setcore::der {

class Writer {
 public:
  static constexpr bool kReading = false;

  Writer() = default;
  // Sets `octets` aside: as long as they suffice, what is written is not copied on the way.
  explicit Writer(std::size_t octets) { out_.reserve(octets); }

  bool ok() const { return fault_ == nullptr; }
  const char* fault() const { return fault_; }
  void Fail(const char* why) {
    if (ok()) fault_ = why;
  }

  // Gives what was written and leaves the writer empty.
  Octets Take() { return std::exchange(out_, {}); }

  // Writes octets that are DER already.
  void Raw(OctetView der);

  void Primitive(Tag natural, OctetView contents);

  template <class Body>
  void Constructed(Tag natural, Body&& body) {
    if (!ok()) return;
    WriteTag(Apply(natural));
    const std::size_t start = out_.size();
    body();
    InsertLength(start);
  }

  template <class Body>
  void Sequence(Body&& body) {
    Constructed(kSequence, std::forward<Body>(body));
  }

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

  template <class T>
  void Optional(Tag, std::optional<T>& field) {
    if (field) Io(*this, *field);
  }

  template <class T>
  void OptionalImplicit(std::uint32_t number, std::optional<T>& field) {
    if (field) Implicit(number, *field);
  }

  template <class T>
  void OptionalExplicit(std::uint32_t number, std::optional<T>& field) {
    if (field) Explicit(number, *field);
  }

  template <class T>
  void Default(Tag, T& field, const T& absent) {
    if (!(field == absent)) Io(*this, field);
  }

  template <class T>
  void DefaultImplicit(std::uint32_t number, T& field, const T& absent) {
    if (!(field == absent)) Implicit(number, field);
  }

  template <class T>
  void SequenceOf(std::vector<T>& items, std::size_t min = 0, std::size_t max = SIZE_MAX) {
    Constructed(kSequence, [&] { Items(items, min, max); });
  }

  // Writes the elements in the order of their encodings, whatever their order in `items`.
  template <class T>
  void SetOf(std::vector<T>& items, std::size_t min = 0) {
    Constructed(kSet, [&] {
      const std::size_t start = out_.size();
      Items(items, min, SIZE_MAX);
      SortElements(start);
    });
  }

  bool Untagged();

 private:
  Tag Apply(Tag natural);
  void WriteTag(Tag tag);
  void InsertLength(std::size_t start);
  void SortElements(std::size_t start);

  template <class T>
  void Items(std::vector<T>& items, std::size_t min, std::size_t max) {
    if (items.size() < min || items.size() > max) return Fail("number of elements");
    for (T& item : items) Io(*this, item);
  }

  Octets out_;
  const char* fault_ = nullptr;
  std::optional<std::uint32_t> implicit_;
};

}  // namespace setcore::der

#endif  // SETCORE_ASN1_WRITER_H_
