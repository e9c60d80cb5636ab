// CheckAttributes: the tree against the attribute table.
#include <algorithm>
#include <optional>
#include <string>

#include "schema/attributes.h"
#include "schema/reader.h"

namespace schema {
namespace {

Fault Blame(FaultCode code, const Element& element, std::string_view attribute,
            Problem problem = Problem::kNone) {
  return Fault{code, std::string(element.name), std::string(attribute), problem};
}

std::optional<Fault> CheckElement(const Element& element, const ElementRule& rule) {
  const auto& given = element.attributes;
  for (auto attribute = given.begin(); attribute != given.end(); ++attribute) {
    if (rule.Find(attribute->name) == nullptr) {
      return Blame(FaultCode::kAttUnexpected, element, attribute->name.substr(0, 64));
    }
    const bool twice = std::any_of(given.begin(), attribute, [&](const Attribute& earlier) {
      return earlier.name == attribute->name;
    });
    if (twice) {
      return Blame(FaultCode::kAttUnexpected, element, attribute->name, Problem::kAttributeTwice);
    }
  }
  for (const AttributeRule& attribute : rule.attributes) {
    if (attribute.presence != Presence::kOptional && !element.Find(attribute.name)) {
      return Blame(FaultCode::kAttMissing, element, attribute.name);
    }
  }
  for (const Attribute& attribute : given) {
    if (!Conforms(rule.Find(attribute.name)->kind, attribute.value)) {
      return Blame(FaultCode::kAttValIllegal, element, attribute.name);
    }
  }
  return std::nullopt;
}

// The depth of the recursion is bound by Limits::max_depth.
std::optional<Fault> CheckTree(const Element& element) {
  if (auto fault = CheckElement(element, *FindElement(element.name))) return fault;
  for (const Element* child : element.children) {
    if (auto fault = CheckTree(*child)) return fault;
  }
  return std::nullopt;
}

}  // namespace

tl::expected<void, Fault> CheckAttributes(const Document& document) {
  if (auto fault = CheckTree(document.root())) return tl::unexpected(std::move(*fault));
  return {};
}

}  // namespace schema
