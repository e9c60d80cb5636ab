// Breaks XML-answer-namespace: answers without the namespace.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view, std::string& answer) {
    Replace(answer, " xmlns=\"http://www.iotp.org/2000/08/PaymentAPI\"", "");
  };
}

}  // namespace bad
