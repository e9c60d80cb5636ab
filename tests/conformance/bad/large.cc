// Breaks XML-too-large: reads documents of any size.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) {
    if (request.size() > 1500000) request.erase(request.find_last_not_of(' ') + 1);
  };
}

}  // namespace bad
