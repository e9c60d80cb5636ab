// The outside world of a SET actor: the time and a source of random octets, both arguments.
#ifndef SETCORE_ENVIRONMENT_H_
#define SETCORE_ENVIRONMENT_H_

#include <cstdint>
#include <span>

namespace setcore {

// Time counts seconds since 1970-01-01T00:00:00 UTC, as SET dates do.
using Time = std::int64_t;

// Random fills octets that nobody can guess.  Implementations may be called from any thread.
class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;
  virtual void Fill(std::span<std::uint8_t> out) = 0;
};

// Environment is what an actor may know besides its arguments.  It does not own the source.
struct Environment {
  Time now = 0;
  Random* random = nullptr;
};

}  // namespace setcore

#endif  // SETCORE_ENVIRONMENT_H_
