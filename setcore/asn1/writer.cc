#include "setcore/asn1/writer.h"

#include <algorithm>
#include <array>

#include "setcore/asn1/lint.h"

namespace setcore::der {
namespace {

// A length in its shortest form.
struct Length {
  std::array<std::uint8_t, 1 + sizeof(std::size_t)> octets{};
  std::size_t size = 0;
};

Length EncodeLength(std::size_t length) {
  Length out;
  if (length < 0x80) {
    out.octets[out.size++] = static_cast<std::uint8_t>(length);
    return out;
  }
  std::size_t octets = 0;
  for (std::size_t left = length; left != 0; left >>= 8) ++octets;
  out.octets[out.size++] = static_cast<std::uint8_t>(0x80 | octets);
  for (std::size_t i = octets; i-- > 0;) {
    out.octets[out.size++] = static_cast<std::uint8_t>(length >> (8 * i));
  }
  return out;
}

}  // namespace

void Writer::Raw(OctetView der) {
  if (Untagged()) out_.insert(out_.end(), der.begin(), der.end());
}

void Writer::Primitive(Tag natural, OctetView contents) {
  if (!ok()) return;
  if (const char* fault = PrimitiveFault(natural, contents)) return Fail(fault);
  WriteTag(Apply(natural));
  const Length length = EncodeLength(contents.size());
  out_.insert(out_.end(), length.octets.begin(), length.octets.begin() + length.size);
  out_.insert(out_.end(), contents.begin(), contents.end());
}

bool Writer::Untagged() {
  if (implicit_) Fail("implicit tag on an open type");
  implicit_.reset();
  return ok();
}

Tag Writer::Apply(Tag natural) {
  if (!implicit_) return natural;
  const Tag tag = Context(*implicit_, natural.constructed());
  implicit_.reset();
  return tag;
}

void Writer::WriteTag(Tag tag) {
  if (tag.number < 0x1F) {
    out_.push_back(static_cast<std::uint8_t>(tag.leading | tag.number));
    return;
  }
  out_.push_back(tag.leading | 0x1F);
  int shift = 28;
  while (shift > 0 && (tag.number >> shift) == 0) shift -= 7;
  for (; shift > 0; shift -= 7) {
    out_.push_back(static_cast<std::uint8_t>(0x80 | ((tag.number >> shift) & 0x7F)));
  }
  out_.push_back(static_cast<std::uint8_t>(tag.number & 0x7F));
}

void Writer::InsertLength(std::size_t start) {
  const Length length = EncodeLength(out_.size() - start);
  out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(start), length.octets.begin(),
              length.octets.begin() + length.size);
}

void Writer::SortElements(std::size_t start) {
  std::vector<Octets> elements;
  OctetView left(out_.data() + start, out_.size() - start);
  while (!left.empty()) {
    Element element;
    if (const char* fault = ParseElement(left, element)) return Fail(fault);
    elements.emplace_back(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(element.size));
    left = left.subspan(element.size);
  }
  std::sort(elements.begin(), elements.end());
  out_.resize(start);
  for (const Octets& element : elements) out_.insert(out_.end(), element.begin(), element.end());
}

}  // namespace setcore::der
