// The containers of RSA keys: SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), PrivateKeyInfo (PKCS#8,
// RFC 5208) around RSAPrivateKey (RFC 8017, A.1.2), and PEM.
#ifndef SETCORE_CRYPTO_PKCS8_H_
#define SETCORE_CRYPTO_PKCS8_H_

#include <string>
#include <string_view>
#include <vector>

#include "setcore/crypto/secret.h"
#include "setcore/error.h"
#include "setcore/octets.h"

namespace setcore::crypto {

// Unsigned big-endian numbers; views into what was read.
struct RsaPublicParts {
  OctetView modulus;
  OctetView exponent;
};

// Not DER, not rsaEncryption with NULL, or a negative number: decodingFailure.
Result<RsaPublicParts> ReadSpki(OctetView der);
// Takes numbers without leading zeros.
Octets WriteSpki(OctetView modulus, OctetView exponent);

struct RsaPrivateParts {
  OctetView modulus, public_exponent, private_exponent;
  OctetView prime1, prime2, exponent1, exponent2, coefficient;
};

// Errors as for ReadSpki.
Result<RsaPrivateParts> ReadPkcs8(OctetView der);

// The secret numbers of WritePkcs8, in the order of RSAPrivateKey.
struct RsaSecretNumbers {
  SecretOctets private_exponent, prime1, prime2, exponent1, exponent2, coefficient;
};
SecretOctets WritePkcs8(const RsaPublicParts& public_parts, const RsaSecretNumbers& secret);

// One block of a PEM text.
struct PemBlock {
  std::string label;   // "CERTIFICATE"
  std::string header;  // encapsulated headers, empty if there are none
  SecretOctets der;
};

// ReadPem gives all blocks of `text`; text between them is skipped.  A block that is not base64 or
// not closed: decodingFailure.  No block: an empty list.
Result<std::vector<PemBlock>> ReadPem(OctetView text);
SecretString WritePem(std::string_view label, OctetView der);

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_PKCS8_H_
