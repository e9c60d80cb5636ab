#include "set/crypto.h"

#include <openssl/bio.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "set/dice.h"

namespace conform::set {
namespace {

void Must(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

Octets ViewToOctets(OctetView view) { return {view.begin(), view.end()}; }

// DES with one key is DES-EDE3 with the same key three times, which needs no legacy provider.
Octets DesCbc(OctetView key, OctetView iv, OctetView input, bool encrypt) {
  Must(key.size() == 8 && iv.size() == 8, "DES key or IV size");
  const Octets triple = Concat({key, key, key});
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  Must(EVP_CipherInit_ex(context.get(), EVP_des_ede3_cbc(), nullptr, triple.data(), iv.data(),
                         encrypt ? 1 : 0) == 1,
       "DES");
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  Octets out(input.size() + 8);
  int size = 0;
  int rest = 0;
  Must(EVP_CipherUpdate(context.get(), out.data(), &size, input.data(),
                        static_cast<int>(input.size())) == 1 &&
           EVP_CipherFinal_ex(context.get(), out.data() + size, &rest) == 1,
       "DES");
  out.resize(static_cast<std::size_t>(size + rest));
  return out;
}

struct Operation {
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context;
  explicit Operation(EVP_PKEY* key) : context(EVP_PKEY_CTX_new(key, nullptr), EVP_PKEY_CTX_free) {}
};

}  // namespace

Octets Concat(std::initializer_list<OctetView> parts) {
  Octets out;
  for (const OctetView part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Octets FromHex(std::string_view hex) {
  Octets octets(hex.size() / 2);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const char* digits = hex.data() + 2 * i;
    const auto read = std::from_chars(digits, digits + 2, octets[i], 16);
    if (read.ptr != digits + 2) throw std::runtime_error("not hex");
  }
  return octets;
}

std::string ToHex(OctetView octets) {
  std::string hex;
  for (const std::uint8_t octet : octets) {
    hex += "0123456789abcdef"[octet >> 4];
    hex += "0123456789abcdef"[octet & 15];
  }
  return hex;
}

std::string ToBase64(OctetView octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                                   static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

Octets FromBase64(std::string_view text) {
  std::string clean(text);
  std::erase_if(clean, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  Octets octets(clean.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(clean.data()),
                      static_cast<int>(clean.size()));
  if (size < 0) throw std::runtime_error("not base64");
  std::size_t padding = 0;
  while (padding < 2 && padding < clean.size() && clean[clean.size() - 1 - padding] == '=') {
    ++padding;
  }
  octets.resize(static_cast<std::size_t>(size) - padding);
  return octets;
}

Octets Sha1(OctetView data) {
  Octets digest(20);
  SHA1(data.data(), data.size(), digest.data());
  return digest;
}

Octets HmacSha1(OctetView data, OctetView key) {
  Octets mac(20);
  unsigned size = 20;
  Must(HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), data.data(), data.size(),
            mac.data(), &size) != nullptr,
       "HMAC");
  return mac;
}

Octets DesEncrypt(OctetView key, OctetView iv, OctetView plaintext) {
  Octets padded = ViewToOctets(plaintext);
  const std::size_t padding = 8 - padded.size() % 8;
  padded.insert(padded.end(), padding, static_cast<std::uint8_t>(padding));
  return DesCbc(key, iv, padded, true);
}

Octets DesDecrypt(OctetView key, OctetView iv, OctetView ciphertext) {
  Must(!ciphertext.empty() && ciphertext.size() % 8 == 0, "ciphertext of a strange size");
  Octets padded = DesCbc(key, iv, ciphertext, false);
  const std::size_t padding = padded.back();
  Must(
      padding >= 1 && padding <= 8 &&
          std::all_of(padded.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(padding, 8)),
                      padded.end(), [&](std::uint8_t octet) { return octet == padding; }),
      "DES padding");
  padded.resize(padded.size() - padding);
  return padded;
}

Octets WithOddParity(Octets key) {
  for (std::uint8_t& octet : key) {
    const int ones = __builtin_popcount(octet & 0xFE);
    octet = static_cast<std::uint8_t>((octet & 0xFE) | (ones % 2 == 0 ? 1 : 0));
  }
  return key;
}

Key Key::Generate(unsigned bits) {
  EVP_PKEY* key = EVP_RSA_gen(bits);
  Must(key != nullptr, "RSA key");
  return Key(key);
}

Key Key::FromPem(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
  Must(key != nullptr, "PEM key");
  return Key(key);
}

Key Key::FromPublic(OctetView subject_public_key) {
  const unsigned char* at = subject_public_key.data();
  EVP_PKEY* key = d2i_PUBKEY(nullptr, &at, static_cast<long>(subject_public_key.size()));
  Must(key != nullptr, "SubjectPublicKeyInfo");
  return Key(key);
}

std::size_t Key::size() const { return static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())); }

Octets Key::public_der() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  Must(size > 0, "SubjectPublicKeyInfo");
  Octets octets(der, der + size);
  OPENSSL_free(der);
  return octets;
}

std::string Key::Pem() const {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  Must(PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                     nullptr) == 1,
       "PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Octets Key::Sign(OctetView digest) const {
  const Operation sign(key_.get());
  Octets signature(size());
  std::size_t length = signature.size();
  Must(EVP_PKEY_sign_init(sign.context.get()) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(sign.context.get(), RSA_PKCS1_PADDING) == 1 &&
           EVP_PKEY_CTX_set_signature_md(sign.context.get(), EVP_sha1()) == 1 &&
           EVP_PKEY_sign(sign.context.get(), signature.data(), &length, digest.data(),
                         digest.size()) == 1,
       "signature");
  return signature;
}

bool Key::Verify(OctetView digest, OctetView signature) const {
  if (signature.size() != size()) return false;
  // The whole block is compared: 00 01 FF.. 00 DigestInfo.
  const Octets info = Concat({FromHex("3021300906052b0e03021a05000414"), digest});
  Octets block(size(), 0xFF);
  block[0] = 0;
  block[1] = 1;
  block[size() - info.size() - 1] = 0;
  std::copy(info.begin(), info.end(), block.end() - static_cast<std::ptrdiff_t>(info.size()));
  return RawPublic(signature) == block;
}

Octets Key::RawPublic(OctetView block) const {
  const Operation operation(key_.get());
  Octets out(size());
  std::size_t length = out.size();
  Must(EVP_PKEY_encrypt_init(operation.context.get()) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(operation.context.get(), RSA_NO_PADDING) == 1 &&
           EVP_PKEY_encrypt(operation.context.get(), out.data(), &length, block.data(),
                            block.size()) == 1,
       "RSA with the public key");
  return out;
}

Octets Key::RawPrivate(OctetView block) const {
  const Operation operation(key_.get());
  Octets out(size());
  std::size_t length = out.size();
  Must(EVP_PKEY_decrypt_init(operation.context.get()) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(operation.context.get(), RSA_NO_PADDING) == 1 &&
           EVP_PKEY_decrypt(operation.context.get(), out.data(), &length, block.data(),
                            block.size()) == 1,
       "RSA with the private key");
  return out;
}

Dice SeededDice(std::uint64_t seed) {
  return [seed, draw = std::uint64_t{0}](std::string_view name, std::size_t size) mutable {
    Octets octets;
    ++draw;
    for (std::uint64_t block = 0; octets.size() < size; ++block) {
      Octets input;
      for (const std::uint64_t word : {seed, draw, block}) {
        for (int shift = 56; shift >= 0; shift -= 8) {
          input.push_back(static_cast<std::uint8_t>(word >> shift));
        }
      }
      const Octets digest = Sha1(input);
      octets.insert(octets.end(), digest.begin(), digest.end());
    }
    octets.resize(size);
    // set-processing.md, 3.3: I is of 01..7F.
    if (name.ends_with("-i")) octets[0] = static_cast<std::uint8_t>((octets[0] & 0x7E) | 1);
    return octets;
  };
}

}  // namespace conform::set
