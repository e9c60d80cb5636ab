// Breaks XML-answer-valid: its ErrorLocation has an attribute too many.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    Replace(answer, "<ErrorLocation ", "<ErrorLocation Colour=\"red\" ");
  };
}

}  // namespace bad
