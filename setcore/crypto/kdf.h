// scrypt (RFC 7914): a key from a passphrase.
#ifndef SETCORE_CRYPTO_KDF_H_
#define SETCORE_CRYPTO_KDF_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "setcore/crypto/secret.h"
#include "setcore/octets.h"

namespace setcore::crypto {

struct ScryptParameters {
  std::uint64_t n = std::uint64_t{1} << 15;  // cost, a power of two above 1
  std::uint32_t r = 8;                       // block size
  std::uint32_t p = 1;                       // parallelisation
};

// Memory that one derivation may take; parameters that need more are refused.
inline constexpr std::uint64_t kScryptMaxMemory = std::uint64_t{512} << 20;

// Scrypt derives `size` octets (1 to 1024).  Nothing when the parameters are not scrypt's or need
// more memory than the limit.
std::optional<SecretOctets> Scrypt(OctetView passphrase, OctetView salt,
                                   const ScryptParameters& parameters, std::size_t size);

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_KDF_H_
