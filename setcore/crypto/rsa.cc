#include "setcore/crypto/rsa.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <array>
#include <initializer_list>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "setcore/crypto/digest.h"
#include "setcore/crypto/library.h"
#include "setcore/crypto/pkcs8.h"

namespace setcore::crypto {
namespace {

constexpr std::size_t kMaxExponentOctets = 4;
constexpr std::size_t kMaxIdleContexts = 4;

template <class T, void (*kFree)(T*)>
struct Deleter {
  void operator()(T* object) const { kFree(object); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using ContextHandle = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BIGNUM, BN_clear_free>>;

OctetView WithoutLeadingZeros(OctetView octets) {
  while (!octets.empty() && octets.front() == 0) octets = octets.subspan(1);
  return octets;
}

std::size_t Bits(OctetView trimmed) {
  if (trimmed.empty()) return 0;
  std::size_t bits = trimmed.size() * 8;
  for (std::uint8_t mask = 0x80; (trimmed.front() & mask) == 0; mask >>= 1) --bits;
  return bits;
}

Number ToNumber(OctetView octets) {
  return Number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

// Makes a key of named numbers, or null.
KeyHandle FromNumbers(int selection,
                      std::initializer_list<std::pair<const char*, const BIGNUM*>> numbers) {
  std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>> builder(
      OSSL_PARAM_BLD_new());
  for (const auto& [name, number] : numbers) {
    if (number == nullptr || OSSL_PARAM_BLD_push_BN(builder.get(), name, number) != 1) return {};
  }
  std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM, OSSL_PARAM_free>> params(
      OSSL_PARAM_BLD_to_param(builder.get()));
  ContextHandle context(EVP_PKEY_CTX_new_from_name(Get().context, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) {
    return {};
  }
  return KeyHandle(key);
}

enum class Operation : std::uint8_t {
  kVerifySha1,
  kVerifySha256,
  kEncrypt,
  kSignSha1,
  kSignSha256,
  kDecrypt
};
constexpr std::size_t kOperations = 6;

bool Initialise(Operation operation, EVP_PKEY_CTX* context) {
  const Library& library = Get();
  switch (operation) {
    case Operation::kVerifySha1:
    case Operation::kVerifySha256:
      return EVP_PKEY_verify_init(context) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(
                 context, operation == Operation::kVerifySha1 ? library.sha1 : library.sha256) == 1;
    case Operation::kSignSha1:
    case Operation::kSignSha256:
      return EVP_PKEY_sign_init(context) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(
                 context, operation == Operation::kSignSha1 ? library.sha1 : library.sha256) == 1;
    case Operation::kEncrypt:
      return EVP_PKEY_encrypt_init(context) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1;
    case Operation::kDecrypt:
      return EVP_PKEY_decrypt_init(context) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1;
  }
  return false;
}

}  // namespace

// A key with its contexts that wait for work; a context serves one thread at a time.
class RsaKeyState {
 public:
  RsaKeyState(KeyHandle key, std::size_t size, Octets modulus, Octets exponent)
      : size_(size),
        modulus_(std::move(modulus)),
        exponent_(std::move(exponent)),
        key_(std::move(key)) {}

  ContextHandle Take(Operation operation) const {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      auto& idle = idle_[static_cast<std::size_t>(operation)];
      if (!idle.empty()) {
        ContextHandle context = std::move(idle.back());
        idle.pop_back();
        return context;
      }
    }
    ContextHandle context(EVP_PKEY_CTX_new_from_pkey(Get().context, key_.get(), nullptr));
    if (context == nullptr || !Initialise(operation, context.get())) {
      throw std::runtime_error("RSA context refused");
    }
    return context;
  }

  void Give(Operation operation, ContextHandle context) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& idle = idle_[static_cast<std::size_t>(operation)];
    if (idle.size() < kMaxIdleContexts) idle.push_back(std::move(context));
  }

  std::size_t size() const { return size_; }
  OctetView modulus() const { return modulus_; }
  OctetView exponent() const { return exponent_; }
  EVP_PKEY* key() const { return key_.get(); }

 private:
  std::size_t size_;
  Octets modulus_;
  Octets exponent_;
  KeyHandle key_;
  mutable std::mutex mutex_;
  mutable std::array<std::vector<ContextHandle>, kOperations> idle_;
};

// --- public -----------------------------------------------------------------------------------

Result<RsaPublicKey> RsaPublicKey::FromParts(OctetView modulus, OctetView exponent) {
  ErrorMark mark;
  modulus = WithoutLeadingZeros(modulus);
  exponent = WithoutLeadingZeros(exponent);
  const std::size_t bits = Bits(modulus);
  const bool exponent_ok = !exponent.empty() && exponent.size() <= kMaxExponentOctets &&
                           (exponent.back() & 1) == 1 &&
                           !(exponent.size() == 1 && exponent.front() == 1);
  if (bits < kMinModulusBits || bits > kMaxModulusBits || (modulus.back() & 1) == 0 ||
      !exponent_ok) {
    return Fail(ErrorCode::kInvalidCertificate,
                "RSA key: modulus of 1024 to 4096 bits and odd, exponent odd, 3 to 2^32-1");
  }
  const Number n = ToNumber(modulus);
  const Number e = ToNumber(exponent);
  KeyHandle key = FromNumbers(EVP_PKEY_PUBLIC_KEY,
                              {{OSSL_PKEY_PARAM_RSA_N, n.get()}, {OSSL_PKEY_PARAM_RSA_E, e.get()}});
  if (key == nullptr) return Fail(ErrorCode::kInvalidCertificate, "RSA key refused");
  return RsaPublicKey(std::make_shared<const RsaKeyState>(
      std::move(key), modulus.size(), Octets(modulus.begin(), modulus.end()),
      Octets(exponent.begin(), exponent.end())));
}

Result<RsaPublicKey> RsaPublicKey::FromSpki(OctetView der) {
  auto parts = ReadSpki(der);
  if (!parts) return tl::unexpected(parts.error());
  return FromParts(parts->modulus, parts->exponent);
}

std::size_t RsaPublicKey::size() const { return state_->size(); }

Octets RsaPublicKey::Spki() const { return WriteSpki(state_->modulus(), state_->exponent()); }

bool RsaPublicKey::Verify(SignatureDigest digest, OctetView hash, OctetView signature) const {
  const bool sha1 = digest == SignatureDigest::kSha1;
  if (hash.size() != (sha1 ? kSha1Size : kSha256Size) || signature.size() != size()) return false;
  ErrorMark mark;
  const Operation operation = sha1 ? Operation::kVerifySha1 : Operation::kVerifySha256;
  ContextHandle context = state_->Take(operation);
  const int verified =
      EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.data(), hash.size());
  state_->Give(operation, std::move(context));
  return verified == 1;
}

Result<Octets> RsaPublicKey::RawEncrypt(OctetView block) const {
  ErrorMark mark;
  ContextHandle context = state_->Take(Operation::kEncrypt);
  Octets out(size());
  std::size_t written = out.size();
  if (block.size() != size() ||
      EVP_PKEY_encrypt(context.get(), out.data(), &written, block.data(), block.size()) != 1 ||
      written != out.size()) {
    return Fail(ErrorCode::kUnspecifiedFailure, "RSA block is not below the modulus");
  }
  state_->Give(Operation::kEncrypt, std::move(context));
  return out;
}

bool RsaPublicKey::operator==(const RsaPublicKey& other) const {
  return std::ranges::equal(state_->modulus(), other.state_->modulus()) &&
         std::ranges::equal(state_->exponent(), other.state_->exponent());
}

// --- private ----------------------------------------------------------------------------------

Result<RsaPrivateKey> RsaPrivateKey::FromPkcs8(OctetView der) {
  ErrorMark mark;
  auto parts = ReadPkcs8(der);
  if (!parts) return tl::unexpected(parts.error());
  auto public_key = RsaPublicKey::FromParts(parts->modulus, parts->public_exponent);
  if (!public_key) return tl::unexpected(public_key.error());
  const Number n = ToNumber(parts->modulus);
  const Number e = ToNumber(parts->public_exponent);
  const Number d = ToNumber(parts->private_exponent);
  const Number p = ToNumber(parts->prime1);
  const Number q = ToNumber(parts->prime2);
  const Number dp = ToNumber(parts->exponent1);
  const Number dq = ToNumber(parts->exponent2);
  const Number qi = ToNumber(parts->coefficient);
  KeyHandle key = FromNumbers(EVP_PKEY_KEYPAIR, {{OSSL_PKEY_PARAM_RSA_N, n.get()},
                                                 {OSSL_PKEY_PARAM_RSA_E, e.get()},
                                                 {OSSL_PKEY_PARAM_RSA_D, d.get()},
                                                 {OSSL_PKEY_PARAM_RSA_FACTOR1, p.get()},
                                                 {OSSL_PKEY_PARAM_RSA_FACTOR2, q.get()},
                                                 {OSSL_PKEY_PARAM_RSA_EXPONENT1, dp.get()},
                                                 {OSSL_PKEY_PARAM_RSA_EXPONENT2, dq.get()},
                                                 {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qi.get()}});
  if (key == nullptr) return Fail(ErrorCode::kInvalidCertificate, "private key refused");
  ContextHandle check(EVP_PKEY_CTX_new_from_pkey(Get().context, key.get(), nullptr));
  if (check == nullptr || EVP_PKEY_pairwise_check(check.get()) != 1) {
    return Fail(ErrorCode::kInvalidCertificate, "private key: its numbers do not fit together");
  }
  const std::size_t size = public_key->size();
  return RsaPrivateKey(
      std::make_shared<const RsaKeyState>(std::move(key), size, Octets(), Octets()),
      *std::move(public_key));
}

Result<RsaPrivateKey> RsaPrivateKey::Generate(std::size_t bits) {
  ErrorMark mark;
  if (bits < kMinModulusBits || bits > kMaxModulusBits) {
    return Fail(ErrorCode::kUnspecifiedFailure, "RSA keys have 1024 to 4096 bits");
  }
  ContextHandle context(EVP_PKEY_CTX_new_from_name(Get().context, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  if (context == nullptr || EVP_PKEY_keygen_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), static_cast<int>(bits)) != 1 ||
      EVP_PKEY_generate(context.get(), &made) != 1) {
    throw std::runtime_error("RSA key generation refused");
  }
  KeyHandle key(made);
  auto number = [&key](const char* name) {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), name, &value) != 1) {
      throw std::runtime_error("RSA key generation refused");
    }
    const Number owned(value);
    Octets out(static_cast<std::size_t>(BN_num_bytes(value)));
    BN_bn2bin(value, out.data());
    return out;
  };
  auto public_key =
      RsaPublicKey::FromParts(number(OSSL_PKEY_PARAM_RSA_N), number(OSSL_PKEY_PARAM_RSA_E));
  if (!public_key) return tl::unexpected(public_key.error());
  const std::size_t size = public_key->size();
  return RsaPrivateKey(
      std::make_shared<const RsaKeyState>(std::move(key), size, Octets(), Octets()),
      *std::move(public_key));
}

std::size_t RsaPrivateKey::size() const { return state_->size(); }

SecretOctets RsaPrivateKey::Pkcs8() const {
  ErrorMark mark;
  auto number = [this](const char* name) {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(state_->key(), name, &value) != 1) {
      throw std::runtime_error("RSA key without its numbers");
    }
    const Number owned(value);
    SecretOctets out(static_cast<std::size_t>(BN_num_bytes(value)));
    BN_bn2bin(value, out.data());
    return out;
  };
  return WritePkcs8(
      {public_key_.state_->modulus(), public_key_.state_->exponent()},
      {number(OSSL_PKEY_PARAM_RSA_D), number(OSSL_PKEY_PARAM_RSA_FACTOR1),
       number(OSSL_PKEY_PARAM_RSA_FACTOR2), number(OSSL_PKEY_PARAM_RSA_EXPONENT1),
       number(OSSL_PKEY_PARAM_RSA_EXPONENT2), number(OSSL_PKEY_PARAM_RSA_COEFFICIENT1)});
}

Octets RsaPrivateKey::Sign(SignatureDigest digest, OctetView hash) const {
  ErrorMark mark;
  const bool sha1 = digest == SignatureDigest::kSha1;
  const Operation operation = sha1 ? Operation::kSignSha1 : Operation::kSignSha256;
  ContextHandle context = state_->Take(operation);
  Octets out(size());
  std::size_t written = out.size();
  if (hash.size() != (sha1 ? kSha1Size : kSha256Size) ||
      EVP_PKEY_sign(context.get(), out.data(), &written, hash.data(), hash.size()) != 1 ||
      written != out.size()) {
    throw std::runtime_error("RSA signature refused");
  }
  state_->Give(operation, std::move(context));
  return out;
}

SecretOctets RsaPrivateKey::RawDecrypt(OctetView block) const {
  ErrorMark mark;
  if (block.size() != size()) return {};
  ContextHandle context = state_->Take(Operation::kDecrypt);
  SecretOctets out(size());
  std::size_t written = out.size();
  if (EVP_PKEY_decrypt(context.get(), out.data(), &written, block.data(), block.size()) != 1 ||
      written != out.size()) {
    return {};
  }
  state_->Give(Operation::kDecrypt, std::move(context));
  return out;
}

}  // namespace setcore::crypto
