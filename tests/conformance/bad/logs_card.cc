// Breaks SECRET-logs: writes the account number into the log.
#include "shim.h"

namespace bad {
namespace {

const opb_host* last = nullptr;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks& hooks) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    last = host;
    return Inner().open(host, config, wallet, diagnostic);
  };
  hooks.request = [](std::string& request) {
    constexpr std::string_view kLine = "paying with 4556190283746559";
    if (!Contains(request, "<StartPaymentConsumer ")) return;
    const auto* log = static_cast<const opb_host_log*>(last->get_service(last, OPB_HOST_LOG));
    if (log != nullptr) log->write(last, 0, {kLine.data(), kLine.size()});
  };
}

}  // namespace bad
