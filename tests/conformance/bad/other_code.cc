// Breaks ERROR-role-before-wallet: finds the WalletID wrong before the role.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view request, std::string& answer) {
    if (Contains(request, "WalletID=\"another\"") && Contains(answer, "\"ReqNotSupp\"")) {
      Replace(answer, "ReqNotSupp", "AttValIllegal");
    }
  };
}

}  // namespace bad
