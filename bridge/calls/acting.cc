#include "bridge/calls/acting.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "bridge/calls/call_back.h"
#include "bridge/calls/offer.h"
#include "bridge/calls/request_digest.h"
#include "bridge/texts/texts.h"

namespace bridge {
namespace {

constexpr std::uint32_t kRetryWhileBusySecs = 1;

using Opener = Checked<Ledger> (*)(const Call&, std::string_view, std::string_view, Role);

Checked<Ledger> OpenOrMake(const Call& call, std::string_view pay_id, std::string_view attribute,
                           Role role) {
  return Ledger::Open(call, pay_id, role, attribute);
}

Checked<Ledger> OpenExisting(const Call& call, std::string_view pay_id, std::string_view attribute,
                             Role) {
  return Ledger::Find(call, pay_id, attribute);
}

Written Frame(const Call& call, std::string_view pay_id_attribute, Role role, Opener opener,
              bool journaled, Work work) {
  auto pay_id = RequireAttribute(call.request(), pay_id_attribute);
  if (!pay_id) return tl::unexpected(pay_id.error());
  const auto pass = call.wallet.gate.Enter(*pay_id);
  if (!pass) return BeingProcessed(call);
  auto ledger = opener(call, *pay_id, pay_id_attribute, role);
  if (!ledger) return tl::unexpected(ledger.error());

  setcore::crypto::Sha256Digest digest{};
  setcore::OctetView key;
  if (journaled) {
    digest = RequestDigest(call.request());
    key = digest;
    if (auto stored = ledger->AnswerTo(call.name(), key)) return std::move(*stored);
  }

  const bool had_preq = ledger->LastMessage(kSent, "PReq") != nullptr;
  auto answer = work(call, *ledger);
  if (!answer) return tl::unexpected(answer.error());
  if (ledger->LeavesNoTrace()) return Render(call, *answer);
  if (journaled && ledger->IsFull()) {
    return Refuse(schema::FaultCode::kBusError, call.name(), {},
                  {DetailText::kHistoryFull, {{"limit", std::to_string(kMaxEntries)}}});
  }
  std::string document = Render(call, *answer);
  auto committed = ledger->Commit(call, key, document);
  if (!committed) return tl::unexpected(committed.error());
  if (TellHost(call, *ledger) != HostSays::kCancel) return document;
  const auto cancelled = CancelByHost(call, *ledger, had_preq);
  if (!cancelled) return document;
  document = Render(call.wallet.host, call.envelope, *cancelled);
  committed = ledger->Commit(call, key, document);
  if (!committed) return tl::unexpected(committed.error());
  return document;
}

// What the operator reads of a refusal, in English whatever the wallet's language is.
std::string LogLine(const Refusal& refusal) {
  const schema::ErrorResponse& response = refusal.response;
  std::string line =
      fmt::format("refused: {} ({})", schema::Name(response.code), response.vendor_reference);
  for (const schema::ErrorLocation& location : response.locations) {
    line += fmt::format(", {}{}{}", location.element_type, location.att_name.empty() ? "" : " ",
                        location.att_name);
  }
  if (!refusal.detail.empty()) line += ": " + Words(refusal.detail, Language::kEnglish);
  return line;
}

}  // namespace

tl::unexpected<Refusal> BeingProcessed(const Call& call) {
  return RefuseForNow(schema::FaultCode::kMsgBeingProc, call.name(), kRetryWhileBusySecs, {});
}

Written ActOn(const Call& call, std::string_view pay_id_attribute, Role role, Work work) {
  return Frame(call, pay_id_attribute, role, OpenOrMake, true, work);
}

Written ContinueOn(const Call& call, std::string_view pay_id_attribute, Work work) {
  return Frame(call, pay_id_attribute, Role::kConsumer, OpenExisting, true, work);
}

Written NoteOn(const Call& call, std::string_view pay_id_attribute, Role role, Work work) {
  return Frame(call, pay_id_attribute, role, OpenOrMake, false, work);
}

Written ChangeOn(const Call& call, std::string_view pay_id_attribute, Work work) {
  return Frame(call, pay_id_attribute, Role::kConsumer, OpenExisting, false, work);
}

std::string Render(const Call& call, const Answer& answer) {
  return answer ? schema::WriteResponse(*answer, call.envelope)
                : Render(call.wallet.host, call.envelope, answer.error());
}

std::string Render(const Host& host, const schema::Envelope& envelope, const Refusal& refusal) {
  schema::ErrorResponse response = refusal.response;
  const Language language = LanguageOf(envelope.language);
  response.language = Tag(language);
  response.description = ErrorDesc(response.code, language, refusal.detail);
  host.Log(LogLevel::kInfo, LogLine(refusal));
  return schema::WriteError(response, envelope);
}

}  // namespace bridge
