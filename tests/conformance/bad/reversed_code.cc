// Breaks STATE-handler-reversed-code: a reversal leaves no CompletionCode of its own.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    Replace(answer, "\"PaymtCancelled\"", "\"Unspecified\"");
  };
}

}  // namespace bad
