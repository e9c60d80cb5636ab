// Breaks XML-comments: stumbles over comments.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) {
    if (Contains(request, "<!--")) request = "<";
  };
}

}  // namespace bad
