// Breaks ERROR-described-shortly: its ErrorDesc is longer than 256 characters.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    Replace(answer, " ErrorDesc=\"", " ErrorDesc=\"" + std::string(300, 'x'));
  };
}

}  // namespace bad
