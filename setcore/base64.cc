#include "setcore/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <iterator>

namespace setcore {
namespace {

constexpr bool IsXmlSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// DecodeDense takes base64 without white space.
std::optional<Octets> DecodeDense(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return Octets();
  Octets octets(text.size() / 4 * 3);
  const int length =
      EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (length < 0 || static_cast<std::size_t>(length) != octets.size()) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  octets.resize(octets.size() - padding);
  // OpenSSL's decoder takes '-', an early end and padding bits that are not zero; one spelling
  // only.
  constexpr std::size_t kGroup = 4;
  const std::string_view before = text.substr(0, text.size() - kGroup);
  if (before.find('=') != before.npos || text.find('-') != text.npos) return std::nullopt;
  const OctetView last = OctetView(octets).subspan(before.size() / 4 * 3);
  if (EncodeBase64(last) != text.substr(before.size())) return std::nullopt;
  return octets;
}

}  // namespace

std::string EncodeBase64(OctetView octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                                     static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<Octets> DecodeBase64(std::string_view text) {
  if (auto octets = DecodeDense(text)) return octets;
  // D-78: white space inside base64 is skipped.
  std::string dense;
  std::copy_if(text.begin(), text.end(), std::back_inserter(dense),
               [](char c) { return !IsXmlSpace(c); });
  if (dense.size() == text.size()) return std::nullopt;
  return DecodeDense(dense);
}

}  // namespace setcore
