// Breaks CALLBACK-cancel-error: a cancel by ErrorResponse BusError is not heard.
#include <cstring>

#include "shim.h"

namespace bad {
namespace {

const opb_host* real = nullptr;
opb_host between;

opb_status Call(const opb_host*, opb_text function, opb_text request, opb_blob* response) {
  const auto* service =
      static_cast<const opb_host_callback*>(real->get_service(real, OPB_HOST_CALLBACK));
  const opb_status status = service->call(real, function, request, response);
  if (status != OPB_OK || !Contains({response->data, response->size}, "\"BusError\"")) {
    return status;
  }
  response->release(response);
  return OPB_E_INTERNAL;
}

const void* GetService(const opb_host*, const char* id) {
  static constexpr opb_host_callback kCallBack = {Call};
  const void* service = real->get_service(real, id);
  return service != nullptr && std::strcmp(id, OPB_HOST_CALLBACK) == 0 ? &kCallBack : service;
}

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.open = [](const opb_host* host, const opb_wallet_config* config, opb_wallet* wallet,
                  opb_blob* diagnostic) -> opb_status {
    if (host == nullptr || host->get_service(host, OPB_HOST_CALLBACK) == nullptr) {
      return Inner().open(host, config, wallet, diagnostic);
    }
    real = host;
    between = *host;
    between.get_service = GetService;
    return Inner().open(&between, config, wallet, diagnostic);
  };
}

}  // namespace bad
