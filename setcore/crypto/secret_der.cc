#include "setcore/crypto/secret_der.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace setcore::crypto {

SecretOctets SecretElement(der::Tag tag, std::initializer_list<OctetView> parts) {
  constexpr std::size_t kShortForm = 0x80;
  std::size_t size = 0;
  for (OctetView part : parts) size += part.size();

  std::array<std::uint8_t, 2 + sizeof(size)> head{};
  std::size_t used = 0;
  head[used++] = static_cast<std::uint8_t>(tag.leading | tag.number);
  if (size < kShortForm) {
    head[used++] = static_cast<std::uint8_t>(size);
  } else {
    std::size_t octets = 0;
    for (std::size_t rest = size; rest != 0; rest >>= 8) ++octets;
    head[used++] = static_cast<std::uint8_t>(kShortForm | octets);
    while (octets-- > 0) head[used++] = static_cast<std::uint8_t>(size >> (8 * octets));
  }

  SecretOctets out(used + size);
  std::uint8_t* next = std::copy_n(head.begin(), used, out.data());
  for (OctetView part : parts) next = std::copy(part.begin(), part.end(), next);
  return out;
}

}  // namespace setcore::crypto
