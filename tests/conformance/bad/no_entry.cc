// Breaks ABI-entry-exported, and with it everything else: exports nothing.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks&) {}

}  // namespace bad
