#include "setcore/pki/certificate_maker.h"

#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/oids.h"
#include "setcore/asn1/time_text.h"
#include "setcore/messages/certificate_extensions.h"
#include "setcore/pki/profile_types.h"
#include "setcore/pki/signed_value.h"

namespace setcore::pki {
namespace {

constexpr std::uint16_t kAuthorityUsage = kKeyCertSign | kCrlSign;
constexpr std::uint16_t kExchangeUsage = kKeyEncipherment | kDataEncipherment;

tl::unexpected<Error> Refuse(const char* why) { return Fail(ErrorCode::kUnspecifiedFailure, why); }

Octets UnsignedContents(std::uint64_t number) {
  Octets contents;
  do {
    contents.insert(contents.begin(), static_cast<std::uint8_t>(number & 0xFF));
    number >>= 8;
  } while (number != 0);
  if ((contents.front() & 0x80) != 0) contents.insert(contents.begin(), 0);
  return contents;
}

void WriteTime(der::Writer& writer, Time time) {
  const auto text = der::FormatUtcTime(time);
  if (!text) return writer.Fail("time that UTCTime cannot hold");
  writer.Primitive(der::kUtcTime,
                   OctetView(reinterpret_cast<const std::uint8_t*>(text->data()), text->size()));
}

// Writes one extension whose value is the encoding of `value`.
template <class T>
void WriteExtension(der::Writer& writer, const der::Oid& id, bool critical, const T& value) {
  auto der = der::Encode(value);
  if (!der) return writer.Fail("extension outside its bounds");
  msg::Extension extension{id, critical, *std::move(der)};
  Io(writer, extension);
}

template <std::size_t N>
der::SetText<N> ToText(std::string_view utf8) {
  der::SetText<N> text;
  if (auto string = der::SetString::FromUtf8(utf8)) text.value = *std::move(string);
  return text;
}

msg::MerchantDataSyntax ToWire(const MerchantData& data) {
  msg::MerchantDataSyntax out;
  out.mer_id = ToText<30>(data.merchant_id);
  out.mer_acquirer_bin.value = data.acquirer_bin;
  for (const MerchantName& name : data.names) {
    msg::MerNames names;
    if (name.language) names.language.emplace().value = *name.language;
    names.name = ToText<25>(name.name);
    names.city = ToText<50>(name.city);
    if (name.state_province) names.state_province = ToText<50>(*name.state_province);
    if (name.postal_code) names.postal_code = ToText<14>(*name.postal_code);
    names.country_name = ToText<50>(name.country_name);
    out.mer_name_seq.items.push_back(std::move(names));
  }
  out.mer_country = data.country;
  out.mer_auth_flag = data.auth_flag;
  return out;
}

// authorityKeyIdentifier with issuer and serial, without keyIdentifier.
der::Any AuthorityKeyIdentifier(const Certificate& issuer) {
  der::Writer writer;
  writer.Sequence([&] {
    writer.Constructed(der::Context(1, true), [&] {
      writer.Constructed(der::Context(4, true), [&] { writer.Raw(issuer.issuer()); });
    });
    writer.Primitive(der::Context(2, false), issuer.serial());
  });
  return der::Any{writer.Take()};
}

void WriteExtensions(der::Writer& writer, const CertificateProfile& profile,
                     const Certificate* issuer) {
  if (issuer != nullptr) {
    WriteExtension(writer, oid::kAuthorityKeyIdentifier, false, AuthorityKeyIdentifier(*issuer));
  }
  WriteExtension(writer, oid::kKeyUsage, true, der::NamedBits{profile.key_usage});
  WriteExtension(
      writer, oid::kPrivateKeyUsagePeriod, false,
      wire::PrivateKeyUsagePeriod{der::Date{profile.not_before}, der::Date{profile.not_after}});
  WriteExtension(writer, oid::kCertificatePolicies, true,
                 std::vector<wire::PolicyInformation>{{oid::kPolicyRoot, std::nullopt}});
  wire::BasicConstraints constraints;
  constraints.ca = profile.ca;
  if (profile.path_length) constraints.path_length = *profile.path_length;
  WriteExtension(writer, oid::kBasicConstraints, true, constraints);
  WriteExtension(writer, oid::kCertificateType, true, der::NamedBits{profile.types});
  if (profile.next_root_key) {
    msg::DigestedData digest;
    digest.content_type = oid::kRootKeyThumb;
    digest.digest.value.assign(profile.next_root_key->begin(), profile.next_root_key->end());
    WriteExtension(writer, oid::kHashedRootKey, true, digest);
  }
  if (profile.merchant_data) {
    WriteExtension(writer, oid::kMerchantData, false, ToWire(*profile.merchant_data));
  }
  if (profile.card_cert_required) {
    WriteExtension(writer, oid::kCardCertRequired, false, *profile.card_cert_required);
  }
  if (profile.tunneling) {
    WriteExtension(
        writer, oid::kTunneling, false,
        msg::TunnelingSyntax{profile.tunneling->tunneling, profile.tunneling->algorithms});
  }
  if (profile.set_extensions) {
    WriteExtension(writer, oid::kSetExtensions, false, *profile.set_extensions);
  }
}

}  // namespace

Result<Octets> ComposeToBeSigned(const CertificateProfile& profile, const crypto::RsaPublicKey& key,
                                 const Certificate* issuer) {
  const Octets subject = WriteName(profile.subject);
  const std::uint8_t version3 = 2;
  der::Writer writer;
  writer.Sequence([&] {
    writer.Constructed(der::Context(0, true), [&] {
      writer.Primitive(der::kInteger, {&version3, 1});
    });
    writer.Primitive(der::kInteger, UnsignedContents(profile.serial));
    writer.Raw(SignatureAlgorithm(profile.digest));
    writer.Raw(issuer == nullptr ? OctetView(subject) : issuer->subject());
    writer.Sequence([&] {
      WriteTime(writer, profile.not_before);
      WriteTime(writer, profile.not_after);
    });
    writer.Raw(subject);
    writer.Raw(key.Spki());
    writer.Constructed(der::Context(3, true),
                       [&] { writer.Sequence([&] { WriteExtensions(writer, profile, issuer); }); });
  });
  if (!writer.ok()) return Refuse(writer.fault());
  return writer.Take();
}

Result<CertificatePtr> MakeCertificate(const CertificateProfile& profile,
                                       const crypto::RsaPublicKey& key, const Issuer& issuer) {
  auto to_be_signed = ComposeToBeSigned(profile, key, issuer.certificate);
  if (!to_be_signed) return tl::unexpected(to_be_signed.error());
  return Certificate::Parse(SignValue(*to_be_signed, profile.digest, issuer.key));
}

CertificateProfile RootProfile(std::string country, std::string organization,
                               std::string common_name) {
  CertificateProfile profile;
  profile.subject = {std::move(country), std::move(organization), {}, std::move(common_name)};
  profile.ca = true;
  profile.key_usage = kAuthorityUsage;
  profile.types = kRca;
  return profile;
}

CertificateProfile AuthorityProfile(CertificateType type, std::string country, std::string brand,
                                    std::string unit, std::string common_name) {
  CertificateProfile profile =
      RootProfile(std::move(country), std::move(brand), std::move(common_name));
  if (!unit.empty()) profile.subject.units.push_back(std::move(unit));
  profile.types = type;
  return profile;
}

CertificateProfile CardholderProfile(std::string country, std::string brand, std::string bank,
                                     std::string unique_id) {
  CertificateProfile profile;
  profile.subject = {std::move(country), std::move(brand), {std::move(bank)}, std::move(unique_id)};
  profile.key_usage = kDigitalSignature;
  profile.types = kCard;
  return profile;
}

CertificateProfile MerchantProfile(bool exchange, std::string country, std::string brand,
                                   std::string bank, std::string shop, MerchantData data) {
  CertificateProfile profile;
  profile.subject = {std::move(country),
                     std::move(brand),
                     {std::move(bank), std::move(shop)},
                     data.merchant_id + ":1"};
  profile.key_usage = exchange ? kExchangeUsage : std::uint16_t{kDigitalSignature};
  profile.types = kMer;
  profile.merchant_data = std::move(data);
  return profile;
}

CertificateProfile GatewayProfile(bool exchange, std::string country, std::string brand,
                                  std::string acquirer, const std::string& bin,
                                  bool card_cert_required) {
  CertificateProfile profile;
  profile.subject = {std::move(country), std::move(brand), {std::move(acquirer)}, bin + ":1"};
  profile.key_usage = exchange ? kExchangeUsage : std::uint16_t{kDigitalSignature};
  profile.types = kPgwy;
  if (exchange) {
    profile.card_cert_required = card_cert_required;
    profile.tunneling = Tunneling{true, {oid::kDesCbc}};
    profile.set_extensions.emplace();
  }
  return profile;
}

Result<Octets> MakeCrl(const Issuer& issuer, std::uint64_t number, Time this_update,
                       Time next_update, std::span<const std::uint64_t> serials,
                       crypto::SignatureDigest digest) {
  if (issuer.certificate == nullptr) return Refuse("a CRL needs its issuer's certificate");
  const std::uint8_t version2 = 1;
  der::Writer writer;
  writer.Sequence([&] {
    writer.Primitive(der::kInteger, {&version2, 1});
    writer.Raw(SignatureAlgorithm(digest));
    writer.Raw(issuer.certificate->subject());
    WriteTime(writer, this_update);
    WriteTime(writer, next_update);
    if (!serials.empty()) {
      writer.Sequence([&] {
        for (const std::uint64_t serial : serials) {
          writer.Sequence([&] {
            writer.Primitive(der::kInteger, UnsignedContents(serial));
            WriteTime(writer, this_update);
          });
        }
      });
    }
    writer.Constructed(der::Context(0, true), [&] {
      writer.Sequence([&] {
        WriteExtension(writer, oid::kAuthorityKeyIdentifier, false,
                       AuthorityKeyIdentifier(*issuer.certificate));
        WriteExtension(writer, oid::kCrlNumber, false, der::BigInteger{UnsignedContents(number)});
      });
    });
  });
  if (!writer.ok()) return Refuse(writer.fault());
  return SignValue(writer.Take(), digest, issuer.key);
}

Result<Octets> MakeBrandCrlIdentifier(const crypto::RsaPrivateKey& brand_ca, std::uint64_t sequence,
                                      std::string_view brand, Time not_before, Time not_after,
                                      std::span<const std::pair<Octets, std::uint64_t>> crls) {
  const std::uint8_t version = 0;
  der::SetText<40> brand_id = ToText<40>(brand);
  der::Writer writer;
  writer.Sequence([&] {
    writer.Primitive(der::kInteger, {&version, 1});
    writer.Primitive(der::kInteger, UnsignedContents(sequence));
    Io(writer, brand_id);
    writer.Primitive(der::kGeneralizedTime, der::DateContents(not_before));
    writer.Primitive(der::kGeneralizedTime, der::DateContents(not_after));
    if (!crls.empty()) {
      writer.Constructed(der::Context(0, true), [&] {
        for (const auto& crl : crls) {
          writer.Sequence([&] {
            writer.Raw(crl.first);
            writer.Primitive(der::kInteger, UnsignedContents(crl.second));
          });
        }
      });
    }
  });
  if (!writer.ok()) return Refuse(writer.fault());
  return SignValue(writer.Take(), crypto::SignatureDigest::kSha1, brand_ca);
}

}  // namespace setcore::pki
