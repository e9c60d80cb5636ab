// Breaks ABI-request-borrowed: reads the request in place and leaves its marks there.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.call = [](opb_wallet wallet, opb_text request, opb_blob* response) {
    const opb_status status = ForwardCall(wallet, request, response);
    if (status == OPB_OK && Contains({request.data, request.size}, "<InquireProcessState ")) {
      const_cast<char*>(request.data)[request.size - 1] = '\0';
    }
    return status;
  };
}

}  // namespace bad
