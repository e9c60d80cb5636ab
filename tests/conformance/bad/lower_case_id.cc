// Breaks CALL-8.5.2-lid-m: shows LID-M in lower-case letters.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    const auto attribute = answer.find("ProtocolTransId=\"");
    if (attribute == std::string::npos) return;
    for (auto at = attribute + sizeof "ProtocolTransId=\"" - 1; answer[at] != '"'; ++at) {
      if (answer[at] >= 'A' && answer[at] <= 'F') answer[at] += 'a' - 'A';
    }
  };
}

}  // namespace bad
