// Breaks ABI-token-fresh: gives the token of a closed wallet again.
#include "shim.h"

namespace bad {
namespace {

constexpr opb_wallet kToken = 4711;
opb_wallet real = 0;

opb_wallet Real(opb_wallet wallet) { return wallet == kToken ? real : wallet; }

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    const opb_status status = Inner().open(host, config, wallet, diagnostic);
    if (status != OPB_OK) return status;
    real = *wallet;
    *wallet = kToken;
    return OPB_OK;
  };
  table.close = [](opb_wallet wallet) { return Inner().close(Real(wallet)); };
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    return ForwardCall(Real(wallet), request, response);
  };
}

}  // namespace bad
