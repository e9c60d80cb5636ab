// Breaks ABI-entry-major: says that it is of another major version.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) { table.abi_major = 2; }

}  // namespace bad
