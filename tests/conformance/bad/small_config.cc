// Breaks ABI-open-small-config: takes a configuration that is too small.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    if (config == nullptr) return OPB_E_ARGUMENT;
    opb_wallet_config whole = *config;
    if (whole.struct_size < sizeof whole) whole.struct_size = sizeof whole;
    return Inner().open(host, &whole, wallet, diagnostic);
  };
}

}  // namespace bad
