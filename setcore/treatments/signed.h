// S and SO: SignedData of PKCS #7 in SET's form (set-processing.md, 3.1 and 3.4).
#ifndef SETCORE_TREATMENTS_SIGNED_H_
#define SETCORE_TREATMENTS_SIGNED_H_

#include <optional>
#include <span>
#include <vector>

#include "setcore/asn1/oid.h"
#include "setcore/crypto/digest.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/revocation.h"
#include "setcore/pki/trust_store.h"

namespace setcore::treatments {

// Signer is who signs and what goes along: `more` certificates and `crls` follow the signer's
// chain. Self-signed certificates are left out everywhere, and so is everything whose thumb is in
// `known`.
struct Signer {
  const pki::CertifiedKey& key;
  std::vector<pki::CertificatePtr> more = {};
  std::vector<pki::CrlPtr> crls = {};
  std::vector<crypto::Sha1Digest> known = {};
};

// S(s, t): the DER of SignedData with the content.  `content` is the complete DER of t.
Octets Sign(const Signer& signer, const der::Oid& type, OctetView content);
// SO(s, t): the same without it.
Octets SignDetached(const Signer& signer, const der::Oid& type, OctetView content);

// SignedView is a SignedData taken apart, nothing verified.  Views into the input.
struct SignedView {
  der::Oid type;
  std::optional<OctetView> content;  // complete DER; absent in SO
  std::vector<OctetView> certificates;
  std::vector<OctetView> crls;
  OctetView signer_issuer;
  OctetView signer_serial;   // contents octets
  OctetView attributes;      // complete SEQUENCE OF, as transmitted
  OctetView message_digest;  // of the attribute messageDigest
  OctetView signature;
};

// ReadSigned takes `der` apart.  Not a SignedData: decodingFailure; one that SET does not allow
// (D-6): signatureFailure.
Result<SignedView> ReadSigned(OctetView der);

// Verified is what a good signature proves.
struct Verified {
  OctetView content;  // complete DER, into the input (or the detached content)
  pki::Chain chain;   // of the signer, leaf first, root last
  // Everything that came along, parsed; certificates that cannot be parsed are left out unless the
  // chain needs them.
  std::vector<pki::CertificatePtr> certificates;
  std::vector<pki::CrlPtr> crls;

  const pki::CertificatePtr& signer() const { return chain.front(); }
};

// VerifySigned checks S(s, t): form, content type `type`, signer's chain for `role` at `now`,
// attributes, signature.  decodingFailure, signatureFailure, missingCertificate or one of the
// certificate errors of TrustStore::Verify; `thumb` names the certificate.
Result<Verified> VerifySigned(OctetView der, const der::Oid& type, const pki::TrustStore& trust,
                              pki::Role role, Time now);
// The same for SO(s, t): `content` is the complete DER of t, and must not be inside.
Result<Verified> VerifyDetached(OctetView der, const der::Oid& type, OctetView content,
                                const pki::TrustStore& trust, pki::Role role, Time now);

}  // namespace setcore::treatments

#endif  // SETCORE_TREATMENTS_SIGNED_H_
