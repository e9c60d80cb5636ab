// How many descriptors this process may open, and so how many connections it can hold.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_DESCRIPTORS_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_DESCRIPTORS_H_

#include <cstddef>

namespace bridge::gateway {

// Raises RLIMIT_NOFILE to its hard limit and gives what it is then.
std::size_t RaiseDescriptorLimit();

// The connections that `descriptors` leave room for beside files, ports and the rest.
constexpr std::size_t ConnectionsWithin(std::size_t descriptors) {
  constexpr std::size_t kOthers = 64;
  return descriptors > kOthers ? descriptors - kOthers : 0;
}

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_DESCRIPTORS_H_
