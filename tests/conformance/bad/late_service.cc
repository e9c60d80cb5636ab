// Breaks ABI-services-in-open: asks for a service during a call.
#include "shim.h"

namespace bad {
namespace {

const opb_host* last = nullptr;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    last = host;
    return Inner().open(host, config, wallet, diagnostic);
  };
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    if (last != nullptr) last->get_service(last, OPB_HOST_LOG);
    return ForwardCall(wallet, request, response);
  };
}

}  // namespace bad
