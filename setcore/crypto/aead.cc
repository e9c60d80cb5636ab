#include "setcore/crypto/aead.h"

#include <openssl/evp.h>

#include <climits>
#include <memory>
#include <stdexcept>

#include "setcore/crypto/library.h"

namespace setcore::crypto {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Context Begin(bool encrypt, OctetView key, OctetView nonce, OctetView associated) {
  if (key.size() != kAeadKeySize || nonce.size() != kAeadNonceSize || associated.size() > INT_MAX) {
    throw std::invalid_argument("AES-256-GCM key or nonce");
  }
  Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int written = 0;
  if (context == nullptr ||
      EVP_CipherInit_ex2(context.get(), Get().aes_256_gcm, key.data(), nonce.data(),
                         encrypt ? 1 : 0, nullptr) != 1 ||
      (!associated.empty() && EVP_CipherUpdate(context.get(), nullptr, &written, associated.data(),
                                               static_cast<int>(associated.size())) != 1)) {
    throw std::runtime_error("AES-256-GCM refused");
  }
  return context;
}

}  // namespace

Octets AeadSeal(OctetView key, OctetView nonce, OctetView associated, OctetView plaintext) {
  ErrorMark mark;
  if (plaintext.size() > INT_MAX - kAeadTagSize) throw std::invalid_argument("too long");
  Context context = Begin(true, key, nonce, associated);
  Octets out(plaintext.size() + kAeadTagSize);
  int written = 0;
  int last = 0;
  if ((!plaintext.empty() && EVP_CipherUpdate(context.get(), out.data(), &written, plaintext.data(),
                                              static_cast<int>(plaintext.size())) != 1) ||
      EVP_CipherFinal_ex(context.get(), out.data() + written, &last) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kAeadTagSize,
                          out.data() + plaintext.size()) != 1) {
    throw std::runtime_error("AES-256-GCM refused");
  }
  return out;
}

std::optional<SecretOctets> AeadOpen(OctetView key, OctetView nonce, OctetView associated,
                                     OctetView sealed) {
  ErrorMark mark;
  if (sealed.size() < kAeadTagSize || sealed.size() > INT_MAX) return std::nullopt;
  Context context = Begin(false, key, nonce, associated);
  const std::size_t size = sealed.size() - kAeadTagSize;
  SecretOctets out(size);
  Octets tag(sealed.begin() + static_cast<std::ptrdiff_t>(size), sealed.end());
  std::uint8_t none = 0;
  int written = 0;
  int last = 0;
  if ((size != 0 && EVP_CipherUpdate(context.get(), out.data(), &written, sealed.data(),
                                     static_cast<int>(size)) != 1) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, tag.data()) != 1 ||
      EVP_CipherFinal_ex(context.get(), size == 0 ? &none : out.data() + written, &last) != 1) {
    return std::nullopt;
  }
  return out;
}

}  // namespace setcore::crypto
