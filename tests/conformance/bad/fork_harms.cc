// Breaks FORK-parent-goes-on: what a child lets go is gone for its parent, too.
#include <sys/mman.h>
#include <unistd.h>

#include "shim.h"

namespace bad {
namespace {

bool* gone = nullptr;  // shared with children
pid_t first = 0;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  first = getpid();
  gone = static_cast<bool*>(
      mmap(nullptr, sizeof(bool), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  table.deinit = []() -> opb_status {
    if (getpid() != first) *gone = true;
    return Inner().deinit();
  };
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) -> opb_status {
    return *gone ? OPB_E_INTERNAL : ForwardCall(wallet, request, response);
  };
}

}  // namespace bad
