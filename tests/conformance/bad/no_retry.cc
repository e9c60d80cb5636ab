// Breaks ERROR-transport-retry: does not say when to try again.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    if (Contains(answer, "\"TransportError\""))
      Replace(answer, "MinRetrySecs=\"", "MinRetrySecs=\"0 ");
  };
}

}  // namespace bad
