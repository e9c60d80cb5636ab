// Breaks XML-cdata: does not know CDATA sections.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) { Replace(request, "<![CDATA[", "<"); };
}

}  // namespace bad
