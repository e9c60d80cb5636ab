#include "bridge/calls/resume.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "bridge/calls/call_back.h"
#include "bridge/calls/passphrase.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/payment.h"
#include "bridge/calls/repeat.h"

namespace bridge {
namespace {

// What the two sides send in a payment that goes on, the later one first.
constexpr std::string_view kConsumerKinds[] = {"PReq", "PInitReq", "InitiationResponse"};
constexpr std::string_view kHandlerKinds[] = {kPResName, "PInitRes", "Initiation"};

// Takes the payment back to InProgress.
Checked<void> Enter(const Call& call, Ledger& ledger, Role role, std::string_view attribute) {
  if (ledger.role() != role) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), attribute,
                  DetailText::kOtherRole);
  }
  NoteCallBack(call, ledger.payment());
  const auto& found = call.wallet.in_progress_at_open;
  const bool interrupted = std::ranges::binary_search(found, ledger.payment().id);
  if (ledger.Move(interrupted ? Event::kResumeAfterRestart : Event::kResume)) return {};
  if (ledger.LastCall() == call.name()) return {};
  return OutOfState(call, ledger);
}

Checked<Answer> RepeatLast(const Call& call, Ledger& ledger,
                           std::span<const std::string_view> kinds) {
  for (const std::string_view kind : kinds) {
    const setcore::Octets* sent = ledger.LastMessage(kSent, kind);
    if (sent != nullptr) return SendAgain(call, ledger, kind, *sent);
  }
  return OutOfState(call, ledger);
}

Checked<Answer> ResumeConsumer(const Call& call, Ledger& ledger) {
  if (auto entered = Enter(call, ledger, Role::kConsumer, "ConsumerPayId"); !entered) {
    return tl::unexpected(entered.error());
  }
  return RepeatLast(call, ledger, kConsumerKinds);
}

// E-65: a message that was answered before gets its answer; one that was not is processed now.
Checked<Answer> ResumeHandler(const Call& call, Ledger& ledger) {
  if (auto entered = Enter(call, ledger, Role::kPaymentHandler, "PaymentHandlerPayId"); !entered) {
    return tl::unexpected(entered.error());
  }
  if (call.request().Children("PaySchemePackagedContent").empty()) {
    return RepeatLast(call, ledger, kHandlerKinds);
  }
  auto incoming = ReadIncoming(call);
  if (!incoming) return tl::unexpected(incoming.error());
  if (auto again = AnswerAgain(call, ledger, incoming->message)) return *std::move(again);
  if (auto open = RequireUnlocked(call); !open) return tl::unexpected(open.error());
  return ContinuePaymentHandler(call, ledger);
}

}  // namespace

Written ResumePaymentConsumer(const Call& call) {
  return ChangeOn(call, "ConsumerPayId", ResumeConsumer);
}

Written ResumePaymentPaymentHandler(const Call& call) {
  return ChangeOn(call, "PaymentHandlerPayId", ResumeHandler);
}

}  // namespace bridge
