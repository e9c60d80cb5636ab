// Breaks ABI-close-twice: a wallet can be closed twice.
#include "shim.h"

namespace bad {
namespace {

opb_wallet last = 0;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.close = [](opb_wallet wallet) {
    const opb_status status = Inner().close(wallet);
    if (status == OPB_OK) last = wallet;
    return status == OPB_E_ARGUMENT && wallet == last && last != 0 ? OPB_OK : status;
  };
}

}  // namespace bad
