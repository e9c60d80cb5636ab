// Octets as SET messages carry them.  A view never owns; whoever hands one out says how long it
// lives.
#ifndef SETCORE_OCTETS_H_
#define SETCORE_OCTETS_H_

#include <cstdint>
#include <span>
#include <vector>

namespace setcore {

using Octets = std::vector<std::uint8_t>;
using OctetView = std::span<const std::uint8_t>;

}  // namespace setcore

#endif  // SETCORE_OCTETS_H_
