// Whom we believe: root certificates, revocation, and the verification of SET chains against them,
// with caches.  Set it up first (the Add functions), then share it: Verify and the other const
// functions may be called from any thread; Add functions may not run beside them.
#ifndef SETCORE_PKI_TRUST_STORE_H_
#define SETCORE_PKI_TRUST_STORE_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/revocation.h"

namespace setcore::pki {

// What an end-entity certificate is used for.
enum class Role : std::uint8_t {
  kCardholderSignature,
  kMerchantSignature,
  kMerchantExchange,
  kGatewaySignature,
  kGatewayExchange,
  kAnySignature,  // the signer of an Error message
};

class TrustStore {
 public:
  TrustStore();
  TrustStore(const TrustStore&) = delete;
  TrustStore& operator=(const TrustStore&) = delete;
  ~TrustStore();

  // AddRoot trusts a self-signed root certificate, DER or PEM (the last certificate of a chain).
  // It vouches for `brands` only, for all if there are none.  A certificate that is no SET root:
  // invalidCertificate.
  Result<void> AddRoot(OctetView certificate, std::vector<std::string> brands = {});
  // AddIntermediate makes a certificate known that others may leave out of their messages.  It is
  // verified whenever it is used.
  void AddIntermediate(CertificatePtr certificate);
  // AddRevocation takes a CRL or a signed BrandCRLIdentifier, DER or PEM.  Its signature is
  // verified when it is used; a CRL that its issuer did not sign revokes nothing.
  Result<void> AddRevocation(OctetView file);

  // Verify checks `leaf` for `role` at `now`, with `others` as possible issuers: signatures,
  // validity, basicConstraints, keyUsage, certificateType, extensions, brand, CRLs (`crls` came
  // with the message), up to a root of this store (set-processing.md, 2.2(5)).  Gives the chain,
  // leaf first, root last.  Errors carry the thumb of the certificate that is to blame.
  Result<Chain> Verify(const CertificatePtr& leaf, std::span<const CertificatePtr> others,
                       std::span<const CrlPtr> crls, Role role, Time now) const;

  // CheckBrandCrlIdentifier verifies a BrandCRLIdentifier that came with a message: signed by the
  // brand CA found in `others` or in this store, in force at `now`, for the brand, and every CRL it
  // names in `crls` or in this store.
  Result<void> CheckBrandCrlIdentifier(const BrandCrlIdentifier& bci,
                                       std::span<const CertificatePtr> others,
                                       std::span<const CrlPtr> crls, std::string_view brand,
                                       Time now) const;

  // The configured BrandCRLIdentifier of a brand in force at `now`, null if there is none, and the
  // configured CRLs.
  BrandCrlIdentifierPtr CurrentBrandCrlIdentifier(std::string_view brand, Time now) const;
  const std::vector<CrlPtr>& crls() const;

  // The certificate that AddIntermediate made known by issuer (Name, DER) and serial (contents
  // octets), or null.
  CertificatePtr Find(OctetView issuer, OctetView serial) const;

  // Parses `der`, or finds it among the certificates seen in verified chains.
  Result<CertificatePtr> Parse(OctetView der) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace setcore::pki

#endif  // SETCORE_PKI_TRUST_STORE_H_
