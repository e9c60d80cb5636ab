#include "setcore/transport/rrpid.h"

#include <cstddef>
#include <cstdint>

namespace setcore::transport {
namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kRrpidTag = 0x81;  // [1] IMPLICIT OCTET STRING
constexpr std::size_t kRrpidSize = 20;

struct Element {
  std::uint8_t tag = 0;
  OctetView contents;
};

// Takes one TLV with a one-octet tag and a definite length.
std::optional<Element> Take(OctetView& in) {
  if (in.size() < 2) return std::nullopt;
  Element element;
  element.tag = in[0];
  std::size_t length = in[1];
  std::size_t head = 2;
  if (length >= 0x80) {
    const std::size_t count = length & 0x7f;
    if (count == 0 || count > 4 || in.size() < 2 + count) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | in[2 + i];
    head += count;
  }
  if (in.size() - head < length) return std::nullopt;
  element.contents = in.subspan(head, length);
  in = in.subspan(head + length);
  return element;
}

}  // namespace

std::optional<OctetView> PeekRrpid(OctetView message) {
  const auto wrapper = Take(message);
  if (!wrapper || wrapper->tag != kSequence) return std::nullopt;
  OctetView rest = wrapper->contents;
  const auto header = Take(rest);
  if (!header || header->tag != kSequence) return std::nullopt;
  rest = header->contents;
  while (const auto field = Take(rest)) {
    if (field->tag != kRrpidTag) continue;
    if (field->contents.size() != kRrpidSize) return std::nullopt;
    return field->contents;
  }
  return std::nullopt;
}

std::string ForLog(std::string_view text) {
  constexpr std::size_t kLongest = 120;
  std::string out(text.substr(0, kLongest));
  for (char& c : out) {
    if (c < ' ' || c >= 0x7f) c = '?';
  }
  return out;
}

}  // namespace setcore::transport
