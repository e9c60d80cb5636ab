#include "set/certificate.h"

namespace conform::set {
namespace {

Octets Sha1WithRsa() { return Oid({1, 2, 840, 113549, 1, 1, 5}); }

bool IsPrintable(const std::string& text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
             " '()+,-./:=?") == std::string::npos;
}

// An AttributeTypeAndValue of id-at-n; PrintableString where possible, else UTF8String (D-23).
Value NamePart(unsigned n, const std::string& text) {
  Value part;
  part["type"] = Oid({2, 5, 4, n});
  Octets value{static_cast<std::uint8_t>(IsPrintable(text) ? 0x13 : 0x0C),
               static_cast<std::uint8_t>(text.size())};
  value.insert(value.end(), text.begin(), text.end());
  part["value"] = Value::Der(std::move(value));
  Value rdn;
  rdn.Add(std::move(part));
  return rdn;
}

Value NameOf(const Subject& subject) {
  Value name;
  name.Add(NamePart(6, "US"));
  name.Add(NamePart(10, subject.organization));
  for (const std::string& unit : subject.units) name.Add(NamePart(11, unit));
  name.Add(NamePart(3, subject.common_name));
  return name;
}

void AddExtension(Value& extensions, const Octets& oid, bool critical, const Octets& value) {
  Value extension;
  extension["extnID"] = oid;
  if (critical) extension["critical"] = Octets{0xFF};
  extension["extnValue"] = value;
  extensions.Add(std::move(extension));
}

// A BIT STRING with these bits, without trailing zero bits.
Octets Bits(std::initializer_list<int> set) {
  int last = 0;
  for (const int bit : set) last = std::max(last, bit);
  Octets contents(static_cast<std::size_t>(last / 8 + 2), 0);
  contents[0] = static_cast<std::uint8_t>(7 - last % 8);
  for (const int bit : set) {
    contents[static_cast<std::size_t>(1 + bit / 8)] |= static_cast<std::uint8_t>(0x80 >> bit % 8);
  }
  return Encode("BitString", contents);
}

Octets KeyUsage(Usage usage) {
  if (usage == Usage::kSign) return Bits({0});
  return usage == Usage::kEncipher ? Bits({2, 3}) : Bits({5, 6});
}

Octets CertExtension(unsigned n) { return Oid({2, 23, 42, 7, n}); }

std::string FullYear(const std::string& utc) { return (utc[0] >= '5' ? "19" : "20") + utc; }

Octets MerchantData(const std::string& merchant_id) {
  Value data;
  data["merID"] = merchant_id;
  data["merAcquirerBIN"] = "400000";
  Value names;
  names["language"] = "en";
  names["name"] = "Conformance Shop";
  names["city"] = "Springfield";
  names["countryName"] = "USA";
  data["merNameSeq"].Add(std::move(names));
  data["merCountry"] = 840;
  return Encode("MerchantData", data);
}

}  // namespace

Octets Issue(const Order& order, const Key& key, const Identity* issuer) {
  Value extensions;
  if (issuer != nullptr) {
    const Value above = Decode("Certificate", issuer->certificate());
    Value identifier;
    Value general;
    general["directoryName"] = Value::Der(above.at("toBeSigned.issuer").der());
    identifier["authorityCertIssuer"].Add(std::move(general));
    identifier["authorityCertSerialNumber"] = above.at("toBeSigned.serialNumber").octets();
    AddExtension(extensions, Oid({2, 5, 29, 35}), false,
                 Encode("AuthorityKeyIdentifier", identifier));
  }
  AddExtension(extensions, Oid({2, 5, 29, 15}), true, KeyUsage(order.usage));
  Value period;
  period["notBefore"] = FullYear(order.not_before);
  period["notAfter"] = FullYear(order.not_after);
  AddExtension(extensions, Oid({2, 5, 29, 16}), false, Encode("PrivateKeyUsagePeriod", period));
  Value policy;
  policy["policyIdentifier"] = Oid({2, 23, 42, 5, 0});
  Value policies;
  policies.Add(std::move(policy));
  AddExtension(extensions, Oid({2, 5, 29, 32}), true, Encode("CertificatePolicies", policies));
  Value constraints;
  if (order.usage == Usage::kIssue) constraints["cA"] = Octets{0xFF};
  if (order.path_length >= 0) constraints["pathLen"] = order.path_length;
  AddExtension(extensions, Oid({2, 5, 29, 19}), true, Encode("BasicConstraints", constraints));
  AddExtension(extensions, CertExtension(1), true, Bits({static_cast<int>(order.holder)}));
  if (order.holder == Holder::kMerchant) {
    AddExtension(extensions, CertExtension(2), false, MerchantData(order.merchant_id));
  }
  if (order.holder == Holder::kGateway && order.usage == Usage::kEncipher) {
    AddExtension(extensions, CertExtension(3), false,
                 Encode("CardCertRequiredSyntax",
                        Octets{static_cast<std::uint8_t>(order.card_cert_required ? 0xFF : 0x00)}));
    Value tunneling;
    tunneling["tunnelAlgIDs"].Add(Oid({1, 3, 14, 3, 2, 7}));
    AddExtension(extensions, CertExtension(4), false, Encode("Tunneling", tunneling));
    AddExtension(extensions, CertExtension(5), false, Encode("SetExtensions", Value()));
  }

  Value tbs;
  tbs["version"] = 2;
  tbs["serialNumber"] = order.serial;
  tbs["signature"] = Algorithm(Sha1WithRsa());
  const Octets subject = Encode("Name", NameOf(order.subject));
  tbs["issuer"] =
      Value::Der(issuer == nullptr
                     ? subject
                     : Decode("Certificate", issuer->certificate()).at("toBeSigned.subject").der());
  tbs["validity.notBefore"] = order.not_before;
  tbs["validity.notAfter"] = order.not_after;
  tbs["subject"] = Value::Der(subject);
  tbs["subjectPublicKeyInfo"] = Value::Der(key.public_der());
  tbs["extensions"] = std::move(extensions);
  const Octets to_be_signed = Encode("TBSCertificate", tbs);
  Value certificate;
  certificate["toBeSigned"] = Value::Der(to_be_signed);
  certificate["algorithm"] = Algorithm(Sha1WithRsa());
  const Key& signer = issuer == nullptr ? key : issuer->key;
  certificate["signature"] = Concat({Octets{0}, signer.Sign(Sha1(to_be_signed))});
  return Encode("Certificate", certificate);
}

std::string UniqueCardholderId(const std::string& pan, const std::string& expiry,
                               const Octets& pan_secret) {
  Value data;
  data["pan"] = pan;
  data["cardExpiry"] = expiry;
  return ToBase64(HmacSha1(Encode("UniqueCardData", data), pan_secret));
}

}  // namespace conform::set
