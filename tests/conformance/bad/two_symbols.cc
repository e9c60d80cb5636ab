// Breaks ABI-entry-one-symbol: exports a second symbol.
#include "shim.h"

extern "C" OPB_EXPORT int opb_entry_too;
int opb_entry_too = 1;

namespace bad {

void SetBadness(opb_entry_table&, Hooks&) {}

}  // namespace bad
