// AES-256-GCM for what is stored.  SET messages never use it.
#ifndef SETCORE_CRYPTO_AEAD_H_
#define SETCORE_CRYPTO_AEAD_H_

#include <cstddef>
#include <optional>

#include "setcore/crypto/secret.h"
#include "setcore/octets.h"

namespace setcore::crypto {

inline constexpr std::size_t kAeadKeySize = 32;
inline constexpr std::size_t kAeadNonceSize = 12;
inline constexpr std::size_t kAeadTagSize = 16;

// AeadSeal gives ciphertext and tag, plaintext.size() + 16 octets.  `key` has 32 octets and `nonce`
// 12, never used twice with one key; `associated` is authenticated, not encrypted.  Other lengths
// are std::invalid_argument.
Octets AeadSeal(OctetView key, OctetView nonce, OctetView associated, OctetView plaintext);

// AeadOpen gives the plaintext, or nothing if any octet of key, nonce, associated data, ciphertext
// or tag is not that of the sealing.
std::optional<SecretOctets> AeadOpen(OctetView key, OctetView nonce, OctetView associated,
                                     OctetView sealed);

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_AEAD_H_
