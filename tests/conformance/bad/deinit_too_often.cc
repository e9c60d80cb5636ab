// Breaks ABI-deinit-too-often: deinit without init succeeds.
#include "shim.h"

namespace bad {
namespace {

bool initialised = false;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.deinit = [] {
    const opb_status status = Inner().deinit();
    return initialised ? status : OPB_OK;
  };
  table.init = [] {
    initialised = true;
    return Inner().init();
  };
}

}  // namespace bad
