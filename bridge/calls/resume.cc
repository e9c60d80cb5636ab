#include "bridge/calls/resume.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "bridge/calls/passphrase.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/payment.h"
#include "db/messages.h"
#include "db/resumption.h"

namespace bridge {
namespace {

// What the two sides send in a payment that goes on, the later one first.
constexpr std::string_view kConsumerKinds[] = {"PReq", "PInitReq", "InitiationResponse"};
constexpr std::string_view kHandlerKinds[] = {kPResName, "PInitRes"};

struct Exchanged {
  std::string_view request;
  std::string_view response;
};
constexpr Exchanged kHandlerExchanges[] = {{"PInitReq", "PInitRes"}, {"PReq", kPResName}};

Checked<std::optional<db::Message>> Stored(const Call& call, const Ledger& ledger,
                                           std::string_view direction, std::string_view kind) {
  auto found = call.wallet.store->Read([&](db::Reader& reader) {
    return db::LastMessage(reader, ledger.payment().id, direction, kind);
  });
  if (!found) return tl::unexpected(StorageRefusal(found.error(), call.name()));
  return std::move(*found);
}

// Takes the payment back to InProgress.
Checked<void> Enter(const Call& call, Ledger& ledger, Role role, std::string_view attribute) {
  if (ledger.role() != role) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), attribute,
                  "this payment identifier stands for a payment of another role");
  }
  const auto& found = call.wallet.in_progress_at_open;
  const bool interrupted = std::ranges::binary_search(found, ledger.payment().id);
  if (ledger.Move(interrupted ? Event::kResumeAfterRestart : Event::kResume)) return {};
  const auto last = call.wallet.store->Read(
      [&](db::Reader& reader) { return db::LastCall(reader, ledger.payment().id); });
  if (!last) return tl::unexpected(StorageRefusal(last.error(), call.name()));
  if (*last == call.name()) return {};
  return OutOfState(call, ledger);
}

// Answers with a message that has been sent before.
Answer Repeat(const Call& call, Ledger& ledger, const db::Message& message) {
  if (message.kind != kPResName) return Proceed(call, ledger, kContinue, message.octets);
  if (ledger.state() == ProcessState::kCompletedOk) {
    return Proceed(call, ledger, kEnd, message.octets, kPResName);
  }
  return RefuseWithMessage(schema::FaultCode::kBusError, call.name(), kPResName, message.octets,
                           ledger.payment().status_desc.value_or(""));
}

Checked<Answer> RepeatLast(const Call& call, Ledger& ledger,
                           std::span<const std::string_view> kinds) {
  for (const std::string_view kind : kinds) {
    auto sent = Stored(call, ledger, kSent, kind);
    if (!sent) return tl::unexpected(sent.error());
    if (*sent) return Repeat(call, ledger, **sent);
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
    auto request = Stored(call, ledger, kReceived, exchanged.request);
    if (!request) return tl::unexpected(request.error());
    if (!*request || (*request)->octets != incoming->message) continue;
    auto response = Stored(call, ledger, kSent, exchanged.response);
    if (!response) return tl::unexpected(response.error());
    if (*response) return Repeat(call, ledger, **response);
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
