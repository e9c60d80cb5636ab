// The loads that the program `load` puts on a gateway.  Each prints what it did, and throws
// std::runtime_error when the gateway did not do its part.
#ifndef TESTS_LOAD_LOADS_H_
#define TESTS_LOAD_LOADS_H_

#include <cstddef>

namespace load {

// Holds `count` authenticated connections at once, each of which gets an answer to an Echo; then
// the gateway ends on SIGTERM.  Fewer, and a line that says so, where RLIMIT_NOFILE is lower.
void Connections(std::size_t count);

// Exchanges `count` echoes over connections that are reset at random: each is answered, and by
// nothing but its own answer.
void Echoes(std::size_t count);

// Makes `count` purchases through a Link over a network that cuts connections at random, and kills
// the gateway twice: both ledgers hold the same RRPIDs and amounts.
void Sales(std::size_t count);

}  // namespace load

#endif  // TESTS_LOAD_LOADS_H_
