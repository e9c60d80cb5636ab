// Breaks ABI-open-unknown-role: ignores roles that it does not know.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    if (config == nullptr) return OPB_E_ARGUMENT;
    opb_wallet_config known = *config;
    if (known.roles != 0) known.roles &= 7u;
    return Inner().open(host, &known, wallet, diagnostic);
  };
}

}  // namespace bad
