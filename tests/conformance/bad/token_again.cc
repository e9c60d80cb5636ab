// Breaks ABI-token-fresh: gives the token of a closed wallet to the next one.
#include <map>
#include <mutex>
#include <vector>

#include "shim.h"

namespace bad {
namespace {

std::mutex mutex;
std::map<opb_wallet, opb_wallet> real;  // of the tokens that were given
std::vector<opb_wallet> closed;

opb_wallet Real(opb_wallet given) {
  const std::lock_guard lock(mutex);
  const auto found = real.find(given);
  return found == real.end() ? given : found->second;
}

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    const opb_status status = Inner().open(host, config, wallet, diagnostic);
    if (status != OPB_OK) return status;
    const std::lock_guard lock(mutex);
    const opb_wallet opened = *wallet;
    if (!closed.empty()) {
      *wallet = closed.back();
      closed.pop_back();
    }
    real[*wallet] = opened;
    return OPB_OK;
  };
  table.close = [](opb_wallet wallet) -> opb_status {
    const opb_status status = Inner().close(Real(wallet));
    if (status != OPB_OK) return status;
    const std::lock_guard lock(mutex);
    real.erase(wallet);
    closed.push_back(wallet);
    return OPB_OK;
  };
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    return ForwardCall(Real(wallet), request, response);
  };
}

}  // namespace bad
