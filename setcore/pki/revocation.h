// Certificate revocation lists (X.509 CRL v2) and BrandCRLIdentifiers, the list of the CRLs that a
// brand has in force (set-messages.asn, section 3).  Immutable once parsed; any thread.
#ifndef SETCORE_PKI_REVOCATION_H_
#define SETCORE_PKI_REVOCATION_H_

#include <memory>
#include <string>
#include <vector>

#include "setcore/crypto/digest.h"
#include "setcore/crypto/rsa.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"

namespace setcore::pki {

class Crl {
 public:
  // Not a CRL in DER: decodingFailure; an unknown critical extension or a known one that is
  // malformed: invalidCertificate.
  static Result<std::shared_ptr<const Crl>> Parse(OctetView der);

  OctetView der() const { return der_; }
  OctetView issuer() const { return issuer_; }
  OctetView number() const { return number_octets_; }  // contents octets; empty without cRLNumber
  const crypto::Sha1Digest& thumb() const { return thumb_; }
  Time this_update() const { return this_update_; }
  // Tells whether the certificate of this issuer with that serial (contents octets) is revoked.
  bool Revokes(OctetView serial) const;
  bool IsSignedBy(const crypto::RsaPublicKey& key) const;

 private:
  friend class RevocationParser;
  Crl() = default;
  Octets der_;
  OctetView tbs_, issuer_, signature_;
  Octets number_octets_;
  crypto::SignatureDigest signature_digest_ = crypto::SignatureDigest::kSha1;
  crypto::Sha1Digest thumb_{};
  Time this_update_ = 0;
  std::vector<OctetView> serials_;  // sorted
};
using CrlPtr = std::shared_ptr<const Crl>;

class BrandCrlIdentifier {
 public:
  struct Named {
    OctetView issuer;  // Name, DER
    OctetView number;  // contents octets
  };

  // Errors as for Crl::Parse.
  static Result<std::shared_ptr<const BrandCrlIdentifier>> Parse(OctetView der);

  OctetView der() const { return der_; }
  const crypto::Sha1Digest& thumb() const { return thumb_; }
  const std::string& brand_id() const { return brand_id_; }
  Time not_before() const { return not_before_; }
  Time not_after() const { return not_after_; }
  const std::vector<Named>& crls() const { return crls_; }
  bool IsSignedBy(const crypto::RsaPublicKey& key) const;

 private:
  friend class RevocationParser;
  BrandCrlIdentifier() = default;
  Octets der_;
  OctetView tbs_, signature_;
  crypto::SignatureDigest signature_digest_ = crypto::SignatureDigest::kSha1;
  crypto::Sha1Digest thumb_{};
  std::string brand_id_;
  Time not_before_ = 0;
  Time not_after_ = 0;
  std::vector<Named> crls_;
};
using BrandCrlIdentifierPtr = std::shared_ptr<const BrandCrlIdentifier>;

}  // namespace setcore::pki

#endif  // SETCORE_PKI_REVOCATION_H_
