// Random octets of this machine, from the private context.  A source that fails throws
// std::runtime_error: nothing may go on without it.
#ifndef SETCORE_CRYPTO_RANDOM_H_
#define SETCORE_CRYPTO_RANDOM_H_

#include <cstdint>
#include <span>

#include "setcore/environment.h"

namespace setcore {

// SystemRandom draws from the private generator of the context: what it fills may be a key.
// Stateless; any thread.
class SystemRandom final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override;
};

}  // namespace setcore

#endif  // SETCORE_CRYPTO_RANDOM_H_
