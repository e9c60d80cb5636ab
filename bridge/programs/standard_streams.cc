#include "bridge/programs/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <initializer_list>

namespace bridge::programs {

void HoldStandardStreams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) != -1) continue;
    // The lowest free descriptor is this one.  Opened for the wrong direction, it stays useless.
    open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

bool OutputWritten() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace bridge::programs
