// SHA-1, SHA-256 and their HMACs.  They cannot fail on input; OpenSSL refusing its work throws
// std::runtime_error.  Any thread.
#ifndef SETCORE_CRYPTO_DIGEST_H_
#define SETCORE_CRYPTO_DIGEST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "setcore/octets.h"

namespace setcore::crypto {

inline constexpr std::size_t kSha1Size = 20;
inline constexpr std::size_t kSha256Size = 32;
using Sha1Digest = std::array<std::uint8_t, kSha1Size>;
using Sha256Digest = std::array<std::uint8_t, kSha256Size>;

Sha1Digest Sha1(OctetView octets);
Sha256Digest Sha256(OctetView octets);

// set-processing.md, 3: HMAC(t, k); also RFC 2104 for a key of any length.
Sha1Digest HmacSha1(OctetView key, OctetView data);
Sha256Digest HmacSha256(OctetView key, OctetView data);
// The same over the pieces of `data` one after another.
Sha256Digest HmacSha256(OctetView key, std::initializer_list<OctetView> data);

// Equal compares in a time that depends on the lengths only.
bool Equal(OctetView a, OctetView b);

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_DIGEST_H_
