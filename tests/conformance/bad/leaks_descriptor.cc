// Breaks STORE-no-descriptor-left: every open costs a descriptor.
#include <fcntl.h>

#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    const opb_status status = Inner().open(host, config, wallet, diagnostic);
    if (status == OPB_OK && open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) return OPB_E_INTERNAL;
    return status;
  };
}

}  // namespace bad
