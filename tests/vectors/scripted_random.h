// A random source that plays back the random.* values of a vector, in the order they are drawn.
#ifndef TESTS_VECTORS_SCRIPTED_RANDOM_H_
#define TESTS_VECTORS_SCRIPTED_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <vector>

#include "setcore/environment.h"

namespace vectors {

// Every Fill must take exactly one scripted value: a draw of another size, or one too many, is a
// std::runtime_error.
class ScriptedRandom : public setcore::Random {
 public:
  ScriptedRandom(std::initializer_list<std::vector<std::uint8_t>> values) : values_(values) {}

  void Fill(std::span<std::uint8_t> out) override {
    if (values_.empty()) throw std::runtime_error("one draw too many");
    if (values_.front().size() != out.size()) throw std::runtime_error("a draw of another size");
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = values_.front()[i];
    values_.pop_front();
  }

  std::size_t left() const { return values_.size(); }

 private:
  std::deque<std::vector<std::uint8_t>> values_;
};

}  // namespace vectors

#endif  // TESTS_VECTORS_SCRIPTED_RANDOM_H_
