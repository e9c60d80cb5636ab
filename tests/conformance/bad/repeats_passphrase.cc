// Breaks SECRET-errors: repeats a wrong passphrase.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view request, std::string& answer) {
    const std::string_view wrong = "a passphrase that is wrong";
    if (Contains(request, wrong))
      Replace(answer, " ErrorDesc=\"", " ErrorDesc=\"" + std::string(wrong));
  };
}

}  // namespace bad
