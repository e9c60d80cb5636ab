// RSA keys of SET: modulus of 1024 to 4096 bits, odd; public exponent odd, 3 to 2^32-1
// (set-processing.md, 3.4).  Key objects are immutable, cheap to copy and safe in any thread.
#ifndef SETCORE_CRYPTO_RSA_H_
#define SETCORE_CRYPTO_RSA_H_

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string_view>

#include "setcore/crypto/secret.h"
#include "setcore/error.h"
#include "setcore/octets.h"

namespace setcore::crypto {

inline constexpr std::size_t kMinModulusBits = 1024;
inline constexpr std::size_t kMaxModulusBits = 4096;

// The digest below a PKCS #1 v1.5 signature.
enum class SignatureDigest : std::uint8_t { kSha1, kSha256 };

class RsaKeyState;

class RsaPublicKey {
 public:
  // FromParts takes modulus and exponent as unsigned big-endian octets (leading zeros allowed).
  // A key outside the bounds above: invalidCertificate.
  static Result<RsaPublicKey> FromParts(OctetView modulus, OctetView exponent);
  // FromSpki reads a DER SubjectPublicKeyInfo with rsaEncryption and NULL parameters.
  static Result<RsaPublicKey> FromSpki(OctetView der);

  // Length of the modulus in octets: k of set-processing.md, 3.3.
  std::size_t size() const;
  Octets Spki() const;
  // Verify tells whether `signature` is the PKCS #1 v1.5 signature over `hash` (the digest itself).
  bool Verify(SignatureDigest digest, OctetView hash, OctetView signature) const;
  // RawEncrypt computes block^e mod n.  `block` has size() octets and a value below the modulus,
  // else unspecifiedFailure.
  Result<Octets> RawEncrypt(OctetView block) const;
  bool operator==(const RsaPublicKey& other) const;

 private:
  explicit RsaPublicKey(std::shared_ptr<const RsaKeyState> state) : state_(std::move(state)) {}
  friend class RsaPrivateKey;
  std::shared_ptr<const RsaKeyState> state_;
};

class RsaPrivateKey {
 public:
  // FromPkcs8 reads an unencrypted DER PrivateKeyInfo; its numbers must fit together.
  static Result<RsaPrivateKey> FromPkcs8(OctetView der);
  // FromPem reads the first "PRIVATE KEY" of `pem`.  An encrypted key is an error that names its
  // remedy, never a prompt.
  static Result<RsaPrivateKey> FromPem(OctetView pem);
  // Generate makes a new key with exponent 65537 from the context's own random source.
  static Result<RsaPrivateKey> Generate(std::size_t bits);

  std::size_t size() const;
  const RsaPublicKey& public_key() const { return public_key_; }
  SecretOctets Pkcs8() const;
  SecretString Pem() const;
  // Sign makes the PKCS #1 v1.5 signature over `hash` (the digest itself).
  Octets Sign(SignatureDigest digest, OctetView hash) const;
  // RawDecrypt computes block^d mod n with blinding: always size() octets.  A block of another
  // length or not below the modulus (both public) gives nothing.
  SecretOctets RawDecrypt(OctetView block) const;

 private:
  RsaPrivateKey(std::shared_ptr<const RsaKeyState> state, RsaPublicKey public_key)
      : state_(std::move(state)), public_key_(std::move(public_key)) {}
  std::shared_ptr<const RsaKeyState> state_;
  RsaPublicKey public_key_;
};

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_RSA_H_
