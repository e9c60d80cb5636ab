// What a ContentData holds: a SET message or an Initiation (set-initiation.md, 6.2).

#include "setcore/initiation/field_registry.h"
#include "setcore/initiation/header_block.h"
#include "setcore/initiation/initiation.h"

namespace setcore::initiation {
namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::string_view kSetPayment = "application/set-payment";

}  // namespace

Classified Classify(OctetView octets) {
  if (octets.empty()) return {Kind::kUnknown, octets};
  if (octets.front() == kSequence) return {Kind::kSetMessage, octets};  // E-49

  const auto block = ParseHeaderBlock(octets);
  if (!block) return {Kind::kUnknown, octets};
  Kind kind = Kind::kUnknown;
  for (const Field& field : block->fields) {
    const FieldRule* rule = FindRule(field.name);
    if (rule == nullptr) continue;
    if (rule->name == kErrorFieldField) return {Kind::kResponse, octets};
    if (rule->name == kTypeField) {
      constexpr std::string_view kSuffix = "-Response";
      const std::string_view type = field.value;
      const bool response = type.size() >= kSuffix.size() &&
                            EqualsIgnoringCase(type.substr(type.size() - kSuffix.size()), kSuffix);
      if (response) return {Kind::kResponse, octets};
      kind = Kind::kInitiation;
    }
    const std::string_view type =
        Trim(std::string_view(field.value).substr(0, field.value.find(';')));
    if (kind == Kind::kUnknown && rule->name == kContentTypeField &&
        EqualsIgnoringCase(type, kSetPayment) && !block->body.empty() &&
        block->body.front() == kSequence) {
      kind = Kind::kMimeSetMessage;
    }
  }
  return {kind, kind == Kind::kMimeSetMessage ? block->body : octets};
}

}  // namespace setcore::initiation
