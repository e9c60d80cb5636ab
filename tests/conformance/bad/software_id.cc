// Breaks ABI-entry-software-id: its software id has three parts.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table& table, Hooks& hooks) {
  table.software_id = "maker, name, version";
  hooks.answer = [](std::string_view, std::string& answer) {
    Replace(answer, Inner().software_id, "maker, name, version");
  };
}

}  // namespace bad
