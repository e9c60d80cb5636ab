// Breaks ABI-extension-unknown: has an extension of every name.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks&) {
  table.get_extension = [](const char*) -> const void* { return &Inner(); };
}

}  // namespace bad
