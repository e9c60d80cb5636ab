// Breaks STORE-nothing-elsewhere: leaves a file in the current directory.
#include <fcntl.h>
#include <unistd.h>

#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string&) {
    const int file = open("trace", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
  };
}

}  // namespace bad
