// Breaks THREAD-close-while-waiting: says that it closes a wallet that is in use.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.close = [](opb_wallet wallet) {
    const opb_status status = Inner().close(wallet);
    return status == OPB_E_STATE ? OPB_OK : status;
  };
}

}  // namespace bad
