// Breaks SET-8.4.2-brand: starts a payment whose PInitReq is for another brand.
#include "shim.h"

namespace bad {

void SetBadness(opb_entry_table&, Hooks& hooks) {
  hooks.answer = [](std::string_view request, std::string& answer) {
    if (!Contains(request, "<StartPaymentPaymentHandler ") ||
        !Contains(answer, "\"AttNotValid\"")) {
      return;
    }
    const auto begin = answer.find("<ErrorResponse");
    const auto end = answer.find("</ErrorResponse>") + sizeof "</ErrorResponse>" - 1;
    answer.replace(begin, end - begin, "<StartPaymentPaymentHandlerResponse ContStatus=\"End\"/>");
  };
}

}  // namespace bad
