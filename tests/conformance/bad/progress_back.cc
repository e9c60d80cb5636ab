// Breaks STATE-handler-no-answer: the progress goes back when the acquirer does not answer.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view request, std::string& answer) {
    if (!Contains(request, "PayId=\"P-")) return;
    Replace(answer, "PercentComplete=\"80\"", "PercentComplete=\"20\"");
  };
}

}  // namespace bad
