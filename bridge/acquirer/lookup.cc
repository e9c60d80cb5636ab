#include "bridge/acquirer/lookup.h"

#include <unistd.h>

#include <cstdint>
#include <utility>

namespace bridge {

Lookup::Lookup(System& system, std::string host, int wake)
    : thread_(system.StartThread([this, &system, host = std::move(host), wake] {
        result_ = system.Resolve(host);
        ready_.store(true, std::memory_order_release);
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = write(wake, &one, sizeof(one));
      })) {}

Lookup::~Lookup() { thread_.join(); }

}  // namespace bridge
