// Breaks ABI-call-before-init: blames the argument for a call before init.
#include "shim.h"

namespace bad {
namespace {

bool initialised = false;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.init = [] {
    initialised = true;
    return Inner().init();
  };
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    return initialised ? ForwardCall(wallet, request, response) : OPB_E_ARGUMENT;
  };
}

}  // namespace bad
