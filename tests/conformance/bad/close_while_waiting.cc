// Breaks THREAD-close-while-waiting: says that it closes a wallet that is in use.
#include "shim.h"

namespace bad {
namespace {

bool opened = false;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    opened = true;
    return Inner().open(host, config, wallet, diagnostic);
  };
  table.close = [](opb_wallet wallet) {
    const opb_status status = Inner().close(wallet);
    return opened && status == OPB_E_STATE ? OPB_OK : status;
  };
}

}  // namespace bad
