#include "setcore/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <iterator>

namespace setcore {
namespace {

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
  if (std::any_of(text.begin(), text.end(), IsXmlSpace)) {
    dense.reserve(text.size());
    std::copy_if(text.begin(), text.end(), std::back_inserter(dense),
                 [](char c) { return !IsXmlSpace(c); });
    text = dense;
  }
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return Octets();

  Octets octets(text.size() / 4 * 3);
  const int length =
      EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (length < 0 || static_cast<std::size_t>(length) != octets.size()) return std::nullopt;
  octets.resize(octets.size() - padding);
  // OpenSSL's decoder takes an early end, '-' and padding bits that are not zero; one spelling
  // only.
  if (EncodeBase64(octets) != text) return std::nullopt;
  return octets;
}

}  // namespace setcore
