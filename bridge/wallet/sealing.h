// How secrets lie in a wallet's store.  A random wallet key seals every record with AES-256-GCM;
// the record's place is authenticated with it, so that a record opens nowhere else.  The wallet key
// itself is wrapped by a key that scrypt makes from the passphrase.
#ifndef BRIDGE_WALLET_SEALING_H_
#define BRIDGE_WALLET_SEALING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "setcore/crypto/aead.h"
#include "setcore/crypto/kdf.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/octets.h"

namespace bridge {

inline constexpr std::size_t kWalletKeySize = setcore::crypto::kAeadKeySize;
inline constexpr std::size_t kScryptSaltSize = 16;

// scrypt's N (interfaces.md 3): what wallets have, and what wallets of tests may have.
inline constexpr std::uint64_t kScryptN = std::uint64_t{1} << 15;
inline constexpr std::uint64_t kScryptTestN = std::uint64_t{1} << 10;

// A sealed record is version (1 octet), nonce (12), ciphertext, tag (16).
inline constexpr std::uint8_t kSealVersion = 1;
inline constexpr std::size_t kSealOverhead =
    1 + setcore::crypto::kAeadNonceSize + setcore::crypto::kAeadTagSize;

// Seal makes a record for `place`, for example "instrument/visa-gold".  `key` has 32 octets.
setcore::Octets Seal(setcore::OctetView key, std::string_view place, setcore::OctetView secret,
                     setcore::Random& random);

// Unseal gives the secret, or nothing when `key` or `place` is another one than at sealing or any
// octet of the record is.
std::optional<setcore::SecretOctets> Unseal(setcore::OctetView key, std::string_view place,
                                            setcore::OctetView record);

// WrappedKey is a wallet key as it is stored.  Parameters and salt are authenticated with it.
struct WrappedKey {
  setcore::crypto::ScryptParameters scrypt;
  setcore::Octets salt;
  setcore::Octets record;
};

// Wrap locks `key` under `passphrase` with a new salt.  Parameters that scrypt does not take are
// std::invalid_argument.
WrappedKey Wrap(setcore::OctetView key, std::string_view passphrase,
                const setcore::crypto::ScryptParameters& parameters, setcore::Random& random);

// Unwrap gives the wallet key, or nothing when the passphrase is wrong or the record is damaged.
// Takes about 100 ms and 32 MiB with the default parameters.
std::optional<setcore::SecretOctets> Unwrap(const WrappedKey& wrapped, std::string_view passphrase);

}  // namespace bridge

#endif  // BRIDGE_WALLET_SEALING_H_
