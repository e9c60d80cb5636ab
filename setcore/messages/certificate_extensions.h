// Syntaxes of the SET certificate extensions and of BrandCRLIdentifier (set-messages.asn, sections
// 3 and 16).
#ifndef SETCORE_MESSAGES_CERTIFICATE_EXTENSIONS_H_
#define SETCORE_MESSAGES_CERTIFICATE_EXTENSIONS_H_

#include <optional>
#include <vector>

#include "setcore/messages/common.h"
#include "setcore/messages/pkcs7.h"

namespace setcore::msg {

// An X.509 Extension.
struct Extension {
  Oid id;
  bool critical = false;
  Octets value;
  friend bool operator==(const Extension&, const Extension&) = default;
};

template <class Ar>
void Io(Ar& ar, Extension& e) {
  ar.Sequence([&] {
    ar(e.id);
    ar.Default(der::kBoolean, e.critical, false);
    ar(e.value);
  });
}

using Extensions = std::vector<Extension>;

using HashedRootKeySyntax = DigestedData;
using CertificateTypeSyntax = der::NamedBits;  // bits: pki::CertificateType

struct MerNames {
  std::optional<Language> language;
  der::SetText<25> name;  // ub-merName
  CityName city;
  std::optional<StateProvince> state_province;
  std::optional<PostalCode> postal_code;
  der::SetText<50> country_name;  // ub-countryName
  friend bool operator==(const MerNames&, const MerNames&) = default;
};

template <class Ar>
void Io(Ar& ar, MerNames& m) {
  ar.Sequence([&] {
    ar.OptionalImplicit(0, m.language);
    ar.Explicit(1, m.name);
    ar.Explicit(2, m.city);
    ar.OptionalExplicit(3, m.state_province);
    ar.OptionalExplicit(4, m.postal_code);
    ar.Explicit(5, m.country_name);
  });
}

struct MerchantDataSyntax {
  MerchantID mer_id;
  BIN mer_acquirer_bin;
  der::ListOf<MerNames, 1, 32> mer_name_seq;
  CountryCode mer_country = 1;
  bool mer_auth_flag = true;
  friend bool operator==(const MerchantDataSyntax&, const MerchantDataSyntax&) = default;
};

template <class Ar>
void Io(Ar& ar, MerchantDataSyntax& m) {
  ar.Sequence([&] {
    ar(m.mer_id, m.mer_acquirer_bin, m.mer_name_seq, m.mer_country);
    ar.Default(der::kBoolean, m.mer_auth_flag, true);
  });
}

using CardCertRequiredSyntax = bool;

struct TunnelingSyntax {
  bool tunneling = true;
  std::vector<Oid> tunnel_alg_ids;
  friend bool operator==(const TunnelingSyntax&, const TunnelingSyntax&) = default;
};

template <class Ar>
void Io(Ar& ar, TunnelingSyntax& t) {
  ar.Sequence([&] {
    ar.Default(der::kBoolean, t.tunneling, true);
    ar(t.tunnel_alg_ids);
  });
}

using SETExtensionsSyntax = std::vector<Oid>;

struct CRLIdentifier {
  Any issuer_name;
  der::BigInteger crl_number;
  friend bool operator==(const CRLIdentifier&, const CRLIdentifier&) = default;
};

template <class Ar>
void Io(Ar& ar, CRLIdentifier& c) {
  ar.Sequence([&] { ar(c.issuer_name, c.crl_number); });
}

struct UnsignedBrandCRLIdentifier {
  der::Integer<0, 0> version = 0;
  der::Integer<0, INT64_MAX> sequence_num = 0;
  BrandID brand_id;
  der::Date not_before;
  der::Date not_after;
  std::optional<std::vector<CRLIdentifier>> crl_identifier_seq;
  std::optional<Extensions> extensions;
  friend bool operator==(const UnsignedBrandCRLIdentifier&,
                         const UnsignedBrandCRLIdentifier&) = default;
};

template <class Ar>
void Io(Ar& ar, UnsignedBrandCRLIdentifier& u) {
  ar.Sequence([&] {
    ar(u.version, u.sequence_num, u.brand_id, u.not_before, u.not_after);
    ar.OptionalImplicit(0, u.crl_identifier_seq);
    ar.OptionalImplicit(1, u.extensions);
  });
}

struct BrandCRLIdentifier {
  der::Kept<UnsignedBrandCRLIdentifier> to_be_signed;
  AlgorithmIdentifier algorithm = WithNull(oid::kSha1WithRsaSignature);
  der::BitString signature;
  friend bool operator==(const BrandCRLIdentifier&, const BrandCRLIdentifier&) = default;
};

template <class Ar>
void Io(Ar& ar, BrandCRLIdentifier& b) {
  ar.Sequence([&] { ar(b.to_be_signed, b.algorithm, b.signature); });
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_CERTIFICATE_EXTENSIONS_H_
