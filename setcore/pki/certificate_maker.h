// Makes certificates, CRLs and BrandCRLIdentifiers of the SET profile: for `set-bridge pki`, for
// the demonstration and for tests.  What it makes, Certificate::Parse and TrustStore::Verify
// accept.
#ifndef SETCORE_PKI_CERTIFICATE_MAKER_H_
#define SETCORE_PKI_CERTIFICATE_MAKER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "setcore/crypto/rsa.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"

namespace setcore::pki {

// CertificateProfile is everything a certificate says but the keys.  Start from one of the
// functions below and change what differs.
struct CertificateProfile {
  std::uint64_t serial = 1;
  NameParts subject;
  Time not_before = 0;
  Time not_after = 0;
  bool ca = false;
  std::optional<int> path_length;
  std::uint16_t key_usage = 0;  // KeyUsage bits
  std::uint16_t types = 0;      // CertificateType bits
  std::optional<MerchantData> merchant_data;
  std::optional<bool> card_cert_required;
  std::optional<Tunneling> tunneling;
  std::optional<std::vector<der::Oid>> set_extensions;
  // SHA-1 of the SubjectPublicKeyInfo of the next root key, for a root.
  std::optional<crypto::Sha1Digest> next_root_key;
  crypto::SignatureDigest digest = crypto::SignatureDigest::kSha1;
};

// Who signs.  Without a certificate the new one is self-signed by `key`.
struct Issuer {
  const crypto::RsaPrivateKey& key;
  const Certificate* certificate = nullptr;
};

// MakeCertificate composes and signs.  Times that UTCTime cannot hold (before 1950, after 2049) or
// fields out of their bounds: unspecifiedFailure.
Result<CertificatePtr> MakeCertificate(const CertificateProfile& profile,
                                       const crypto::RsaPublicKey& key, const Issuer& issuer);

// The to-be-signed part alone.
Result<Octets> ComposeToBeSigned(const CertificateProfile& profile, const crypto::RsaPublicKey& key,
                                 const Certificate* issuer);

// Profiles with types, key usage, basic constraints and the extensions their kind has; the caller
// sets serial and validity.
CertificateProfile RootProfile(std::string country, std::string organization,
                               std::string common_name);
// `type` is one of kCca, kMca, kPca, kGca, kBca; `unit` may be empty.
CertificateProfile AuthorityProfile(CertificateType type, std::string country, std::string brand,
                                    std::string unit, std::string common_name);
// `brand` may hold a product ("VISA:Gold"); `unique_id` is UniqueCardholderId.
CertificateProfile CardholderProfile(std::string country, std::string brand, std::string bank,
                                     std::string unique_id);
// Signature or key-exchange certificate of a merchant; commonName is "merchant_id:1".
CertificateProfile MerchantProfile(bool exchange, std::string country, std::string brand,
                                   std::string bank, std::string shop, MerchantData data);
// Signature or key-exchange certificate of a gateway; commonName is "bin:1".  The key-exchange one
// carries cardCertRequired, tunneling (DES) and an empty setExtensions.
CertificateProfile GatewayProfile(bool exchange, std::string country, std::string brand,
                                  std::string acquirer, const std::string& bin,
                                  bool card_cert_required);

// MakeCrl signs a CRL of `issuer` that revokes `serials` at `this_update`.
Result<Octets> MakeCrl(const Issuer& issuer, std::uint64_t number, Time this_update,
                       Time next_update, std::span<const std::uint64_t> serials,
                       crypto::SignatureDigest digest = crypto::SignatureDigest::kSha1);

// MakeBrandCrlIdentifier signs the list of CRLs (issuer Name in DER, cRLNumber) in force for
// `brand` with the key of the brand CA.
Result<Octets> MakeBrandCrlIdentifier(const crypto::RsaPrivateKey& brand_ca, std::uint64_t sequence,
                                      std::string_view brand, Time not_before, Time not_after,
                                      std::span<const std::pair<Octets, std::uint64_t>> crls);

}  // namespace setcore::pki

#endif  // SETCORE_PKI_CERTIFICATE_MAKER_H_
