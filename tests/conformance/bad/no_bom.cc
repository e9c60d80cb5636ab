// Breaks XML-bom: stumbles over a byte order mark.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) {
    if (request.starts_with("\xef\xbb\xbf")) request.insert(0, "?");
  };
}

}  // namespace bad
