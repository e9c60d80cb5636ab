#include "bridge/translate/initiation_data.h"

#include <algorithm>
#include <vector>

#include "setcore/initiation/field_registry.h"
#include "setcore/initiation/header_block.h"

namespace bridge {
namespace {

using initiation::Field;
using initiation::Profile;

tl::unexpected<Fault> Illegal(std::string_view element_type, const initiation::Fault& fault) {
  return tl::unexpected<Fault>(
      Fault{schema::FaultCode::kElContIllegal, std::string(element_type), {}, DetailOf(fault)});
}

tl::unexpected<initiation::Fault> Inconsistent(std::string_view field) {
  return tl::unexpected<initiation::Fault>(
      initiation::Fault{std::string(field), initiation::Reason::kInconsistent, {}});
}

// The fields that the bridge writes itself, in front of those of the merchant.
std::vector<Field> OwnFields(setcore::OctetView lid_m) {
  return {{std::string(initiation::kMimeVersionField), "1.0"},
          {std::string(initiation::kTransferEncodingField), std::string(initiation::kBinary)},
          {std::string(initiation::kTypeField), std::string(initiation::kPaymentInitiation)},
          {std::string(initiation::kLidMField), initiation::LidMText(lid_m)}};
}

// VersionOf gives the version number behind "SETv" (RFC 3538, Figure 12).
std::string_view VersionOf(std::string_view protocol_id) {
  constexpr std::string_view kPrefix = "SETv";
  if (!protocol_id.starts_with(kPrefix)) return {};
  return protocol_id.substr(kPrefix.size());
}

void InsertContentType(std::vector<Field>& fields) {
  const auto at = std::find_if(fields.begin(), fields.end(), [](const Field& field) {
    return field.name == initiation::kMimeVersionField;
  });
  fields.insert(
      at == fields.end() ? fields.begin() : at + 1,
      {std::string(initiation::kContentTypeField), std::string(initiation::kOrderContentType)});
}

// CheckSupplied refuses what IOTP supplies, or the bridge decides, if the data say otherwise.
tl::expected<void, initiation::Fault> CheckSupplied(const initiation::Initiation& data,
                                                    const IotpTerms& terms) {
  const auto type = data.Find(initiation::kContentTypeField);
  if (type && !initiation::EqualsIgnoringCase(*type, initiation::kOrderContentType)) {
    return Inconsistent(initiation::kContentTypeField);
  }
  const auto encoding = data.Find(initiation::kTransferEncodingField);
  if (encoding && (initiation::EqualsIgnoringCase(*encoding, "base64") ||
                   initiation::EqualsIgnoringCase(*encoding, "quoted-printable"))) {
    return Inconsistent(initiation::kTransferEncodingField);
  }
  if (data.version && *data.version != VersionOf(terms.protocol_id)) {
    return Inconsistent(initiation::kVersionField);
  }
  for (const std::string& brand : data.brands) {
    if (brand != terms.protocol_brand_id.SetBrand()) {
      return Inconsistent(initiation::kBrandField);
    }
  }
  if (data.purch_amt && *data.purch_amt != terms.purch_amt) {
    return Inconsistent(initiation::kPurchAmtField);
  }
  return {};
}

// The OIDs of the extensions among `fields`: a merchant knows all that it announces.
std::vector<std::string_view> ExtensionsOf(const std::vector<Field>& fields) {
  std::vector<std::string_view> oids;
  for (const Field& field : fields) {
    if (field.name == initiation::kExtOidField) oids.emplace_back(field.value);
  }
  return oids;
}

}  // namespace

Detail DetailOf(const initiation::Fault& fault) {
  if (fault.detail.empty()) {
    return {DetailText::kInitiationDisagrees, {{"field", fault.field}}};
  }
  std::vector<DetailArgument> arguments = {{"reason", Name(fault.reason)}, {"cause", fault.detail}};
  if (fault.field.empty()) return {DetailText::kInitiationWrong, std::move(arguments)};
  arguments.emplace_back("field", fault.field);
  return {DetailText::kInitiationField, std::move(arguments)};
}

setcore::Octets MakeLidM(const setcore::Environment& env) {
  setcore::Octets lid_m(initiation::kMaxLidM);
  env.random->Fill(lid_m);
  return lid_m;
}

tl::expected<setcore::Octets, Fault> MakePayProtocol(setcore::OctetView lid_m,
                                                     const PackagedContent* merchant_data,
                                                     std::string_view element_type) {
  std::vector<Field> fields = OwnFields(lid_m);
  if (merchant_data != nullptr) {
    const auto octets = ReadSetContent(*merchant_data, element_type);
    if (!octets) return tl::unexpected<Fault>(octets.error());
    const auto parsed = initiation::Parse(*octets, Profile::kMerchantData);
    if (!parsed) return Illegal(element_type, parsed.error());
    for (const Field& field : parsed->fields) {
      const auto own = std::find_if(fields.begin(), fields.begin() + 4,
                                    [&](const Field& other) { return other.name == field.name; });
      if (own == fields.begin() + 4) {
        fields.push_back(field);
      } else if (field.name == initiation::kLidMField) {
        own->value = initiation::LidMText(*parsed->lid_m);
      }
    }
  }
  const auto data = initiation::FromFields(fields, {}, Profile::kPayProtocol, ExtensionsOf(fields));
  if (!data) return Illegal(element_type, data.error());
  return initiation::Write(*data, true);
}

std::optional<setcore::Octets> AnnouncedLidM(setcore::OctetView pay_protocol) {
  const std::vector<Field> fields = initiation::ReadFields(pay_protocol);
  auto parsed = initiation::Parse(pay_protocol, Profile::kPayProtocol, ExtensionsOf(fields));
  return parsed ? std::move(parsed->lid_m) : std::nullopt;
}

tl::expected<initiation::Initiation, initiation::Fault> BuildInitiation(
    setcore::OctetView pay_protocol, const IotpTerms& terms) {
  auto data = initiation::Parse(pay_protocol, Profile::kPayProtocol);
  if (!data) return tl::unexpected<initiation::Fault>(std::move(data).error());
  if (auto supplied = CheckSupplied(*data, terms); !supplied) {
    return tl::unexpected<initiation::Fault>(std::move(supplied).error());
  }
  std::vector<Field> fields = std::move(data->fields);
  const auto has = [&fields](std::string_view name) {
    return std::any_of(fields.begin(), fields.end(),
                       [name](const Field& field) { return field.name == name; });
  };
  if (!has(initiation::kContentTypeField)) InsertContentType(fields);
  const auto supply = [&](std::string_view name, std::string value) {
    if (!has(name)) fields.push_back({std::string(name), std::move(value)});
  };
  supply(initiation::kVersionField, std::string(VersionOf(terms.protocol_id)));
  supply(initiation::kBrandField, terms.protocol_brand_id.SetBrand());
  supply(initiation::kPurchAmtField, initiation::FormatPurchAmt(terms.purch_amt));
  const setcore::Octets body(terms.order_hash.begin(), terms.order_hash.end());
  auto whole = initiation::FromFields(std::move(fields), body, Profile::kInitiation);
  if (whole)
    whole->warnings.insert(whole->warnings.end(), data->warnings.begin(), data->warnings.end());
  return whole;
}

bool AcceptsInitiation(setcore::OctetView response, std::string_view brand,
                       const std::optional<setcore::Octets>& lid_m) {
  const auto parsed = initiation::Parse(response, Profile::kResponse);
  if (!parsed || parsed->error_field || !parsed->extensions.empty()) return false;
  if (parsed->Find(initiation::kTypeField) != initiation::kPaymentInitiationResponse) return false;
  if (parsed->lid_m && parsed->lid_m != lid_m) return false;
  return std::all_of(parsed->brands.begin(), parsed->brands.end(),
                     [&](const std::string& chosen) { return chosen == brand; });
}

setcore::Octets MakeNextInitiation(const std::optional<setcore::Octets>& lid_m) {
  std::vector<Field> fields = OwnFields(lid_m.value_or(setcore::Octets{}));
  if (!lid_m) fields.pop_back();
  const auto next = initiation::FromFields(std::move(fields), {}, Profile::kFollowing);
  return next ? initiation::Write(*next, false) : setcore::Octets{};
}

}  // namespace bridge
