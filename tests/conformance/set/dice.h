// Random octets by name.  The names are those of the random.* lines of the golden vectors, so that
// a message can be made again octet for octet.
#ifndef TESTS_CONFORMANCE_SET_DICE_H_
#define TESTS_CONFORMANCE_SET_DICE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "setcore/octets.h"

namespace conform::set {

// Gives `size` octets for what is named.
using Dice = std::function<setcore::Octets(std::string_view name, std::size_t size)>;

// Octets that follow from a seed and the number of the draw: SHA-1(seed | draw | block).
Dice SeededDice(std::uint64_t seed);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_DICE_H_
