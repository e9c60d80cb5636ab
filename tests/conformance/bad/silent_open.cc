// Breaks ABI-open-diagnostic: does not say why open failed.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    static_cast<void>(diagnostic);
    return Inner().open(host, config, wallet, nullptr);
  };
}

}  // namespace bad
