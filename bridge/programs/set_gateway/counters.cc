#include "bridge/programs/set_gateway/counters.h"

#include <fmt/format.h>

namespace bridge::gateway {

std::string StatsLine(const Counters& counters, const Now& now) {
  return fmt::format(
      "stats connections={} outstanding={} accepted={} refused={} opened={} requests={} "
      "answers={} statuses={} controls={} diagnostics={} octets_in={} octets_out={}",
      now.connections, now.outstanding, counters.accepted, counters.refused, counters.opened,
      counters.requests, counters.answers, counters.statuses, counters.controls,
      counters.diagnostics, counters.octets_in, counters.octets_out);
}

}  // namespace bridge::gateway
