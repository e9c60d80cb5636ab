// Breaks ABI-open-other-major: takes a host of another major version.
#include "shim.h"

namespace bad {
namespace {

opb_host later;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    if (host != nullptr && host->abi_major == 2) {
      later = *host;
      later.abi_major = OPB_ABI_MAJOR;
      return Inner().open(&later, config, wallet, diagnostic);
    }
    return Inner().open(host, config, wallet, diagnostic);
  };
}

}  // namespace bad
