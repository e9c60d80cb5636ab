#include "setcore/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>

#include "setcore/crypto/library.h"

namespace setcore::crypto {
namespace {

[[noreturn]] void Refused(const char* what) { throw std::runtime_error(what); }

template <std::size_t N>
std::array<std::uint8_t, N> Hash(EVP_MD* md, OctetView octets) {
  ErrorMark mark;
  std::array<std::uint8_t, N> out{};
  if (EVP_Digest(octets.data(), octets.size(), out.data(), nullptr, md, nullptr) != 1) {
    Refused("digest refused");
  }
  return out;
}

template <std::size_t N>
std::array<std::uint8_t, N> Mac(const char* digest, OctetView key,
                                std::initializer_list<OctetView> data) {
  ErrorMark mark;
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(EVP_MAC_CTX_new(Get().hmac),
                                                                    &EVP_MAC_CTX_free);
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest), 0),
      OSSL_PARAM_construct_end()};
  const std::uint8_t none = 0;
  const std::uint8_t* key_data = key.empty() ? &none : key.data();
  std::array<std::uint8_t, N> out{};
  std::size_t size = 0;
  if (context == nullptr || EVP_MAC_init(context.get(), key_data, key.size(), params) != 1) {
    Refused("HMAC refused");
  }
  for (OctetView piece : data) {
    if (EVP_MAC_update(context.get(), piece.data(), piece.size()) != 1) Refused("HMAC refused");
  }
  if (EVP_MAC_final(context.get(), out.data(), &size, out.size()) != 1 || size != N) {
    Refused("HMAC refused");
  }
  return out;
}

}  // namespace

Sha1Digest Sha1(OctetView octets) { return Hash<kSha1Size>(Get().sha1, octets); }
Sha256Digest Sha256(OctetView octets) { return Hash<kSha256Size>(Get().sha256, octets); }

Sha1Digest HmacSha1(OctetView key, OctetView data) { return Mac<kSha1Size>("SHA1", key, {data}); }
Sha256Digest HmacSha256(OctetView key, OctetView data) {
  return Mac<kSha256Size>("SHA2-256", key, {data});
}
Sha256Digest HmacSha256(OctetView key, std::initializer_list<OctetView> data) {
  return Mac<kSha256Size>("SHA2-256", key, data);
}

bool Equal(OctetView a, OctetView b) {
  if (a.size() != b.size()) return false;
  return a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace setcore::crypto
