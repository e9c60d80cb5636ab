// Breaks CALLBACK-language: knows one language only.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.request = [](std::string& request) {
    Replace(request, "CallBackLanguageList=\"de en\"", "CallBackLanguageList=\"en\"");
  };
}

}  // namespace bad
