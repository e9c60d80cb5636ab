// S and SO: SignedData of PKCS #7 in SET's form (set-processing.md, 3.1 and 3.4).
#ifndef SETCORE_TREATMENTS_SIGNED_H_
#define SETCORE_TREATMENTS_SIGNED_H_

#include <span>
#include <vector>

#include "setcore/asn1/oid.h"
#include "setcore/crypto/digest.h"
#include "setcore/crypto/rsa.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/messages/pkcs7.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/revocation.h"
#include "setcore/pki/trust_store.h"

namespace setcore::treatments {

// Signer is who signs and what goes along, all borrowed.  `chain` is the signer's, leaf first;
// `more` certificates and `crls` follow it.  Self-signed certificates are left out everywhere, so
// are repetitions and everything whose thumb is in `known`.
struct Signer {
  const crypto::RsaPrivateKey& key;
  std::span<const pki::CertificatePtr> chain;
  std::span<const pki::CertificatePtr> more = {};
  std::span<const pki::CrlPtr> crls = {};
  std::span<const crypto::Sha1Digest> known = {};
};

// S(s, t): SignedData with the content.  `content` is the complete DER of t.
msg::SignedData Sign(const Signer& signer, const der::Oid& type, OctetView content);
// SO(s, t): the same without it.
msg::SignedData SignDetached(const Signer& signer, const der::Oid& type, OctetView content);

// Verified is what a good signature proves.
struct Verified {
  pki::Chain chain;  // of the signer, leaf first, root last
  // Everything that came along, parsed.
  std::vector<pki::CertificatePtr> certificates;
  std::vector<pki::CrlPtr> crls;

  const pki::CertificatePtr& signer() const { return chain.front(); }
};

// VerifySigned checks S(s, t): form, content type `type`, signer's chain for `role` at `now`,
// attributes, signature.  The content is signed.content_info.content->der.  Errors:
// signatureFailure, missingCertificate, decodingFailure for a certificate or one of the certificate
// errors of TrustStore::Verify; `thumb` names the certificate.
Result<Verified> VerifySigned(const msg::SignedData& signed_data, const der::Oid& type,
                              const pki::TrustStore& trust, pki::Role role, Time now);
// The same for SO(s, t): `content` is the complete DER of t, which must not be inside.
Result<Verified> VerifyDetached(const msg::SignedData& signed_data, const der::Oid& type,
                                OctetView content, const pki::TrustStore& trust, pki::Role role,
                                Time now);

// NamesSigner: `certificate` is the one that the only signer of `signed_data` names.  Proves
// nothing about data that was not verified.
bool NamesSigner(const msg::SignedData& signed_data, const pki::Certificate& certificate);

}  // namespace setcore::treatments

#endif  // SETCORE_TREATMENTS_SIGNED_H_
