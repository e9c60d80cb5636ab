// Breaks ERROR-hard: calls a document that cannot be read a warning.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    if (Contains(answer, "\"XmlNotWellFrmd\"")) Replace(answer, "HardError", "Warning");
  };
}

}  // namespace bad
