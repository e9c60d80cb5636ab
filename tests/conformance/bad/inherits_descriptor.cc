// Breaks STORE-close-on-exec: a descriptor passes to programs that the host starts.
#include <fcntl.h>

#include "shim.h"

namespace bad {
namespace {

int kept = -1;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    const opb_status status = Inner().open(host, config, wallet, diagnostic);
    if (status == OPB_OK && kept < 0) kept = open("/dev/null", O_RDONLY);
    return status;
  };
}

}  // namespace bad
