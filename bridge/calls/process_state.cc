#include "bridge/calls/process_state.h"

#include <optional>
#include <string>
#include <utility>

#include "bridge/calls/history.h"
#include "bridge/calls/inquiry.h"
#include "bridge/calls/offer.h"
#include "bridge/calls/passphrase.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/result_words.h"
#include "bridge/calls/reversal.h"
#include "bridge/calls/terms.h"
#include "bridge/calls/till.h"
#include "bridge/texts/texts.h"
#include "setcore/receipt.h"

namespace bridge {
namespace {

using schema::Node;

Node Report(const Call& call, std::string_view element, std::string_view process_state,
            int percent_complete, const std::optional<std::string>& completion_code,
            const std::optional<std::string>& status_desc) {
  Node response(element);
  response.Set("ProcessState", process_state)
      .Set("PercentComplete", std::to_string(percent_complete))
      .SetIf("CompletionCode", completion_code);
  if (status_desc && !status_desc->empty()) {
    response.Set("xml:lang", Tag(LanguageOf(call.config().language)))
        .Set("StatusDesc", *status_desc);
  }
  return response;
}

// What the bridge has seen of the payment itself decides what ChangeProcessState may do.
struct Seen {
  bool receipt = false;
  bool good = false;      // of the receipt
  bool open = false;      // the outcome at the acquirer, of a payment that is not final
  bool inquired = false;  // an InqRes was verified
  bool denied = false;    // the last one says for good that nothing is paid
};

bool Denies(const setcore::Octets& inqres) {
  const auto facts = setcore::ReadPRes(inqres);
  if (!facts || facts->success) return false;
  const StatusText words = WordsOf(*facts);
  return words != StatusText::kOrderReceived && words != StatusText::kInquired;
}

Seen Look(const Ledger& ledger) {
  Seen seen;
  seen.receipt = ledger.receipt() != nullptr;
  // A refused PRes has set a CompletionCode when it was stored (E-119).
  seen.good = seen.receipt && !ledger.payment().completion_code;
  seen.open = OutcomeOpen(ledger) && !IsFinal(ledger.state());
  const setcore::Octets* inqres = ledger.LastMessage(kReceived, kInqRes);
  seen.inquired = inqres != nullptr;
  seen.denied = seen.inquired && Denies(*inqres);
  return seen;
}

Event EventOf(ProcessState asked, const Seen& seen) {
  switch (asked) {
    case ProcessState::kNotYetStarted:
      return Event::kToNotYetStarted;
    case ProcessState::kInProgress:
      return Event::kToInProgress;
    case ProcessState::kSuspended:
      return seen.open ? Event::kOpenToSuspended : Event::kToSuspended;
    case ProcessState::kProcessError:
      return seen.open ? Event::kOpenToProcessError : Event::kToProcessError;
    case ProcessState::kFailed:
      return seen.open ? Event::kOpenToFailed : Event::kToFailed;
    case ProcessState::kCompletedOk:
      break;
  }
  if (!seen.receipt) return Event::kToCompletedOkUnseen;
  return seen.good ? Event::kToCompletedOkProven : Event::kToCompletedOkDisproven;
}

// With ProcessType Inquiry the consumer's host passes on what the payment handler reports, so that
// it is verified (RFC 3867, 2.5 (4)).  Nothing: a report that the InqRes does not bear out, and
// every report at merchant and payment handler, who do not ask (2.5), leave the payment as it is.
std::optional<Event> EventOfReport(Role role, ProcessState reported, const Seen& seen) {
  if (role != Role::kConsumer) return std::nullopt;
  if (reported == ProcessState::kCompletedOk) {
    if (!seen.inquired) return EventOf(reported, seen);
    if (seen.good && !seen.denied) return Event::kToCompletedOkByInquiry;  // E-75
  }
  if (reported == ProcessState::kFailed && seen.denied) return Event::kToFailedByInquiry;
  return std::nullopt;
}

// The CompletionCode that goes with Failed (E-70, E-77, E-81, E-86).
CompletionCode FailureCode(const Call& call, CompletionCode otherwise) {
  return ParseCompletionCode(call.request().Value("CompletionCode")).value_or(otherwise);
}

// None is Unspecified (E-77); what is no code of a payment is illegal (RFC 2801, 7.16.2).
bool HasLegalCode(const Call& call) {
  const std::string_view code = call.request().Value("CompletionCode");
  return code.empty() || ParseCompletionCode(code);
}

// Who or what has ended a payment that ChangeProcessState made Failed.
StatusText EndedBy(Role role, CompletionCode code) {
  switch (code) {
    case CompletionCode::kTimedOutRcvr:
    case CompletionCode::kTimedOutNoRcvr:
      return StatusText::kTimedOut;
    case CompletionCode::kConsCancelled:
      return StatusText::kCancelledByConsumer;
    case CompletionCode::kPaymtCancelled:
      return StatusText::kCancelledByPaymentHandler;
    case CompletionCode::kMerchCancelled:
      return StatusText::kEndedByMerchant;
    default:
      break;
  }
  return role == Role::kMerchant ? StatusText::kEndedByMerchant : StatusText::kEndedEarly;
}

// What StatusDesc says of a payment that ChangeProcessState made Failed.
Description Ending(const Call& call, const Ledger& ledger, Event event, const Seen& seen,
                   CompletionCode code) {
  const bool reported = event == Event::kToFailedByInquiry;
  if (!reported && !seen.good) return StatusWords(call, EndedBy(ledger.role(), code));
  const auto facts =
      setcore::ReadPRes(reported ? *ledger.LastMessage(kReceived, kInqRes) : *ledger.receipt());
  // E-71 lets a consumer cancel what is paid; E-120: the money may be gone all the same.
  return StatusWords(call, reported ? WordsOf(*facts) : StatusText::kEndedThoughPaid,
                     CodeText(facts->field, facts->name, facts->value));
}

// What StatusDesc says when the state did not become the one asked for, or became Failed.
void Explain(const Call& call, Ledger& ledger, Event event, ProcessState before, const Seen& seen) {
  const ProcessState after = ledger.state();
  if (after == ProcessState::kFailed && before != ProcessState::kFailed) {
    const CompletionCode code = FailureCode(call, CompletionCode::kUnspecified);
    ledger.Fail(code);
    ledger.Describe(Ending(call, ledger, event, seen, code));
  } else if (after == ProcessState::kCompletedOk && ledger.role() == Role::kMerchant) {
    ledger.payment().status_desc.reset();
  } else if (event == Event::kToCompletedOkUnseen && after != ProcessState::kCompletedOk) {
    ledger.Describe(StatusWords(call, StatusText::kCompletionUnseen));
  } else if (event == Event::kOpenToFailed || event == Event::kOpenToProcessError ||
             event == Event::kOpenToSuspended) {
    if (ledger.LastIntent(kReversal) != nullptr) {  // cannot be unwished
      ledger.Describe(StatusWords(call, StatusText::kReversalUnderWay));
      return;
    }
    ledger.payment().wished_state = call.request().Value("ProcessState");
    ledger.payment().wished_completion_code =
        Name(FailureCode(call, CompletionCode::kPaymtCancelled));
    ledger.Describe(StatusWords(call, StatusText::kOutcomeOpen));
  }
}

// Cancelling a completed payment (E-73): the state follows the money.
Checked<void> TakeBack(const Call& call, Ledger& ledger) {
  if (auto open = RequireUnlocked(call); !open) return open;
  auto till = TillOf(call, ledger.payment().brand_id.value_or(""));
  if (!till) return tl::unexpected(till.error());
  auto terms = TermsOf(call, ledger.payment());
  const PurchaseHistory history(ledger);
  if (!terms || history.authorization == nullptr || history.preq == nullptr ||
      history.pres == nullptr) {
    ledger.Describe(StatusWords(call, StatusText::kReversalRefused));
    return {};
  }
  terms->lid_m = ledger.payment().lid_m;
  const auto paid = setcore::ReadPRes(*history.pres);
  if (ledger.payment().captured || (paid && paid->field == "CapCode")) {  // D-72
    ledger.Describe(StatusWords(call, StatusText::kReversalAfterCapture));
    return {};
  }
  if (history.capture != nullptr && history.capture->open()) {
    ledger.Describe(StatusWords(call, StatusText::kCaptureUnderWay));
    return {};
  }
  auto reversed = Reverse(call, ledger, *till, *terms);
  if (!reversed) {
    if (reversed.error().response.code != schema::FaultCode::kTransportError) {
      return tl::unexpected(reversed.error());
    }
    ledger.Describe(StatusWords(call, StatusText::kReversalUnderWay));
    return {};
  }
  if (!reversed->done) {
    ledger.Describe(StatusWords(call, StatusText::kReversalRefused, reversed->code));
    return {};
  }
  ledger.Move(Event::kReversed);
  ledger.Fail(FailureCode(call, CompletionCode::kPaymtCancelled));
  ledger.Describe(StatusWords(call, StatusText::kCancelledByPaymentHandler, reversed->code));
  return {};
}

bool TakesBack(const Call& call, const Ledger& ledger, ProcessState asked) {
  return !IsInquiry(call) && asked == ProcessState::kFailed &&
         ledger.state() == ProcessState::kCompletedOk && ledger.role() == Role::kPaymentHandler;
}

Checked<Answer> Change(const Call& call, Ledger& ledger) {
  const auto asked = ParseProcessState(call.request().Value("ProcessState"));
  if (!asked) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), "ProcessState", {});
  }
  if (*asked == ProcessState::kFailed && !HasLegalCode(call)) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), "CompletionCode", {});
  }
  if (TakesBack(call, ledger, *asked)) {
    if (auto taken = TakeBack(call, ledger); !taken) return tl::unexpected(taken.error());
  } else {
    const ProcessState before = ledger.state();
    const Seen seen = Look(ledger);
    const std::optional<Event> event =
        IsInquiry(call) ? EventOfReport(ledger.role(), *asked, seen) : EventOf(*asked, seen);
    // An incompatible call is answered with the old state, without an error code (RFC 3867, 4.3.6).
    if (event) {
      ledger.Move(*event);
      Explain(call, ledger, *event, before, seen);
    }
  }
  const db::Payment& payment = ledger.payment();
  return Report(call, "ChangeProcessStateResponse", payment.process_state, payment.percent_complete,
                payment.completion_code, payment.status_desc);
}

}  // namespace

Written InquireProcessState(const Call& call) {
  auto pay_id = RequireAttribute(call.request(), "PayId");
  if (!pay_id) return tl::unexpected(pay_id.error());
  const auto present = call.wallet.store->Read(
      [&](db::Reader& reader) { return db::FindPaymentStatus(reader, *pay_id); });
  if (!present) return tl::unexpected(StorageRefusal(present.error(), call.name()));
  if (!*present) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), "PayId",
                  DetailText::kUnknownPayment);
  }
  const db::PaymentStatus& status = **present;
  if (!Plays(call, status.role)) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), "PayId", DetailText::kOtherRole);
  }
  Node response = Report(call, "InquireProcessStateResponse", status.process_state,
                         status.percent_complete, status.completion_code, status.status_desc);
  if (status.receipt && status.role == StoredName(Role::kPaymentHandler)) {
    response.Set("PayReceiptNameRefs", kPResName);  // RFC 3538, 8.4.5 (4)
  }
  return Render(call, response);
}

Written ChangeProcessState(const Call& call) { return ChangeOn(call, "PayId", Change); }

}  // namespace bridge
