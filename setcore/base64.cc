#include "setcore/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <new>

namespace setcore {
namespace {

struct FreeContext {
  void operator()(EVP_ENCODE_CTX* context) const { EVP_ENCODE_CTX_free(context); }
};

constexpr bool IsXmlSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string EncodeBase64(OctetView octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                                     static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<Octets> DecodeBase64(std::string_view text) {
  // D-78: white space inside base64 is skipped.
  std::string dense;
  dense.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(dense),
               [](char c) { return !IsXmlSpace(c); });
  if (dense.size() % 4 != 0) return std::nullopt;
  if (dense.empty()) return Octets();

  const std::unique_ptr<EVP_ENCODE_CTX, FreeContext> context(EVP_ENCODE_CTX_new());
  if (context == nullptr) throw std::bad_alloc();
  EVP_DecodeInit(context.get());
  Octets octets(dense.size() / 4 * 3 + 64);  // EVP_DecodeUpdate works in blocks of up to 48 octets
  int length = 0;
  int rest = 0;
  if (EVP_DecodeUpdate(context.get(), octets.data(), &length,
                       reinterpret_cast<const unsigned char*>(dense.data()),
                       static_cast<int>(dense.size())) < 0 ||
      EVP_DecodeFinal(context.get(), octets.data() + length, &rest) < 0) {
    return std::nullopt;
  }
  octets.resize(static_cast<std::size_t>(length) + static_cast<std::size_t>(rest));
  // OpenSSL's decoder takes an early end, '-' and padding bits that are not zero; one spelling
  // only.
  if (EncodeBase64(octets) != dense) return std::nullopt;
  return octets;
}

}  // namespace setcore
