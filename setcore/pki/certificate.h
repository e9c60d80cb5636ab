// Certificates of the SET profile (set-messages.asn, section 16), read by our own strict DER layer.
// Parsed certificates are immutable and shared; any thread.
#ifndef SETCORE_PKI_CERTIFICATE_H_
#define SETCORE_PKI_CERTIFICATE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/asn1/oid.h"
#include "setcore/crypto/digest.h"
#include "setcore/crypto/rsa.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"

namespace setcore::pki {

// certificateType, one bit each; bit n of the BIT STRING is 1 << n here.
enum CertificateType : std::uint16_t {
  kCard = 1 << 0,
  kMer = 1 << 1,
  kPgwy = 1 << 2,
  kCca = 1 << 3,
  kMca = 1 << 4,
  kPca = 1 << 5,
  kGca = 1 << 6,
  kBca = 1 << 7,
  kRca = 1 << 8,
  kAcq = 1 << 9,
};

// keyUsage (RFC 5280, 4.2.1.3), bit n of the BIT STRING is 1 << n here.
enum KeyUsage : std::uint16_t {
  kDigitalSignature = 1 << 0,
  kNonRepudiation = 1 << 1,
  kKeyEncipherment = 1 << 2,
  kDataEncipherment = 1 << 3,
  kKeyAgreement = 1 << 4,
  kKeyCertSign = 1 << 5,
  kCrlSign = 1 << 6,
};

// MerNames; all text is UTF-8.
struct MerchantName {
  std::optional<std::string> language;
  std::string name;
  std::string city;
  std::optional<std::string> state_province;
  std::optional<std::string> postal_code;
  std::string country_name;
};

// merchantData.
struct MerchantData {
  std::string merchant_id;
  std::string acquirer_bin;
  std::vector<MerchantName> names;
  int country = 0;  // ISO 3166 numeric
  bool auth_flag = true;
};

// tunneling.
struct Tunneling {
  bool tunneling = true;
  std::vector<der::Oid> algorithms;  // in order of preference
};

// The attributes of a distinguished name that SET uses; text is UTF-8, in the order of the Name.
struct NameParts {
  std::string country;
  std::string organization;  // the BrandID, with a product if there is one
  std::vector<std::string> units;
  std::string common_name;
};

class Certificate;
using CertificatePtr = std::shared_ptr<const Certificate>;

class Certificate {
 public:
  // Parse reads one certificate; `der` is copied.  Not a certificate in DER: decodingFailure.  A
  // certificate with a malformed known extension, an unknown critical one or a key that SET does
  // not allow is parsed, and says so in fault(): whoever uses it fails with that.
  static Result<CertificatePtr> Parse(OctetView der);

  OctetView der() const { return der_; }
  // The to-be-signed part, whose SHA-1 is the thumb (set-processing.md, 2.4).
  OctetView to_be_signed() const { return tbs_; }
  const crypto::Sha1Digest& thumb() const { return thumb_; }
  // Names as DER; compared octet for octet.
  OctetView issuer() const { return issuer_; }
  OctetView subject() const { return subject_; }
  // Contents octets of the INTEGER.
  OctetView serial() const { return serial_; }
  const NameParts& subject_parts() const { return subject_parts_; }
  Time not_before() const { return not_before_; }
  Time not_after() const { return not_after_; }
  // Absent only if fault() is set.
  const crypto::RsaPublicKey* key() const { return key_ ? &*key_ : nullptr; }

  bool is_ca() const { return is_ca_; }
  std::optional<int> path_length() const { return path_length_; }
  std::uint16_t key_usage() const { return key_usage_; }
  std::uint16_t types() const { return types_; }
  const std::optional<MerchantData>& merchant_data() const { return merchant_data_; }
  bool card_cert_required() const { return card_cert_required_; }
  const std::optional<Tunneling>& tunneling() const { return tunneling_; }
  const std::vector<der::Oid>& set_extensions() const { return set_extensions_; }
  // The digest in hashedRootKey; empty if absent.
  OctetView hashed_root_key() const { return hashed_root_key_; }
  // authorityKeyIdentifier: issuer Name (DER) and serial of the issuer's certificate; both empty if
  // absent.
  OctetView authority_issuer() const { return authority_issuer_; }
  OctetView authority_serial() const { return authority_serial_; }
  const std::optional<Error>& fault() const { return fault_; }

  // Tells whether the signature on this certificate was made with `key`.
  bool IsSignedBy(const crypto::RsaPublicKey& key) const;

 private:
  friend class CertificateParser;
  Certificate() = default;

  Octets der_;
  OctetView tbs_, issuer_, subject_, serial_, signature_;
  OctetView hashed_root_key_, authority_issuer_, authority_serial_;
  crypto::SignatureDigest signature_digest_ = crypto::SignatureDigest::kSha1;
  crypto::Sha1Digest thumb_{};
  NameParts subject_parts_;
  Time not_before_ = 0;
  Time not_after_ = 0;
  std::optional<crypto::RsaPublicKey> key_;
  bool is_ca_ = false;
  std::optional<int> path_length_;
  std::uint16_t key_usage_ = 0;
  std::uint16_t types_ = 0;
  std::optional<MerchantData> merchant_data_;
  bool card_cert_required_ = false;
  std::optional<Tunneling> tunneling_;
  std::vector<der::Oid> set_extensions_;
  std::optional<Error> fault_;
};

// Chains: leaf first, then upwards.
using Chain = std::vector<CertificatePtr>;

// ReadPemChain reads every "CERTIFICATE" block of `pem`, in its order.  None: decodingFailure.
Result<Chain> ReadPemChain(OctetView pem);
// WritePem is the reverse.
std::string WritePem(std::span<const CertificatePtr> chain);

// CertifiedKey is a private key with the chain of its certificate, leaf first.
struct CertifiedKey {
  crypto::RsaPrivateKey key;
  Chain chain;

  const CertificatePtr& certificate() const { return chain.front(); }
  // FromPem takes a PEM chain (leaf first, root last or left out) and a PKCS#8 PEM key.  A key that
  // is not the leaf's: invalidCertificate.
  static Result<CertifiedKey> FromPem(OctetView chain_pem, OctetView key_pem);
};

// UniqueCardholderId gives the commonName of a cardholder certificate: Base64 of the HMAC-SHA-1
// under PANSecret over the account data.  O-7
std::string UniqueCardholderId(std::string_view pan, std::string_view card_expiry,
                               OctetView pan_secret);

}  // namespace setcore::pki

#endif  // SETCORE_PKI_CERTIFICATE_H_
