#include "bridge/calls/result_words.h"

#include "setcore/messages/codes.h"

namespace bridge {

using setcore::msg::CompletionCode;

StatusText WordsOf(const setcore::PResFacts& facts) {
  const bool of_capture = facts.field == "CapCode";
  if (facts.success) return of_capture ? StatusText::kCaptured : StatusText::kAuthorized;
  if (of_capture) return StatusText::kCaptureRefused;
  if (facts.field == "AuthCode") return StatusText::kDeclined;
  switch (static_cast<CompletionCode>(facts.value)) {
    case CompletionCode::kMeaninglessRatio:
      return StatusText::kMeaninglessRatio;
    case CompletionCode::kOrderRejected:
      return StatusText::kOrderRejected;
    case CompletionCode::kOrderReceived:
      return StatusText::kOrderReceived;
    default:
      return StatusText::kInquired;
  }
}

}  // namespace bridge
