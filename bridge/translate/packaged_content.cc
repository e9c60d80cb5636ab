#include "bridge/translate/packaged_content.h"

#include <algorithm>
#include <array>
#include <utility>

#include "bridge/translate/order_hash.h"
#include "setcore/base64.h"

namespace bridge {
namespace {

constexpr std::string_view kPcdata = "PCDATA";
constexpr std::string_view kNone = "NONE";
constexpr std::string_view kBase64 = "BASE64";

// Written: PCDATA; also read: E-48.
constexpr std::array<std::string_view, 4> kSetContents = {
    kPcdata, "MIME", "MIME:application/set-payment", "MIME:application/set-payment-initiation"};

tl::unexpected<Fault> Refuse(schema::FaultCode code, std::string_view element_type,
                             std::string_view att_name, Detail detail) {
  return tl::unexpected<Fault>(
      Fault{code, std::string(element_type), std::string(att_name), std::move(detail)});
}

Detail Only(std::string_view value) { return {DetailText::kOnlyValue, {{"value", value}}}; }

std::string_view TrimXmlSpace(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

PackagedContent MakeSetContent(setcore::OctetView message, std::string_view name) {
  PackagedContent packaged;
  if (!name.empty()) packaged.name = name;
  packaged.content = kPcdata;
  packaged.transform = kBase64;
  packaged.data = setcore::EncodeBase64(message);
  return packaged;
}

tl::expected<setcore::Octets, Fault> ReadSetContent(const PackagedContent& packaged,
                                                    std::string_view element_type) {
  const std::string_view content = packaged.content ? std::string_view(*packaged.content) : kPcdata;
  if (std::find(kSetContents.begin(), kSetContents.end(), content) == kSetContents.end()) {
    return Refuse(schema::FaultCode::kAttValIllegal, element_type, "Content", Only(kPcdata));
  }
  if (packaged.transform != kBase64) {
    return Refuse(schema::FaultCode::kAttValIllegal, element_type, "Transform", Only(kBase64));
  }
  auto octets = setcore::DecodeBase64(packaged.data);
  if (!octets) {
    return Refuse(schema::FaultCode::kElContIllegal, element_type, {}, DetailText::kNotBase64);
  }
  if (octets->empty()) {
    return Refuse(schema::FaultCode::kElContIllegal, element_type, {}, DetailText::kEmptyContent);
  }
  return *std::move(octets);
}

PackagedContent MakeSetOd(std::string_view order_hash) {
  PackagedContent packaged;
  packaged.name = kSetOdName;
  packaged.content = kPcdata;
  packaged.transform = kNone;
  packaged.data = order_hash;
  return packaged;
}

tl::expected<std::string, Fault> ReadSetOd(const PackagedContent& packaged,
                                           std::string_view element_type) {
  if (packaged.content && *packaged.content != kPcdata) {
    return Refuse(schema::FaultCode::kAttValIllegal, element_type, "Content", Only(kPcdata));
  }
  if (packaged.transform && *packaged.transform != kNone) {
    return Refuse(schema::FaultCode::kAttValIllegal, element_type, "Transform", Only(kNone));
  }
  const std::string_view order_hash = TrimXmlSpace(packaged.data);
  if (!IsOrderHash(order_hash)) {
    return Refuse(schema::FaultCode::kElContIllegal, element_type, {}, DetailText::kNotOrderHash);
  }
  return std::string(order_hash);
}

}  // namespace bridge
