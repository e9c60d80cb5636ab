// Breaks FORK-call: a call in the child is answered as by the parent.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    const opb_status status = ForwardCall(wallet, request, response);
    return status == OPB_E_FORKED ? OPB_E_ARGUMENT : status;
  };
}

}  // namespace bad
