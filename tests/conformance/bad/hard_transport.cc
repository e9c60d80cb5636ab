// Breaks ERROR-transport-transient: calls a silent acquirer a HardError.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    if (Contains(answer, "\"TransportError\"")) Replace(answer, "TransientError", "HardError");
  };
}

}  // namespace bad
