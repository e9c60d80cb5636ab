#include "setcore/crypto/random.h"

#include <openssl/rand.h>

#include <stdexcept>

#include "setcore/crypto/library.h"

namespace setcore {

void SystemRandom::Fill(std::span<std::uint8_t> out) {
  if (out.empty()) return;
  crypto::ErrorMark mark;
  if (RAND_priv_bytes_ex(crypto::Get().context, out.data(), out.size(), 0) != 1) {
    throw std::runtime_error("no random octets");
  }
}

}  // namespace setcore
