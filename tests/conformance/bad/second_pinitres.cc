// Breaks REPLAY-second-pinitres: takes a second PInitRes after the first one.
#include "shim.h"

namespace bad {
namespace {

bool ordered = false;

}  // namespace

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view request, std::string& answer) {
    if (!Contains(request, "PayId=\"C-1\"") || !Contains(request, "<ContinueProcess ")) return;
    if (Contains(answer, "ContStatus=\"Continue\"")) ordered = true;
    if (!ordered || !Contains(answer, "\"EncapProtErr\"") ||
        Contains(answer, "<PaySchemePackagedContent")) {
      return;
    }
    const auto begin = answer.find("<ErrorResponse");
    const auto end = answer.find("</ErrorResponse>") + sizeof "</ErrorResponse>" - 1;
    answer.replace(begin, end - begin, "<ContinueProcessResponse ContStatus=\"Continue\"/>");
  };
}

}  // namespace bad
