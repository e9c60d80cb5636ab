#include "bridge/calls/refusal.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace bridge {
namespace {

std::string Reference(Place place) {
  const std::string_view file = place.file;
  return fmt::format("{}:{}", file.substr(file.rfind('/') + 1), place.line);
}

Refusal MakeRefusal(schema::FaultCode code, std::string_view element, std::string_view att_name,
                    std::string description, Place place) {
  Refusal refusal;
  refusal.response.vendor_reference = Reference(place);
  refusal.response.code = code;
  refusal.response.description = std::move(description);
  refusal.response.locations = {{std::string(element), std::string(att_name), {}}};
  return refusal;
}

}  // namespace

tl::unexpected<Refusal> Refuse(schema::FaultCode code, std::string_view element,
                               std::string_view att_name, std::string description, Place place) {
  return tl::unexpected(MakeRefusal(code, element, att_name, std::move(description), place));
}

tl::unexpected<Refusal> Refuse(const schema::Fault& fault, Place place) {
  Refusal refusal;
  refusal.response = schema::ToErrorResponse(fault, {});
  refusal.response.vendor_reference = Reference(place);
  return tl::unexpected(std::move(refusal));
}

tl::unexpected<Refusal> RefuseForNow(schema::FaultCode code, std::string_view element,
                                     std::uint32_t min_retry_secs, std::string description,
                                     Place place) {
  Refusal refusal = MakeRefusal(code, element, {}, std::move(description), place);
  refusal.response.severity = schema::Severity::kTransientError;
  refusal.response.min_retry_secs = min_retry_secs;
  return tl::unexpected(std::move(refusal));
}

tl::unexpected<Refusal> RefuseWithMessage(schema::FaultCode code, std::string_view element,
                                          std::string_view message_name, setcore::OctetView message,
                                          std::string description, Place place) {
  Refusal refusal = MakeRefusal(code, element, {}, std::move(description), place);
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
