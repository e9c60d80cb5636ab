// Breaks ABI-blob-outlives: deinit wipes the answers that the host still holds.
#include <cstring>

#include "shim.h"

namespace bad {
namespace {

opb_blob last = {nullptr, 0, nullptr, nullptr};

}  // namespace

void SetBadness(opb_entry_table& table, Hooks&) {
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    const opb_status status = ForwardCall(wallet, request, response);
    if (status == OPB_OK) last = *response;
    return status;
  };
  table.deinit = []() -> opb_status {
    const opb_status status = Inner().deinit();
    if (status == OPB_OK && last.size > 0) std::memset(const_cast<char*>(last.data), 0, last.size);
    last = {nullptr, 0, nullptr, nullptr};
    return status;
  };
}

}  // namespace bad
