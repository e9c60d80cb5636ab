// Breaks XML-latin1: reads ISO-8859-1.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) {
    Replace(request, "encoding=\"ISO-8859-1\"", "encoding=\"UTF-8\"");
  };
}

}  // namespace bad
