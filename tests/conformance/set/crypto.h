// The algorithms of SET 1.0 over OpenSSL's default provider.  A failure throws
// std::runtime_error.
#ifndef TESTS_CONFORMANCE_SET_CRYPTO_H_
#define TESTS_CONFORMANCE_SET_CRYPTO_H_

#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "setcore/octets.h"

namespace conform::set {

using setcore::Octets;
using setcore::OctetView;

Octets Concat(std::initializer_list<OctetView> parts);
Octets FromHex(std::string_view hex);
std::string ToHex(OctetView octets);
std::string ToBase64(OctetView octets);
Octets FromBase64(std::string_view text);  // white space is skipped

Octets Sha1(OctetView data);
Octets HmacSha1(OctetView data, OctetView key);
// 1 to 8 octets of padding, each holding their number.
Octets DesEncrypt(OctetView key, OctetView iv, OctetView plaintext);
// Throws if the padding is wrong.
Octets DesDecrypt(OctetView key, OctetView iv, OctetView ciphertext);
Octets WithOddParity(Octets key);

// An RSA key pair, or a public key alone.
class Key {
 public:
  Key() = default;
  static Key Generate(unsigned bits);
  static Key FromPem(const std::string& pem);           // PKCS #8
  static Key FromPublic(OctetView subject_public_key);  // SubjectPublicKeyInfo

  std::size_t size() const;  // of the modulus, in octets
  Octets public_der() const;
  std::string Pem() const;

  // PKCS #1 v1.5 over DigestInfo(SHA-1) of a digest.
  Octets Sign(OctetView digest) const;
  bool Verify(OctetView digest, OctetView signature) const;
  Octets RawPublic(OctetView block) const;
  Octets RawPrivate(OctetView block) const;

 private:
  explicit Key(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_CRYPTO_H_
