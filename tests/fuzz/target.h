// What every fuzz target has in common.  A target is one function; a broken law or a fault of the
// sanitizers ends the process, so that libFuzzer keeps the input and the replay program fails.
#ifndef TESTS_FUZZ_TARGET_H_
#define TESTS_FUZZ_TARGET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "setcore/environment.h"
#include "setcore/octets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

// Require ends the process unless the law holds.
inline void Require(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", law);
  std::abort();
}

inline std::string_view Text(setcore::OctetView octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

inline setcore::OctetView Octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Input hands out the octets of one input from the front; at the end it gives zeros.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  std::uint8_t Octet() {
    if (rest_.empty()) return 0;
    const std::uint8_t octet = rest_.front();
    rest_ = rest_.subspan(1);
    return octet;
  }
  setcore::OctetView Take(std::size_t size) {
    const setcore::OctetView taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  // A part whose size stands in front of it in two octets.
  setcore::OctetView Part() {
    const std::size_t high = Octet();
    return Take(high << 8 | Octet());
  }
  // Everything up to the separator, which is dropped, or to the end.
  setcore::OctetView Until(std::uint8_t separator) {
    const auto end = std::find(rest_.begin(), rest_.end(), separator);
    const setcore::OctetView taken = Take(static_cast<std::size_t>(end - rest_.begin()));
    Octet();
    return taken;
  }
  setcore::OctetView rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }

 private:
  setcore::OctetView rest_;
};

// CountingRandom gives the same octets in every run: 1, 2, ... 127, 1, ...
class CountingRandom : public setcore::Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(next_++ % 127 + 1);
  }

 private:
  unsigned next_ = 0;
};

}  // namespace fuzz

#endif  // TESTS_FUZZ_TARGET_H_
