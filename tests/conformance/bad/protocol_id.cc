// Breaks ABI-entry-protocol-id: has another protocol id.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) { table.protocol_id = "SETv2.0"; }

}  // namespace bad
