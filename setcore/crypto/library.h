// The one private OpenSSL context of this library, with everything fetched from it that we use.
// Made once, never freed; the host's default context is never touched (measurements.md, 2).
#ifndef SETCORE_CRYPTO_LIBRARY_H_
#define SETCORE_CRYPTO_LIBRARY_H_

#include <openssl/types.h>

#include <string>
#include <tl/expected.hpp>

namespace setcore::crypto {

// Library owns nothing that ends: all pointers live as long as the process.
struct Library {
  OSSL_LIB_CTX* context = nullptr;
  EVP_MD* sha1 = nullptr;
  EVP_MD* sha256 = nullptr;
  EVP_CIPHER* des_cbc = nullptr;
  EVP_CIPHER* aes_256_gcm = nullptr;
  EVP_MAC* hmac = nullptr;
  EVP_KDF* scrypt = nullptr;
};

// Prepare makes the context on first use.  Gives why it cannot be used, for example that the
// legacy provider is not installed.  Any thread; later calls give the first answer again.
tl::expected<void, std::string> Prepare();

// Get gives the context.  Whoever opens a door to this library calls Prepare first; without it, or
// after its refusal, a context that cannot be made is std::runtime_error.
const Library& Get();

// ErrorMark keeps the calling thread's OpenSSL error queue as it found it.
class ErrorMark {
 public:
  ErrorMark();
  ~ErrorMark();
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
};

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_LIBRARY_H_
