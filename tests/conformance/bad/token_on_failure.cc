// Breaks ABI-open-failure-untouched: writes the token of an open that fails.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    const opb_status status = Inner().open(host, config, wallet, diagnostic);
    if (status != OPB_OK && wallet != nullptr) *wallet = 0;
    return status;
  };
}

}  // namespace bad
