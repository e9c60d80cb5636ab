// Breaks FORK-close: a child can close the wallet of its parent.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.close = [](opb_wallet wallet) {
    const opb_status status = Inner().close(wallet);
    return status == OPB_E_FORKED ? OPB_OK : status;
  };
}

}  // namespace bad
