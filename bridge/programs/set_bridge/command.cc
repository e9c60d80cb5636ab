#include "bridge/programs/set_bridge/command.h"

#include <fmt/format.h>

#include <cstdio>

namespace bridge::programs {

int Fail(const Command& command, std::string_view why) {
  fmt::print(stderr, "set-bridge {}: {}\n", command.name(), why);
  return kFailed;
}

void Warn(const Command& command, std::string_view what) {
  fmt::print(stderr, "set-bridge {}: warning: {}\n", command.name(), what);
}

}  // namespace bridge::programs
