// DES-CBC as SET uses it: 1 to 8 octets of padding, each holding their number
// (set-processing.md, 3.2).  Opening never says why it failed, nor does it branch on it.
#ifndef SETCORE_CRYPTO_DES_H_
#define SETCORE_CRYPTO_DES_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "setcore/crypto/secret.h"
#include "setcore/octets.h"

namespace setcore::crypto {

inline constexpr std::size_t kDesBlock = 8;
using DesKey = SecretArray<kDesBlock>;

// SetOddParity makes the lowest bit of every octet the one that gives an odd number of ones.
void SetOddParity(std::span<std::uint8_t> key);

// DesCbcEncrypt pads and encrypts.  `key` and `iv` have 8 octets.
Octets DesCbcEncrypt(OctetView key, OctetView iv, OctetView plaintext);

// What DesCbcDecrypt gives: the plaintext without padding and all ones in `good`; or, when the
// padding is wrong, all octets and zero in `good`.
struct DesOpened {
  SecretOctets plaintext;
  std::uint32_t good = 0;
};

// DesCbcDecrypt decrypts.  A ciphertext that is empty or no multiple of 8 octets gives no plaintext
// and `good` zero (its length is public).
DesOpened DesCbcDecrypt(OctetView key, OctetView iv, OctetView ciphertext);

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_DES_H_
