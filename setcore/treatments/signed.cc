#include "setcore/treatments/signed.h"

#include <algorithm>
#include <string>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/oids.h"
#include "setcore/treatments/algorithms.h"

namespace setcore::treatments {
namespace {

// Certificates and CRLs of one SignedData that are looked at.
constexpr std::size_t kMaxCertificates = 32;
constexpr std::size_t kMaxCrls = 32;

bool SelfSigned(const pki::Certificate& certificate) {
  return std::ranges::equal(certificate.issuer(), certificate.subject());
}

msg::Any ToAny(OctetView der) { return msg::Any{Octets(der.begin(), der.end())}; }

// set-processing.md, 3.1 (3): contentType, then messageDigest.
msg::AuthenticatedAttributes Attributes(const der::Oid& type, OctetView content) {
  const crypto::Sha1Digest digest = crypto::Sha1(content);
  der::Writer octets;
  octets.Primitive(der::kOctetString, digest);
  msg::AuthenticatedAttributes attributes;
  attributes.attributes.items = {
      msg::Attribute{oid::kContentTypeAttribute, {msg::Any{der::MustEncode(type)}}},
      msg::Attribute{oid::kMessageDigestAttribute, {msg::Any{octets.Take()}}}};
  attributes.der = der::MustEncode(attributes.attributes);
  return attributes;
}

msg::SignedData Make(const Signer& signer, const der::Oid& type, OctetView content, bool attached) {
  msg::SignedData out;
  out.digest_algorithms.items = {msg::WithNull(oid::kSha1)};
  out.content_info.content_type = type;
  if (attached) out.content_info.content = ToAny(content);

  const auto known = [&signer](const crypto::Sha1Digest& thumb) {
    return std::ranges::find(signer.known, thumb) != signer.known.end();
  };
  msg::Collection<msg::Any> certificates;
  const auto add = [&](const pki::CertificatePtr& certificate) {
    msg::Any der = ToAny(certificate->der());
    if (SelfSigned(*certificate) || known(certificate->thumb()) ||
        std::ranges::find(certificates.items, der) != certificates.items.end()) {
      return;
    }
    certificates.items.push_back(std::move(der));
  };
  for (const auto& certificate : signer.chain) add(certificate);  // D-24
  for (const auto& certificate : signer.more) add(certificate);
  if (!certificates.items.empty()) out.certificates = std::move(certificates);
  msg::Collection<msg::Any> crls;
  for (const auto& crl : signer.crls) {
    if (!known(crl->thumb())) crls.items.push_back(ToAny(crl->der()));
  }
  if (!crls.items.empty()) out.crls = std::move(crls);

  const pki::Certificate& leaf = *signer.chain.front();
  msg::SignerInfo info;
  info.issuer_and_serial_number.issuer = ToAny(leaf.issuer());
  info.issuer_and_serial_number.serial_number.contents.assign(leaf.serial().begin(),
                                                              leaf.serial().end());
  info.authenticated_attributes = Attributes(type, content);
  info.encrypted_digest = signer.key.Sign(crypto::SignatureDigest::kSha1,
                                          crypto::Sha1(info.authenticated_attributes->der));
  out.signer_infos.items.push_back(std::move(info));
  return out;
}

tl::unexpected<Error> BadForm() {
  return Fail(ErrorCode::kSignatureFailure, "SignedData of a form that SET does not allow");
}

// D-6
bool HasForm(const msg::SignedData& s) {
  if (s.version != 1 && s.version != 2) return false;
  for (const auto& algorithm : s.digest_algorithms.items) {
    if (!IsPlainAlgorithm(algorithm, oid::kSha1)) return false;
  }
  if (s.digest_algorithms.items.empty() || s.signer_infos.items.size() != 1) return false;
  const msg::SignerInfo& info = s.signer_infos.items.front();
  return (info.version == 1 || info.version == 2) && !info.unauthenticated_attributes &&
         IsPlainAlgorithm(info.digest_algorithm, oid::kSha1) &&
         IsPlainAlgorithm(info.digest_encryption_algorithm, oid::kRsaEncryption) &&
         info.authenticated_attributes &&
         info.authenticated_attributes->attributes.items.size() == 2;
}

// The only value of the attribute `type`, null unless it is there once with one value.
const msg::Any* AttributeValue(const msg::SignerInfo& info, const der::Oid& type) {
  const msg::Any* value = nullptr;
  for (const msg::Attribute& attribute : info.authenticated_attributes->attributes.items) {
    if (!(attribute.type == type)) continue;
    if (value != nullptr || attribute.values.size() != 1) return nullptr;
    value = &attribute.values.front();
  }
  return value;
}

Result<Verified> Verify(const msg::SignedData& s, const der::Oid& type, OctetView content,
                        const pki::TrustStore& trust, pki::Role role, Time now) {
  if (!HasForm(s) || !(s.content_info.content_type == type)) return BadForm();
  const msg::SignerInfo& info = s.signer_infos.items.front();

  Verified verified;
  pki::CertificatePtr leaf;
  const auto& issuer = info.issuer_and_serial_number.issuer.der;
  const auto& serial = info.issuer_and_serial_number.serial_number.contents;
  if (s.certificates) {
    if (s.certificates->items.size() > kMaxCertificates) return BadForm();
    for (const msg::Any& der : s.certificates->items) {
      auto certificate = trust.Parse(der.der);
      if (!certificate) return tl::unexpected(certificate.error());
      if (leaf == nullptr && std::ranges::equal((*certificate)->issuer(), issuer) &&
          std::ranges::equal((*certificate)->serial(), serial)) {
        leaf = *certificate;
      }
      verified.certificates.push_back(*std::move(certificate));
    }
  }
  if (s.crls) {
    if (s.crls->items.size() > kMaxCrls) return BadForm();
    for (const msg::Any& der : s.crls->items) {
      auto crl = pki::Crl::Parse(der.der);
      if (!crl) return tl::unexpected(crl.error());
      verified.crls.push_back(*std::move(crl));
    }
  }
  if (leaf == nullptr) leaf = trust.Find(issuer, serial);
  if (leaf == nullptr) {
    return Fail(ErrorCode::kMissingCertificate, "certificate of the signer is not at hand");
  }
  auto chain = trust.Verify(leaf, verified.certificates, verified.crls, role, now);
  if (!chain) return tl::unexpected(chain.error());
  verified.chain = *std::move(chain);

  const msg::Any* attribute_type = AttributeValue(info, oid::kContentTypeAttribute);
  const msg::Any* attribute_digest = AttributeValue(info, oid::kMessageDigestAttribute);
  if (attribute_type == nullptr || attribute_digest == nullptr ||
      attribute_type->der != der::MustEncode(type)) {
    return BadForm();
  }
  der::Reader reader(attribute_digest->der);
  const OctetView digest = reader.Primitive(der::kOctetString);
  const bool digest_ok =
      reader.ok() && reader.AtEnd() && crypto::Equal(digest, crypto::Sha1(content));
  const bool signature_ok =
      leaf->key()->Verify(crypto::SignatureDigest::kSha1,
                          crypto::Sha1(info.authenticated_attributes->der), info.encrypted_digest);
  if (!digest_ok || !signature_ok) {
    auto failure = Fail(ErrorCode::kSignatureFailure, "signature does not verify");
    failure.value().thumb.assign(leaf->thumb().begin(), leaf->thumb().end());
    return failure;
  }
  return verified;
}

}  // namespace

msg::SignedData Sign(const Signer& signer, const der::Oid& type, OctetView content) {
  return Make(signer, type, content, true);
}

msg::SignedData SignDetached(const Signer& signer, const der::Oid& type, OctetView content) {
  return Make(signer, type, content, false);
}

Result<Verified> VerifySigned(const msg::SignedData& signed_data, const der::Oid& type,
                              const pki::TrustStore& trust, pki::Role role, Time now) {
  if (!signed_data.content_info.content) return BadForm();
  return Verify(signed_data, type, signed_data.content_info.content->der, trust, role, now);
}

Result<Verified> VerifyDetached(const msg::SignedData& signed_data, const der::Oid& type,
                                OctetView content, const pki::TrustStore& trust, pki::Role role,
                                Time now) {
  if (signed_data.content_info.content) return BadForm();
  return Verify(signed_data, type, content, trust, role, now);
}

bool NamesSigner(const msg::SignedData& signed_data, const pki::Certificate& certificate) {
  const auto& signers = signed_data.signer_infos.items;
  if (signers.size() != 1) return false;
  const msg::IssuerAndSerialNumber& name = signers.front().issuer_and_serial_number;
  return std::ranges::equal(certificate.issuer(), name.issuer.der) &&
         std::ranges::equal(certificate.serial(), name.serial_number.contents);
}

}  // namespace setcore::treatments
