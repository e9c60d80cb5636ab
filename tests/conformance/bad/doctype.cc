// Breaks XML-doctype: reads over a DOCTYPE.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) {
    Replace(request, "<!DOCTYPE IotpPaymentApiRequest>", "");
  };
}

}  // namespace bad
