#include "end_to_end/command.h"

#include <stdio.h>
#include <sys/wait.h>

#include <cstddef>

namespace market {

Ran Run(const std::string& command) {
  FILE* out = popen(command.c_str(), "r");
  if (out == nullptr) return {};
  Ran ran;
  char buffer[4096];
  for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, out)) > 0;) {
    ran.output.append(buffer, got);
  }
  ran.status = WEXITSTATUS(pclose(out));
  return ran;
}

Ran SetBridge(const std::string& arguments) {
  return Run(OPB_SET_BRIDGE " " + arguments + " 2>&1");
}

}  // namespace market
