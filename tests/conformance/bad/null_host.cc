// Breaks ABI-open-null-host: reads the host before it looks whether there is one.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    if (*reinterpret_cast<const volatile uint32_t*>(host) == 0) return OPB_E_ABI;
    return Inner().open(host, config, wallet, diagnostic);
  };
}

}  // namespace bad
