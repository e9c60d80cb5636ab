#include "setcore/asn1/reader.h"

namespace setcore::der {

bool Reader::NextIs(Tag tag) const {
  Element element;
  return ok() && !rest_.empty() && ParseElement(rest_, element) == nullptr && element.tag == tag;
}

bool Reader::NextIsContext(std::uint32_t number) const {
  Element element;
  return ok() && !rest_.empty() && ParseElement(rest_, element) == nullptr &&
         (element.tag.leading & 0xC0) == 0x80 && element.tag.number == number;
}

Element Reader::TakeElement() {
  Element element;
  if (!Untagged()) return {};
  if (const char* fault = ParseElement(rest_, element)) {
    Fail(fault);
    return {};
  }
  rest_ = rest_.subspan(element.size);
  return element;
}

OctetView Reader::TakeOpen() {
  const OctetView before = rest_;
  const Element element = TakeElement();
  if (!ok()) return {};
  const OctetView whole = before.first(element.size);
  if (const char* fault = Lint(whole, depth_)) {
    Fail(fault);
    return {};
  }
  return whole;
}

OctetView Reader::Primitive(Tag natural) {
  if (!ok()) return {};
  const Tag tag = Apply(natural);
  Element element;
  if (const char* fault = ParseElement(rest_, element)) {
    Fail(fault);
    return {};
  }
  if (element.tag != tag) {
    Fail("another tag than expected");
    return {};
  }
  if (const char* fault = PrimitiveFault(natural, element.contents)) {
    Fail(fault);
    return {};
  }
  rest_ = rest_.subspan(element.size);
  return element.contents;
}

bool Reader::Untagged() {
  if (implicit_) Fail("implicit tag on an open type");
  implicit_.reset();
  return ok();
}

bool Reader::Enter(Tag natural, OctetView& outer) {
  if (!ok()) return false;
  const Tag tag = Apply(natural);
  Element element;
  if (const char* fault = ParseElement(rest_, element)) {
    Fail(fault);
    return false;
  }
  if (element.tag != tag) {
    Fail("another tag than expected");
    return false;
  }
  if (depth_ >= kMaxDepth) {
    Fail("nested too deeply");
    return false;
  }
  ++depth_;
  outer = rest_.subspan(element.size);
  rest_ = element.contents;
  return true;
}

void Reader::Leave(OctetView outer) {
  --depth_;
  if (!ok()) return;
  if (!rest_.empty()) return Fail("octets behind the last component");
  rest_ = outer;
}

Tag Reader::Apply(Tag natural) {
  if (!implicit_) return natural;
  const Tag tag = Context(*implicit_, natural.constructed());
  implicit_.reset();
  return tag;
}

void Reader::CheckSorted() {
  OctetView left = rest_;
  OctetView previous;
  while (ok() && !left.empty()) {
    Element element;
    if (const char* fault = ParseElement(left, element)) return Fail(fault);
    const OctetView whole = left.first(element.size);
    if (std::lexicographical_compare(whole.begin(), whole.end(), previous.begin(),
                                     previous.end())) {
      return Fail("SET OF not sorted");
    }
    previous = whole;
    left = left.subspan(element.size);
  }
}

}  // namespace setcore::der
