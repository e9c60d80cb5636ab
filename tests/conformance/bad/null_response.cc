// Breaks ABI-call-null-response: writes the response without looking where.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    const opb_status status = ForwardCall(wallet, request, response);
    if (response == nullptr) *reinterpret_cast<volatile char*>(response) = 0;
    return status;
  };
}

}  // namespace bad
