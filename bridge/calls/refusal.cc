#include "bridge/calls/refusal.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace bridge {
namespace {

// The keys of the sentences, from the detail to its innermost cause.
std::string Circumstances(const Detail& detail) {
  std::string keys;
  for (const Detail* at = &detail;; at = &at->causes.front()) {
    if (at->text != DetailText::kNone) keys.append(" ").append(Name(at->text));
    if (at->causes.empty()) return keys;
  }
}

// "the precise location in their software and the set of circumstances" (RFC 2801, 7.21).
std::string Reference(Place place, const Detail& detail) {
  const std::string_view file = place.file;
  return fmt::format("{}:{}{}", file.substr(file.rfind('/') + 1), place.line,
                     Circumstances(detail));
}

Refusal MakeRefusal(schema::FaultCode code, std::string_view element, std::string_view att_name,
                    Detail detail, Place place) {
  Refusal refusal;
  refusal.response.vendor_reference = Reference(place, detail);
  refusal.response.code = code;
  refusal.detail = std::move(detail);
  refusal.response.locations = {{std::string(element), std::string(att_name), {}}};
  return refusal;
}

Detail Only(std::string_view value) { return {DetailText::kOnlyValue, {{"value", value}}}; }

Detail DetailOf(schema::Problem problem) {
  switch (problem) {
    case schema::Problem::kNone:
      return {};
    case schema::Problem::kNulOctet:
      return DetailText::kNulOctet;
    case schema::Problem::kXmlVersion:
      return Only("XML 1.0");
    case schema::Problem::kEncoding:
      return Only("UTF-8");
    case schema::Problem::kDoctype:
      return DetailText::kDoctype;
    case schema::Problem::kExternalEntity:
      return DetailText::kExternalEntity;
    case schema::Problem::kTooDeep:
      return DetailText::kTooDeep;
    case schema::Problem::kTooManyAttributes:
      return DetailText::kTooManyAttributes;
    case schema::Problem::kTooMuchText:
      return DetailText::kTooMuchText;
    case schema::Problem::kUnknownElement:
      return DetailText::kUnknownElement;
    case schema::Problem::kWrongRoot:
      return DetailText::kWrongRoot;
    case schema::Problem::kElementPrefixed:
      return DetailText::kElementPrefixed;
    case schema::Problem::kUnboundPrefix:
      return DetailText::kUnboundPrefix;
    case schema::Problem::kForeignNamespace:
      return DetailText::kForeignNamespace;
    case schema::Problem::kNamespaceAgain:
      return DetailText::kNamespaceAgain;
    case schema::Problem::kNamespaceUnneeded:
      return DetailText::kNamespaceUnneeded;
    case schema::Problem::kForeignAttribute:
      return DetailText::kForeignAttribute;
    case schema::Problem::kAttributeTwice:
      return DetailText::kAttributeTwice;
  }
  return {};
}

Detail DetailOf(const schema::Fault& fault) {
  Detail detail = DetailOf(fault.problem);
  if (fault.line == 0) return detail;
  std::vector<DetailArgument> place = {{"line", std::to_string(fault.line)},
                                       {"column", std::to_string(fault.column)}};
  if (detail.empty()) return {DetailText::kPosition, std::move(place)};
  return {DetailText::kAtPosition, std::move(place), {std::move(detail)}};
}

}  // namespace

tl::unexpected<Refusal> Refuse(schema::FaultCode code, std::string_view element,
                               std::string_view att_name, Detail detail, Place place) {
  return tl::unexpected(MakeRefusal(code, element, att_name, std::move(detail), place));
}

tl::unexpected<Refusal> Refuse(const schema::Fault& fault, Place place) {
  Refusal refusal;
  refusal.response = schema::ToErrorResponse(fault, {});
  refusal.detail = DetailOf(fault);
  refusal.response.vendor_reference = Reference(place, refusal.detail);
  return tl::unexpected(std::move(refusal));
}

tl::unexpected<Refusal> Refuse(const Fault& fault, Place place) {
  return Refuse(fault.code, fault.element_type, fault.att_name, fault.detail, place);
}

tl::unexpected<Refusal> RefuseForNow(schema::FaultCode code, std::string_view element,
                                     std::uint32_t min_retry_secs, Detail detail, Place place) {
  Refusal refusal = MakeRefusal(code, element, {}, std::move(detail), place);
  refusal.response.severity = schema::Severity::kTransientError;
  refusal.response.min_retry_secs = min_retry_secs;
  return tl::unexpected(std::move(refusal));
}

tl::unexpected<Refusal> RefuseWithMessage(schema::FaultCode code, std::string_view element,
                                          std::string_view message_name, setcore::OctetView message,
                                          Detail detail, Place place) {
  Refusal refusal = MakeRefusal(code, element, {}, std::move(detail), place);
  refusal.response.pay_scheme.push_back(
      ToNode("PaySchemePackagedContent", MakeSetContent(message, message_name)));
  return tl::unexpected(std::move(refusal));
}

schema::Node ToNode(std::string_view element, const PackagedContent& packaged) {
  return schema::PackagedContent(element, packaged.name.value_or(""),
                                 packaged.content.value_or("PCDATA"),
                                 packaged.transform.value_or("NONE"), packaged.data);
}

PackagedContent FromElement(const schema::Element& element) {
  const auto attribute = [&](std::string_view name) -> std::optional<std::string> {
    const auto value = element.Find(name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
  };
  return {attribute("Name"), attribute("Content"), attribute("Transform"),
          std::string(element.text)};
}

}  // namespace bridge
