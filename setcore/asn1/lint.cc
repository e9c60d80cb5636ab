#include "setcore/asn1/lint.h"

#include <algorithm>
#include <string_view>

#include "setcore/asn1/oid.h"
#include "setcore/asn1/real.h"
#include "setcore/asn1/text.h"
#include "setcore/asn1/time_text.h"

namespace setcore::der {
namespace {

std::string_view Characters(OctetView contents) {
  return {reinterpret_cast<const char*>(contents.data()), contents.size()};
}

const char* IntegerFault(OctetView contents) {
  if (contents.empty()) return "INTEGER without contents";
  if (contents.size() > 1 && ((contents[0] == 0x00 && contents[1] < 0x80) ||
                              (contents[0] == 0xFF && contents[1] >= 0x80))) {
    return "INTEGER not minimal";
  }
  return nullptr;
}

const char* BitStringFault(OctetView contents) {
  if (contents.empty() || contents[0] > 7) return "BIT STRING without a count of unused bits";
  if (contents.size() == 1) return contents[0] == 0 ? nullptr : "BIT STRING of unused bits only";
  const unsigned unused = (1U << contents[0]) - 1;
  return (contents.back() & unused) == 0 ? nullptr : "BIT STRING with unused bits set";
}

// Universal types that DER always constructs: SEQUENCE, SET, EXTERNAL, EMBEDDED PDV and
// unrestricted CHARACTER STRING.
bool IsConstructedType(std::uint32_t number) {
  return number == kSequence.number || number == kSet.number || number == 8 || number == 11 ||
         number == 29;
}

bool Less(OctetView a, OctetView b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

// Judges elements one after the other until `contents` ends.
const char* LintContents(OctetView contents, int depth, bool set) {
  OctetView previous;
  while (!contents.empty()) {
    Element element;
    if (const char* fault = ParseElement(contents, element)) return fault;
    const OctetView whole = contents.first(element.size);
    if (const char* fault = Lint(whole, depth)) return fault;
    if (set && Less(whole, previous)) return "SET OF not sorted";
    previous = whole;
    contents = contents.subspan(element.size);
  }
  return nullptr;
}

}  // namespace

const char* ParseElement(OctetView input, Element& element) {
  std::size_t at = 0;
  if (input.empty()) return "element missing";
  const std::uint8_t first = input[at++];
  element.tag.leading = first & 0xE0;
  element.tag.number = first & 0x1F;
  if (element.tag.number == 0x1F) {
    element.tag.number = 0;
    std::uint8_t octet = 0x80;
    while ((octet & 0x80) != 0) {
      if (at == input.size()) return "tag truncated";
      octet = input[at++];
      if (element.tag.number == 0 && octet == 0x80) return "tag number not minimal";
      if (element.tag.number > (kMaxTagNumber >> 7)) return "tag number too large";
      element.tag.number = (element.tag.number << 7) | (octet & 0x7FU);
    }
    if (element.tag.number < 0x1F) return "tag number not minimal";
  }
  if (at == input.size()) return "length truncated";
  std::size_t length = input[at++];
  if (length == 0x80) return "indefinite length";
  if (length > 0x80) {
    const std::size_t octets = length & 0x7F;
    if (octets > sizeof(std::uint32_t)) return "length too large";
    if (input.size() - at < octets) return "length truncated";
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = (length << 8) | input[at++];
    if (length < 0x80 || length >> (8 * (octets - 1)) == 0) return "length not minimal";
  }
  if (input.size() - at < length) return "contents truncated";
  element.contents = input.subspan(at, length);
  element.size = at + length;
  return nullptr;
}

const char* PrimitiveFault(Tag tag, OctetView contents) {
  const std::string_view text = Characters(contents);
  switch (tag.number) {
    case kBoolean.number:
      return contents.size() == 1 && (contents[0] == 0x00 || contents[0] == 0xFF)
                 ? nullptr
                 : "BOOLEAN other than 00 or FF";
    case kInteger.number:
    case kEnumerated.number:
      return IntegerFault(contents);
    case kBitString.number:
      return BitStringFault(contents);
    case kNull.number:
      return contents.empty() ? nullptr : "NULL with contents";
    case kObjectIdentifier.number:
      return IsOidContents(contents) ? nullptr : "OBJECT IDENTIFIER malformed";
    case kReal.number:
      return RealFault(contents);
    case kUtf8String.number:
      return IsUtf8(text) ? nullptr : "UTF8String malformed";
    case kNumericString.number:
      return std::all_of(text.begin(), text.end(), IsNumeric) ? nullptr
                                                              : "character not in NumericString";
    case kPrintableString.number:
      return std::all_of(text.begin(), text.end(), IsPrintable)
                 ? nullptr
                 : "character not in PrintableString";
    case kIa5String.number:
      return std::all_of(contents.begin(), contents.end(),
                         [](std::uint8_t octet) { return octet < 0x80; })
                 ? nullptr
                 : "character not in IA5String";
    case kUtcTime.number:
      return ParseUtcTime(text) ? nullptr : "UTCTime malformed";
    case kGeneralizedTime.number:
      return ParseGeneralizedTime(text) ? nullptr : "GeneralizedTime malformed";
    case kVisibleString.number:
      return std::all_of(text.begin(), text.end(), IsVisible) ? nullptr
                                                              : "character not in VisibleString";
    case kUniversalString.number:
      return contents.size() % 4 == 0 ? nullptr : "UniversalString cut";
    case kBmpString.number:
      return IsBmp(contents) ? nullptr : "BMPString malformed";
    default:
      return nullptr;
  }
}

const char* Lint(OctetView input, int depth) {
  Element element;
  if (const char* fault = ParseElement(input, element)) return fault;
  if (element.size != input.size()) return "octets behind the element";
  if (element.tag.universal()) {
    if (element.tag.number == 0) return "end-of-contents";
    if (element.tag.constructed() != IsConstructedType(element.tag.number)) {
      return element.tag.constructed() ? "constructed form of a primitive type"
                                       : "primitive form of a constructed type";
    }
  }
  if (!element.tag.constructed()) {
    return element.tag.universal() ? PrimitiveFault(element.tag, element.contents) : nullptr;
  }
  if (depth >= kMaxDepth) return "nested too deeply";
  return LintContents(element.contents, depth + 1, element.tag == kSet);
}

}  // namespace setcore::der
