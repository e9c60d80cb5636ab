// Breaks ABI-load-quiet: opens a descriptor when it is loaded.
#include <fcntl.h>

#include <cstdlib>

#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks&) {
  if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) std::abort();
}

}  // namespace bad
