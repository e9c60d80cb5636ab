#include "setcore/crypto/des.h"

#include <openssl/evp.h>

#include <bit>
#include <climits>
#include <memory>
#include <stdexcept>

#include "setcore/crypto/constant_time.h"
#include "setcore/crypto/library.h"

namespace setcore::crypto {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// Runs whole blocks through DES-CBC; `in` and `out` have the same length.
void Run(bool encrypt, OctetView key, OctetView iv, OctetView in, std::uint8_t* out) {
  ErrorMark mark;
  Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  if (key.size() != kDesBlock || iv.size() != kDesBlock || in.size() > INT_MAX - kDesBlock) {
    throw std::invalid_argument("DES key, IV or length");
  }
  int written = 0;
  int last = 0;
  if (context == nullptr ||
      EVP_CipherInit_ex2(context.get(), Get().des_cbc, key.data(), iv.data(), encrypt ? 1 : 0,
                         nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_CipherUpdate(context.get(), out, &written, in.data(), static_cast<int>(in.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), out + written, &last) != 1) {
    throw std::runtime_error("DES refused");
  }
}

}  // namespace

void SetOddParity(std::span<std::uint8_t> key) {
  for (std::uint8_t& octet : key) {
    const auto even = static_cast<std::uint8_t>(octet & 0xFE);
    octet = static_cast<std::uint8_t>(even | (~std::popcount(even) & 1));
  }
}

Octets DesCbcEncrypt(OctetView key, OctetView iv, OctetView plaintext) {
  const std::size_t padding = kDesBlock - plaintext.size() % kDesBlock;
  SecretOctets padded(plaintext.size() + padding);
  std::copy(plaintext.begin(), plaintext.end(), padded.data());
  std::fill_n(padded.data() + plaintext.size(), padding, static_cast<std::uint8_t>(padding));
  Octets out(padded.size());
  Run(true, key, iv, padded.view(), out.data());
  return out;
}

DesOpened DesCbcDecrypt(OctetView key, OctetView iv, OctetView ciphertext) {
  DesOpened opened;
  if (ciphertext.empty() || ciphertext.size() % kDesBlock != 0) return opened;
  opened.plaintext = SecretOctets(ciphertext.size());
  Run(false, key, iv, ciphertext, opened.plaintext.data());

  const std::uint8_t* last = opened.plaintext.data() + ciphertext.size() - kDesBlock;
  const std::uint32_t padding = last[kDesBlock - 1];
  std::uint32_t good = ~MaskZero(padding) & MaskLess(padding, kDesBlock + 1);
  for (std::uint32_t i = 0; i < kDesBlock; ++i) {
    const std::uint32_t in_padding = MaskLess(i, padding);
    good &= ~in_padding | MaskEqual(last[kDesBlock - 1 - i], padding);
  }
  opened.good = good;
  opened.plaintext.Truncate(ciphertext.size() - (padding & good));
  return opened;
}

}  // namespace setcore::crypto
