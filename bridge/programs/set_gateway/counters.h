// What the gateway has counted since it started; --stats prints it.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_COUNTERS_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_COUNTERS_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace bridge::gateway {

struct Counters {
  std::uint64_t accepted = 0;  // connections of merchants
  std::uint64_t refused = 0;   // connections above a limit
  std::uint64_t opened = 0;    // of the accepted: authenticated, or without authentication
  std::uint64_t requests = 0;  // SET messages received
  std::uint64_t answers = 0;   // SET messages sent
  std::uint64_t statuses = 0;  // requests that got a Status retry or failed in place of an answer
  std::uint64_t controls = 0;  // all other messages received: echoes, closes and what is refused
  std::uint64_t diagnostics = 0;  // messages on the diagnostic port
  std::uint64_t octets_in = 0;    // of merchants
  std::uint64_t octets_out = 0;
};

// Now is what there is at this moment.
struct Now {
  std::size_t connections = 0;
  std::size_t outstanding = 0;  // requests that are being worked on or held back
};

// One line: "stats connections=3 outstanding=1 accepted=…".
std::string StatsLine(const Counters& counters, const Now& now);

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_COUNTERS_H_
