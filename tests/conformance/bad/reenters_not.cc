// Breaks THREAD-service-calls-in: a call from inside the log service finds the wallet in use.
#include "shim.h"

namespace bad {
namespace {

const opb_host* last = nullptr;
const opb_host_log* log_service = nullptr;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    const opb_status status = Inner().open(host, config, wallet, diagnostic);
    if (status != OPB_OK) return status;
    last = host;
    log_service = static_cast<const opb_host_log*>(host->get_service(host, OPB_HOST_LOG));
    return status;
  };
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) -> opb_status {
    thread_local bool inside = false;
    if (inside) return OPB_E_STATE;
    constexpr std::string_view kLine = "a call";
    inside = true;
    if (log_service != nullptr) log_service->write(last, 0, {kLine.data(), kLine.size()});
    inside = false;
    return ForwardCall(wallet, request, response);
  };
}

}  // namespace bad
