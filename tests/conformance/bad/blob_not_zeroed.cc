// Breaks ABI-blob-release: release leaves the size of a blob.
#include "shim.h"

namespace bad {
namespace {

void (*forwarded)(opb_blob*) = nullptr;

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    const opb_status status = ForwardCall(wallet, request, response);
    if (status != OPB_OK) return status;
    forwarded = response->release;
    response->release = [](opb_blob* self) {
      forwarded(self);
      self->size = 1;
    };
    return status;
  };
}

}  // namespace bad
