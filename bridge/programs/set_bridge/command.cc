#include "bridge/programs/set_bridge/command.h"

#include <fmt/format.h>

#include <cstdio>

namespace bridge::programs {

// Standard error that cannot be written stops nothing: fmt::print would throw.
int Fail(const Command& command, std::string_view why) {
  std::fputs(fmt::format("set-bridge {}: {}\n", command.name(), why).c_str(), stderr);
  return kFailed;
}

void Warn(const Command& command, std::string_view what) {
  std::fputs(fmt::format("set-bridge {}: warning: {}\n", command.name(), what).c_str(), stderr);
}

}  // namespace bridge::programs
