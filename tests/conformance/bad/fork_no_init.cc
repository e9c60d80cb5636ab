// Breaks FORK-own-wallet: a child has to let go what it inherited before it may init.
#include <unistd.h>

#include "shim.h"

namespace bad {
namespace {

pid_t first = 0;
bool let_go = false;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.init = []() -> opb_status {
    if (first == 0) first = getpid();
    return getpid() == first || let_go ? Inner().init() : OPB_E_FORKED;
  };
  table.deinit = []() -> opb_status {
    let_go = getpid() != first;
    return Inner().deinit();
  };
}

}  // namespace bad
