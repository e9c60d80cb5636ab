#include "bridge/translate/order_hash.h"

#include <unicode/ustring.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "setcore/base64.h"
#include "setcore/crypto/digest.h"
#include "setcore/octets.h"

namespace bridge {
namespace {

constexpr UChar32 kReplacement = 0xFFFD;

// Utf16BigEndian is the "network byte ordered Unicode" of the NOTE in 8.4.1 (e): no byte order
// mark, surrogates as pairs (E-25).
setcore::Octets Utf16BigEndian(std::string_view utf8) {
  std::vector<UChar> units(utf8.size() + 1);  // never more units than octets
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8WithSub(units.data(), static_cast<std::int32_t>(units.size()), &length, utf8.data(),
                       static_cast<std::int32_t>(utf8.size()), kReplacement, nullptr, &status);
  if (U_FAILURE(status)) throw std::length_error("order text too long");
  setcore::Octets octets;
  octets.reserve(static_cast<std::size_t>(length) * 2);
  for (std::int32_t i = 0; i < length; ++i) {
    octets.push_back(static_cast<std::uint8_t>(units[static_cast<std::size_t>(i)] >> 8));
    octets.push_back(static_cast<std::uint8_t>(units[static_cast<std::size_t>(i)] & 0xFF));
  }
  return octets;
}

setcore::crypto::Sha1Digest Digest(const OrderContent& content) {
  return setcore::crypto::Sha1(Utf16BigEndian(content.data));
}

}  // namespace

std::string OrderHash(std::span<const OrderContent> contents) {
  if (contents.empty()) return setcore::EncodeBase64(Digest({}));  // E-30
  if (contents.size() == 1 && !contents.front().name) {            // (e)-1, E-24
    return setcore::EncodeBase64(Digest(contents.front()));
  }
  // (e)-2: octet order of UTF-16BE is the order of UTF-16 code units (E-27).
  struct Keyed {
    setcore::Octets name;
    setcore::crypto::Sha1Digest digest;
  };
  std::vector<Keyed> sorted;
  sorted.reserve(contents.size());
  for (const OrderContent& content : contents) {
    sorted.push_back({Utf16BigEndian(content.name.value_or("")), Digest(content)});
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Keyed& a, const Keyed& b) { return a.name < b.name; });
  setcore::Octets digests;  // raw, one after another (E-26)
  for (const Keyed& keyed : sorted) {
    digests.insert(digests.end(), keyed.digest.begin(), keyed.digest.end());
  }
  return setcore::EncodeBase64(setcore::crypto::Sha1(digests));
}

bool HasDuplicateNames(std::span<const OrderContent> contents) {
  std::vector<std::string_view> names;
  for (const OrderContent& content : contents) {
    if (content.name) names.push_back(*content.name);
  }
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

bool IsOrderHash(std::string_view text) {
  if (text.size() != kOrderHashSize) return false;
  const auto octets = setcore::DecodeBase64(text);
  return octets && octets->size() == setcore::crypto::kSha1Size;
}

}  // namespace bridge
