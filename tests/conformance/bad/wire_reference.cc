// Breaks ERROR-no-wire-references: its ErrorLocation names a message.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    Replace(answer, "<ErrorLocation ", "<ErrorLocation IotpMsgRef=\"M1\" ");
  };
}

}  // namespace bad
