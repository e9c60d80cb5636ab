#include "bridge/calls/resume.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "bridge/calls/call_back.h"
#include "bridge/calls/passphrase.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/payment.h"

namespace bridge {
namespace {

constexpr std::string_view kPInitReqName = "PInitReq";

// What the two sides send in a payment that goes on, the later one first.
constexpr std::string_view kConsumerKinds[] = {"PReq", kPInitReqName, "InitiationResponse"};
constexpr std::string_view kHandlerKinds[] = {kPResName, "PInitRes", "Initiation"};

struct Exchanged {
  std::string_view request;
  std::string_view response;
};
constexpr Exchanged kHandlerExchanges[] = {
    {"InitiationResponse", "Initiation"}, {kPInitReqName, "PInitRes"}, {"PReq", kPResName}};

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

// Answers with a message that has been sent before.
Answer Repeat(const Call& call, Ledger& ledger, std::string_view kind, setcore::OctetView message) {
  if (kind == kPInitReqName) {
    return Proceed(call, ledger, kContinue, WithEcho(message, ledger.payment()));
  }
  if (kind != kPResName) return Proceed(call, ledger, kContinue, message);
  if (ledger.state() == ProcessState::kCompletedOk) {
    return Proceed(call, ledger, kEnd, message, kPResName);
  }
  return RefuseWithMessage(schema::FaultCode::kBusError, call.name(), kPResName, message,
                           Detail::Said(ledger.payment().status_desc.value_or("")));
}

Checked<Answer> RepeatLast(const Call& call, Ledger& ledger,
                           std::span<const std::string_view> kinds) {
  for (const std::string_view kind : kinds) {
    const setcore::Octets* sent = ledger.LastMessage(kSent, kind);
    if (sent != nullptr) return Repeat(call, ledger, kind, *sent);
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
  for (const Exchanged& exchanged : kHandlerExchanges) {
    const setcore::Octets* request = ledger.LastMessage(kReceived, exchanged.request);
    if (request == nullptr || *request != incoming->message) continue;
    const setcore::Octets* response = ledger.LastMessage(kSent, exchanged.response);
    if (response != nullptr) return Repeat(call, ledger, exchanged.response, *response);
  }
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
