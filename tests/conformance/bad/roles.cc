// Breaks ABI-entry-roles: plays a role that opb.h does not know.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) { table.roles |= 0x80u; }

}  // namespace bad
