#include "bridge/calls/capture.h"

#include <optional>
#include <utility>

#include "bridge/acquirer/exchange.h"
#include "bridge/calls/history.h"
#include "bridge/calls/ledger.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/terms.h"
#include "bridge/calls/till.h"
#include "bridge/state/progress.h"
#include "setcore/messages/codes.h"
#include "setcore/receipt.h"

namespace bridge {
namespace {

using setcore::msg::CapCode;

constexpr std::int64_t kMsPerSecond = 1000;

tl::unexpected<Refusal> CannotMake(const Call& call, const std::string& why) {
  return Refuse(schema::FaultCode::kUnknownError, call.name(), {},
                {DetailText::kCannotMake, {{"message", kCapture}, {"cause", why}}});
}

// What the refusal says is about the merchant's batch or about nothing in particular, and may have
// been put right; everything else is about the authorization itself and stays as it is.
bool MayAskAgain(const setcore::CaptureOutcome& refusal) {
  if (refusal.field != "CapCode") return true;
  switch (static_cast<CapCode>(refusal.value)) {
    case CapCode::kUnspecifiedFailure:
    case CapCode::kBatchUnknown:
    case CapCode::kBatchClosed:
      return true;
    default:
      return false;
  }
}

std::string CodeOf(const setcore::CaptureOutcome& outcome) {
  return CodeText(outcome.field, outcome.name, outcome.value);
}

// One capture of one payment.
class CaptureWork {
 public:
  CaptureWork(const Call& call, Ledger& ledger) : call_(call), ledger_(ledger) {}

  Checked<Captured> Do();

 private:
  // Why there is nothing to capture, unless the acquirer has said so.
  std::optional<Captured::Kind> Obstacle() const;
  // The answer that forbids another CapReq.
  std::optional<setcore::CaptureOutcome> LastWord() const;
  Checked<void> OpenCapture();
  Checked<Captured> Exchange();

  const Call& call_;
  Ledger& ledger_;
  std::optional<Till> till_;
};

Checked<Captured> CaptureWork::Do() {
  const db::Payment& payment = ledger_.payment();
  Captured result;
  result.amount = payment.amount.value_or("") + " " + payment.curr_code.value_or("");
  if (const auto obstacle = Obstacle()) {
    result.kind = *obstacle;
    return result;
  }
  auto till = TillOf(call_, payment.brand_id.value_or(""));
  if (!till) return tl::unexpected(till.error());
  till_ = std::move(*till);
  if (const auto last = LastWord()) {
    result.kind = Captured::Kind::kRefusedBefore;
    result.code = CodeOf(*last);
    return result;
  }
  const db::Intent* intent = PurchaseHistory(ledger_).capture;
  if (intent == nullptr || !intent->open()) {
    if (auto opened = OpenCapture(); !opened) return tl::unexpected(opened.error());
  }
  auto answered = Exchange();
  if (answered) answered->amount = std::move(result.amount);
  return answered;
}

std::optional<Captured::Kind> CaptureWork::Obstacle() const {
  const PurchaseHistory history(ledger_);
  if (ledger_.role() != Role::kPaymentHandler || ledger_.state() != ProcessState::kCompletedOk ||
      history.authorization == nullptr || history.preq == nullptr || history.pres == nullptr) {
    return Captured::Kind::kNotCompleted;
  }
  const auto paid = setcore::ReadPRes(*history.pres);
  if (ledger_.payment().captured || (paid && paid->field == "CapCode")) {
    return Captured::Kind::kDoneBefore;
  }
  if (history.reversal != nullptr && history.reversal->open()) return Captured::Kind::kReversalOpen;
  return std::nullopt;
}

std::optional<setcore::CaptureOutcome> CaptureWork::LastWord() const {
  const PurchaseHistory history(ledger_);
  if (history.capture == nullptr || !history.capture->outcome) return std::nullopt;
  const auto settled = SettledCapture(call_, till_->keys(call_), *history.capture);
  // What cannot be read any more forbids nothing: the acquirer knows.
  if (!settled || MayAskAgain(settled->decision)) return std::nullopt;
  return settled->decision;
}

Checked<void> CaptureWork::OpenCapture() {
  auto terms = TermsOf(call_, ledger_.payment());
  if (!terms) return CannotMake(call_, terms.error().field);
  terms->lid_m = ledger_.payment().lid_m;
  const PurchaseHistory history(ledger_);
  const db::Intent& authorization = *history.authorization;
  auto made = setcore::ComposeCapReq(call_.environment(), till_->keys(call_), PolicyOf(call_),
                                     *terms, *history.preq, authorization.request,
                                     authorization.outcome.value_or(setcore::Octets{}));
  if (!made) return CannotMake(call_, made.error().detail);
  ledger_.OpenIntent(call_, kCapture, std::move(*made), authorization.xid, authorization.gateway);
  return ledger_.Commit(call_, {}, {});
}

Checked<Captured> CaptureWork::Exchange() {
  const PurchaseHistory history(ledger_);
  auto settled = ExchangeCapture(call_, till_->keys(call_), till_->signer(), *history.authorization,
                                 *history.capture);
  if (!settled) return tl::unexpected(settled.error());
  const setcore::CaptureOutcome& outcome = settled->decision;
  Captured result;
  result.code = CodeOf(outcome);
  ledger_.SettleIntent(history.capture->id, std::move(settled->response));
  if (outcome.captured) {
    ledger_.payment().captured = outcome.cap_date * kMsPerSecond;
    ledger_.Describe(StatusWords(call_, StatusText::kCaptured, result.code));
  } else {
    result.kind = MayAskAgain(outcome) ? Captured::Kind::kRefused : Captured::Kind::kRefusedFinal;
    ledger_.Describe(StatusWords(call_, StatusText::kCaptureRefused, result.code));
  }
  if (auto committed = ledger_.Commit(call_, {}, {}); !committed) {
    return tl::unexpected(committed.error());
  }
  return result;
}

}  // namespace

Checked<Captured> CapturePayment(const Call& call, std::string_view pay_id) {
  auto ledger = Ledger::Find(call, pay_id, "PayId");
  if (!ledger) return tl::unexpected(ledger.error());
  return CaptureWork(call, *ledger).Do();
}

}  // namespace bridge
