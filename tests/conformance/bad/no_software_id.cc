// Breaks XML-answer-software-id: answers with another ContentSoftwareID.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    Replace(answer, Inner().software_id, "somebody, something, 0, 0");
  };
}

}  // namespace bad
