// Breaks ABI-blob-untouched: a call that fails leaves its mark in the response.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    const opb_status status = ForwardCall(wallet, request, response);
    if (status != OPB_OK && response != nullptr) response->owner = nullptr;
    return status;
  };
}

}  // namespace bad
