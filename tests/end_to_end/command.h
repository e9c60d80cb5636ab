// Commands as a person types them: what they print, and their exit status.
#ifndef TESTS_END_TO_END_COMMAND_H_
#define TESTS_END_TO_END_COMMAND_H_

#include <string>

namespace market {

struct Ran {
  int status = -1;  // -1: could not be started
  std::string output;
};

// Run gives the shell `command`; what it does not redirect elsewhere of its first stream is output.
Ran Run(const std::string& command);

// Runs set-bridge with `arguments`; output is what it says on both streams.
Ran SetBridge(const std::string& arguments);

}  // namespace market

#endif  // TESTS_END_TO_END_COMMAND_H_
