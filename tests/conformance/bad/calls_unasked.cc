// Breaks CALLBACK-not-named: calls back though no function was named.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) {
    if (Contains(request, "CallBackFunction=")) return;
    Replace(request, "<StartPaymentConsumer ",
            "<StartPaymentConsumer CallBackFunction=\"progress\" CallBackLanguageList=\"en\" ");
  };
}

}  // namespace bad
