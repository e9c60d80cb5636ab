#include "setcore/crypto/kdf.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>

#include "setcore/crypto/library.h"

namespace setcore::crypto {
namespace {
constexpr std::size_t kMaxDerived = 1024;
}

std::optional<SecretOctets> Scrypt(OctetView passphrase, OctetView salt,
                                   const ScryptParameters& parameters, std::size_t size) {
  ErrorMark mark;
  if (size == 0 || size > kMaxDerived) return std::nullopt;
  std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(Get().scrypt),
                                                                    &EVP_KDF_CTX_free);
  if (context == nullptr) throw std::runtime_error("scrypt refused");
  std::uint8_t none = 0;
  auto octets = [&none](OctetView view) {
    return view.empty() ? &none : const_cast<std::uint8_t*>(view.data());
  };
  std::uint64_t n = parameters.n;
  std::uint64_t limit = kScryptMaxMemory;
  std::uint32_t r = parameters.r;
  std::uint32_t p = parameters.p;
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, octets(passphrase),
                                        passphrase.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, octets(salt), salt.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &limit),
      OSSL_PARAM_construct_end()};
  SecretOctets out(size);
  if (EVP_KDF_derive(context.get(), out.data(), out.size(), params) != 1) return std::nullopt;
  return out;
}

}  // namespace setcore::crypto
