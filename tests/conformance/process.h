// Processes that opb-conform starts: each in a process group of its own, with a deadline; at the
// end the whole group is killed, whatever became of its leader.
#ifndef TESTS_CONFORMANCE_PROCESS_H_
#define TESTS_CONFORMANCE_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace conform {

struct Child {
  pid_t pid = 0;
  std::chrono::steady_clock::time_point started = {};
};

// Starts `command`; standard output and error go to the file `output`.  Throws std::runtime_error.
Child Start(const std::vector<std::string>& command, const std::filesystem::path& output);

// Kills what is left of the group and collects its leader; wait status.
int End(const Child& child);

// What a finished process was: ended by itself or by the deadline.
struct Finished {
  bool in_time = true;
  int wait_status = 0;
};
Finished Run(const std::vector<std::string>& command, const std::filesystem::path& output,
             std::chrono::seconds deadline);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_PROCESS_H_
