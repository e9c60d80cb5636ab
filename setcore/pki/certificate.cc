#include "setcore/pki/certificate.h"

#include <algorithm>
#include <array>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/oids.h"
#include "setcore/base64.h"
#include "setcore/crypto/pkcs8.h"
#include "setcore/crypto/secret_der.h"
#include "setcore/messages/certificate_extensions.h"
#include "setcore/pki/profile_types.h"
#include "setcore/pki/signed_value.h"

namespace setcore::pki {

// Fills one Certificate; a friend so that Certificate stays immutable for everybody else.
class CertificateParser {
 public:
  explicit CertificateParser(OctetView der) : certificate_(new Certificate) {
    c().der_.assign(der.begin(), der.end());
  }

  Result<CertificatePtr> Run() {
    der::Reader reader(c().der_);
    const SignedValue value = ReadSignedValue(reader);
    if (!reader.ok()) return Fail(ErrorCode::kDecodingFailure, reader.fault());
    c().tbs_ = value.to_be_signed;
    c().signature_ = value.signature;
    der::Reader tbs(value.to_be_signed, 1);
    std::vector<msg::Extension> extensions;
    OctetView inner_algorithm;
    OctetView spki;
    tbs.Sequence([&] {
      der::Integer<kVersion3, kVersion3> version;
      tbs.Explicit(0, version);
      c().serial_ = tbs.Primitive(der::kInteger);
      inner_algorithm = tbs.TakeOpen();
      c().issuer_ = ReadName(tbs, nullptr);
      tbs.Sequence([&] {
        c().not_before_ = ReadTime(tbs);
        c().not_after_ = ReadTime(tbs);
      });
      c().subject_ = ReadName(tbs, &c().subject_parts_);
      spki = tbs.TakeOpen();
      tbs.Explicit(3, extensions);
    });
    if (!tbs.ok()) return Fail(ErrorCode::kDecodingFailure, tbs.fault());
    c().thumb_ = crypto::Sha1(c().tbs_);

    const auto digest = SignatureDigestOf(value.algorithm);
    if (!std::ranges::equal(inner_algorithm, value.algorithm) || !digest) {
      Blame("certificate is signed by an algorithm that SET does not know");
    }
    c().signature_digest_ = digest.value_or(crypto::SignatureDigest::kSha1);
    if (auto key = crypto::RsaPublicKey::FromSpki(spki)) {
      c().key_ = *std::move(key);
    } else {
      Blame(key.error().detail);
    }
    for (std::size_t i = 0; i < extensions.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (extensions[j].id == extensions[i].id) Blame("certificate extension twice");
      }
      TakeExtension(extensions[i]);
    }
    return CertificatePtr(std::move(certificate_));
  }

 private:
  static constexpr int kVersion3 = 2;
  using Handler = void (CertificateParser::*)(OctetView);
  struct Known {
    const der::Oid& id;
    Handler take;
  };

  Certificate& c() { return *certificate_; }

  // The first fault stays.
  void Blame(std::string why) {
    if (c().fault_) return;
    Error error;
    error.code = ErrorCode::kInvalidCertificate;
    error.detail = std::move(why);
    error.thumb.assign(c().thumb_.begin(), c().thumb_.end());
    c().fault_ = std::move(error);
  }

  // Decodes an extension's value; a fault is blamed on the certificate.
  template <class T>
  std::optional<T> Decode(OctetView value) {
    auto decoded = der::Decode<T>(value);
    if (decoded) return *std::move(decoded);
    Blame("certificate extension malformed: " + decoded.error().detail);
    return std::nullopt;
  }

  void TakeExtension(const msg::Extension& extension) {
    static constexpr Known kKnown[] = {
        {oid::kAuthorityKeyIdentifier, &CertificateParser::TakeAuthorityKeyIdentifier},
        {oid::kKeyUsage, &CertificateParser::TakeKeyUsage},
        {oid::kPrivateKeyUsagePeriod, &CertificateParser::TakePrivateKeyUsagePeriod},
        {oid::kCertificatePolicies, &CertificateParser::TakePolicies},
        {oid::kSubjectAltName, &CertificateParser::TakeOpenValue},
        {oid::kIssuerAltName, &CertificateParser::TakeOpenValue},
        {oid::kBasicConstraints, &CertificateParser::TakeBasicConstraints},
        {oid::kHashedRootKey, &CertificateParser::TakeHashedRootKey},
        {oid::kCertificateType, &CertificateParser::TakeCertificateType},
        {oid::kMerchantData, &CertificateParser::TakeMerchantData},
        {oid::kCardCertRequired, &CertificateParser::TakeCardCertRequired},
        {oid::kTunneling, &CertificateParser::TakeTunneling},
        {oid::kSetExtensions, &CertificateParser::TakeSetExtensions},
    };
    for (const Known& known : kKnown) {
      if (known.id == extension.id) {
        value_ = FindValue(extension);
        return (this->*known.take)(value_);
      }
    }
    if (extension.critical) Blame("certificate has an unknown critical extension");
  }

  // The value inside der_, so that views into it live as long as the certificate.
  OctetView FindValue(const msg::Extension& extension) {
    const OctetView whole = c().tbs_;
    const auto at =
        std::search(whole.begin(), whole.end(), extension.value.begin(), extension.value.end());
    return whole.subspan(static_cast<std::size_t>(at - whole.begin()), extension.value.size());
  }

  void TakeAuthorityKeyIdentifier(OctetView value) {
    der::Reader reader(value);
    reader.Sequence([&] {
      if (reader.NextIs(der::Context(0, false))) reader.TakeElement();
      if (reader.NextIs(der::Context(1, true))) {
        reader.Constructed(der::Context(1, true), [&] {
          while (reader.ok() && !reader.AtEnd()) {
            if (reader.NextIs(der::Context(4, true))) {
              reader.Constructed(der::Context(4, true),
                                 [&] { c().authority_issuer_ = ReadName(reader, nullptr); });
            } else {
              reader.TakeOpen();
            }
          }
        });
      }
      if (reader.NextIs(der::Context(2, false)))
        c().authority_serial_ = reader.TakeElement().contents;
    });
    if (!reader.ok() || !reader.AtEnd()) Blame("authorityKeyIdentifier malformed");
  }

  void TakeKeyUsage(OctetView value) {
    if (auto bits = Decode<der::NamedBits>(value)) {
      c().key_usage_ = static_cast<std::uint16_t>(bits->bits);
    }
  }

  void TakePrivateKeyUsagePeriod(OctetView value) { Decode<wire::PrivateKeyUsagePeriod>(value); }

  void TakePolicies(OctetView value) { Decode<std::vector<wire::PolicyInformation>>(value); }

  void TakeOpenValue(OctetView value) {
    if (const char* fault = der::Lint(value)) Blame(fault);
  }

  void TakeBasicConstraints(OctetView value) {
    auto constraints = Decode<wire::BasicConstraints>(value);
    if (!constraints) return;
    c().is_ca_ = constraints->ca;
    if (constraints->path_length) {
      c().path_length_ = static_cast<int>(constraints->path_length->value);
    }
  }

  void TakeHashedRootKey(OctetView value) {
    // DigestedData: version, algorithm, content type, digest; the content type says nothing.
    der::Reader reader(value);
    reader.Sequence([&] {
      reader.Primitive(der::kInteger);
      reader.TakeOpen();
      reader.TakeOpen();
      c().hashed_root_key_ = reader.Primitive(der::kOctetString);
    });
    if (!reader.ok() || !reader.AtEnd()) Blame("hashedRootKey malformed");
  }

  void TakeCertificateType(OctetView value) {
    if (auto bits = Decode<der::NamedBits>(value)) {
      c().types_ = static_cast<std::uint16_t>(bits->bits);
    }
  }

  void TakeMerchantData(OctetView value) {
    auto data = Decode<msg::MerchantDataSyntax>(value);
    if (!data) return;
    MerchantData out;
    out.merchant_id = data->mer_id.Utf8();
    out.acquirer_bin = data->mer_acquirer_bin.value;
    out.country = static_cast<int>(data->mer_country.value);
    out.auth_flag = data->mer_auth_flag;
    for (const msg::MerNames& names : data->mer_name_seq.items) {
      MerchantName name;
      if (names.language) name.language = names.language->value;
      name.name = names.name.Utf8();
      name.city = names.city.Utf8();
      if (names.state_province) name.state_province = names.state_province->Utf8();
      if (names.postal_code) name.postal_code = names.postal_code->Utf8();
      name.country_name = names.country_name.Utf8();
      out.names.push_back(std::move(name));
    }
    c().merchant_data_ = std::move(out);
  }

  void TakeCardCertRequired(OctetView value) {
    if (auto required = Decode<bool>(value)) c().card_cert_required_ = *required;
  }

  void TakeTunneling(OctetView value) {
    if (auto tunneling = Decode<msg::TunnelingSyntax>(value)) {
      c().tunneling_ = Tunneling{tunneling->tunneling, std::move(tunneling->tunnel_alg_ids)};
    }
  }

  void TakeSetExtensions(OctetView value) {
    if (auto extensions = Decode<std::vector<der::Oid>>(value)) {
      c().set_extensions_ = *std::move(extensions);
    }
  }

  std::shared_ptr<Certificate> certificate_;
  OctetView value_;
};

Result<CertificatePtr> Certificate::Parse(OctetView der) { return CertificateParser(der).Run(); }

bool Certificate::IsSignedBy(const crypto::RsaPublicKey& key) const {
  return VerifySignedValue(tbs_, signature_digest_, signature_, key);
}

namespace {
constexpr std::string_view kCertificateLabel = "CERTIFICATE";
}

Result<Chain> ReadPemChain(OctetView pem) {
  auto blocks = crypto::ReadPem(pem);
  if (!blocks) return tl::unexpected(blocks.error());
  Chain chain;
  for (const crypto::PemBlock& block : *blocks) {
    if (block.label != kCertificateLabel) continue;
    auto certificate = Certificate::Parse(block.der.view());
    if (!certificate) return tl::unexpected(certificate.error());
    chain.push_back(*std::move(certificate));
  }
  if (chain.empty()) return Fail(ErrorCode::kDecodingFailure, "no CERTIFICATE block");
  return chain;
}

std::string WritePem(std::span<const CertificatePtr> chain) {
  std::string text;
  for (const CertificatePtr& certificate : chain) {
    text += crypto::WritePem(kCertificateLabel, certificate->der()).view();
  }
  return text;
}

Result<CertifiedKey> CertifiedKey::FromPem(OctetView chain_pem, OctetView key_pem) {
  auto chain = ReadPemChain(chain_pem);
  if (!chain) return tl::unexpected(chain.error());
  if (chain->front()->fault()) return tl::unexpected(*chain->front()->fault());
  auto key = crypto::RsaPrivateKey::FromPem(key_pem);
  if (!key) return tl::unexpected(key.error());
  if (!(key->public_key() == *chain->front()->key())) {
    return Fail(ErrorCode::kInvalidCertificate, "private key is not that of the first certificate");
  }
  return CertifiedKey{*std::move(key), *std::move(chain)};
}

std::string UniqueCardholderId(std::string_view pan, std::string_view card_expiry,
                               OctetView pan_secret) {
  auto octets = [](std::string_view text) {
    return OctetView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  // msg::AccountData, in memory that is wiped.
  const SecretOctets account = crypto::SecretElement(
      der::kSequence, {crypto::SecretElement(der::kNumericString, {octets(pan)}).view(),
                       crypto::SecretElement(der::kNumericString, {octets(card_expiry)}).view()});
  return EncodeBase64(crypto::HmacSha1(pan_secret, account.view()));
}

}  // namespace setcore::pki
