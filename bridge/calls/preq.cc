#include "bridge/calls/preq.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/acquirer/exchange.h"
#include "bridge/calls/call_back.h"
#include "bridge/calls/history.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/repeat.h"
#include "bridge/calls/result_words.h"
#include "bridge/calls/reversal.h"
#include "bridge/translate/brand_id.h"
#include "setcore/compose_error.h"
#include "setcore/merchant.h"
#include "setcore/messages/codes.h"
#include "setcore/pki/brand.h"

namespace bridge {
namespace {

using schema::FaultCode;

constexpr std::string_view kPReqName = "PReq";

// PReqWork answers one PReq, from its verification to the PRes.
class PReqWork {
 public:
  PReqWork(const Call& call, Ledger& ledger, Till till, setcore::PurchaseTerms terms,
           const PurchaseHistory& history)
      : call_(call),
        ledger_(ledger),
        till_(std::move(till)),
        terms_(std::move(terms)),
        history_(history),
        keys_(till_.keys(call)) {}

  Checked<Answer> Do(setcore::OctetView preq);

 private:
  tl::expected<setcore::PReqFacts, setcore::Error> Verify(const setcore::Environment& env,
                                                          setcore::OctetView preq) const {
    return setcore::CheckPReq(env, keys_, PolicyOf(call_), call_.keyring->trust(), terms_,
                              history_.pinitreq, history_.pinitres, preq);
  }
  Checked<bool> IsOfAnotherPayment(setcore::OctetView preq) const;
  Checked<void> JudgeBrand(const setcore::PReqFacts& facts);
  // Records the intent, which leaves with the commit (invariant 5).
  Checked<void> Authorize(setcore::OctetView preq);
  Checked<Answer> Another(setcore::OctetView preq, const setcore::PReqFacts& facts);
  // Brings the intent to its outcome and the outcome to the consumer.
  Checked<Answer> Finish(setcore::OctetView preq);
  Checked<Answer> Cancel(setcore::OctetView preq, const setcore::AuthOutcome& outcome);
  Checked<setcore::ComposedPRes> Compose(setcore::OctetView preq,
                                         const std::optional<setcore::AuthOutcome>& outcome);
  // `words` say it, or what the outcome says.
  Checked<Answer> Conclude(setcore::OctetView preq,
                           const std::optional<setcore::AuthOutcome>& outcome,
                           std::optional<StatusText> words = std::nullopt);
  // What StatusDesc says of the outcome.
  StatusText Words(const setcore::PResFacts& facts) const;
  const Call& call_;
  Ledger& ledger_;
  Till till_;
  setcore::PurchaseTerms terms_;
  PurchaseHistory history_;
  setcore::MerchantKeys keys_;
};

Checked<Answer> PReqWork::Do(setcore::OctetView preq) {
  if (!Next(Role::kPaymentHandler, ledger_.state(), Event::kContinue)) {
    return OutOfState(call_, ledger_);
  }
  if (ledger_.Received(kPReqName, preq) || ledger_.Received(kPReqAgain, preq)) return Finish(preq);

  const auto foreign = IsOfAnotherPayment(preq);
  if (!foreign) return tl::unexpected(foreign.error());
  if (*foreign) {
    return RejectMessage(call_, &till_.signer(), preq, setcore::ErrorCode::kUnknownXID,
                         DetailText::kIdsUsedElsewhere);
  }
  const auto facts = Verify(call_.environment(), preq);
  if (!facts) {
    if (IsFinal(ledger_.state())) return OutOfState(call_, ledger_);
    return TechnicalError(
        call_, ledger_, OutcomeOpen(ledger_) ? Event::kOpenTechnicalError : Event::kTechnicalError,
        &till_.signer(), preq, facts.error());
  }
  if (history_.preq) return Another(preq, *facts);
  if (auto right = JudgeBrand(*facts); !right) {
    ledger_.Move(Event::kTechnicalError);
    ledger_.AddMessage(kReceived, "refused", preq);
    ledger_.Describe(Explain(call_, StatusText::kTechnicalError, right.error().detail));
    return Answer(tl::unexpected(right.error()));
  }
  ledger_.AddMessage(kReceived, kPReqName, preq);
  ledger_.ReserveIds(facts->xid, facts->rrpid);
  ledger_.Reach(Milestone::kPReq);
  if (!facts->order_matches) return Conclude(preq, std::nullopt, StatusText::kOrderDiffers);
  if (auto authorized = Authorize(preq); !authorized) return tl::unexpected(authorized.error());
  return Finish(preq);
}

// set-processing.md, 2.3: whether an id that the PReq carries stands under another PayId.  It is
// judged before anything is verified, for such a PReq touches no payment.
Checked<bool> PReqWork::IsOfAnotherPayment(setcore::OctetView preq) const {
  const auto ids = setcore::ReadPReqIds(preq);
  if (!ids) return false;
  return ledger_.StandElsewhere(call_, ids->xid, ids->rrpid);
}

// Whether a card without certificate can be of the brand, by its BIN; no prefixes: any (E-41).
bool BinFits(const std::vector<std::string>& prefixes, std::string_view bin) {
  return prefixes.empty() || std::ranges::any_of(prefixes, [&](std::string_view prefix) {
           return bin.starts_with(prefix.substr(0, bin.size()));
         });
}

Checked<void> PReqWork::JudgeBrand(const setcore::PReqFacts& facts) {
  const auto selected = ParseProtocolBrandId(ledger_.payment().protocol_brand_id.value_or(""));
  // RFC 3538, 8.4.4 (1): the brand in the OIData, and that of the card.
  const bool ordered = setcore::pki::SameBrand(facts.brand_id, terms_.brand_id);
  const bool carded = facts.is_signed
                          ? selected && MatchesCertificate(selected->id, facts.certificate_brand,
                                                           facts.certificate_promotion)
                          : selected && MatchesOrder(selected->id, facts.brand_id) &&
                                BinFits(till_.brand->bins, facts.bin);
  if (ordered && carded) return {};
  return WrongBrand(ledger_, ordered && facts.is_signed ? facts.certificate_brand : facts.brand_id);
}

Checked<void> PReqWork::Authorize(setcore::OctetView preq) {
  auto authreq = setcore::ComposeAuthReq(call_.environment(), keys_, PolicyOf(call_), terms_, preq);
  if (!authreq) {
    return Refuse(
        FaultCode::kUnknownError, call_.name(), {},
        {DetailText::kCannotMake, {{"message", "AuthReq"}, {"cause", authreq.error().detail}}});
  }
  ledger_.OpenIntent(call_, kAuthorization, std::move(*authreq),
                     ledger_.payment().xid.value_or(setcore::Octets{}), till_.brand->gateway);
  if (auto committed = ledger_.Commit(call_, {}, {}); !committed) return committed;
  if (TellHost(call_, ledger_) == HostSays::kCancel) {
    if (auto noted = WishByHost(call_, ledger_); !noted) return noted;
  }
  history_ = PurchaseHistory(ledger_);
  return {};
}

Checked<Answer> PReqWork::Another(setcore::OctetView preq, const setcore::PReqFacts& facts) {
  if (MessageOfRrpid(ledger_, kReceived, kPReqName, facts.rrpid) != nullptr ||
      MessageOfRrpid(ledger_, kReceived, kPReqAgain, facts.rrpid) != nullptr) {
    return RejectMessage(call_, &till_.signer(), preq, setcore::ErrorCode::kUnspecifiedFailure,
                         DetailText::kRrpidReused);
  }
  setcore::Environment then = call_.environment();
  if (history_.authorization) then.now = history_.authorization->opened / 1000;
  const auto first = Verify(then, *history_.preq);
  // One that does not verify any more, its certificate revoked perhaps, tells no signer: refused.
  if (!first || first->signer_thumb != facts.signer_thumb) {
    setcore::Error error;
    error.code = setcore::ErrorCode::kInvalidCertificate;
    error.thumb = facts.signer_thumb;
    return Answer(TechnicalError(call_, ledger_, Event::kOpenTechnicalError, &till_.signer(), preq,
                                 error, DetailText::kOtherSigner));
  }
  ledger_.AddMessage(kReceived, kPReqAgain, preq);
  ledger_.ReserveIds(facts.xid, facts.rrpid);
  return Finish(preq);  // D-39
}

Checked<Answer> PReqWork::Finish(setcore::OctetView preq) {
  if (!history_.authorization) return OutOfState(call_, ledger_);
  auto outcome = history_.authorizing()
                     ? Exchange(call_, keys_, till_.signer(), *history_.authorization)
                     : SettledOutcome(call_, keys_, terms_, *history_.authorization);
  if (!outcome) return tl::unexpected(outcome.error());
  if (history_.authorizing()) {
    ledger_.SettleIntent(history_.authorization->id, std::move(outcome->response));
  }
  setcore::AuthOutcome& decision = outcome->decision;
  if (const auto& captured = ledger_.payment().captured; captured && !decision.cap_code) {
    decision.cap_code = static_cast<int>(setcore::msg::CapCode::kSuccess);
    decision.cap_amt = terms_.purch_amt;
    decision.cap_date = *captured / 1000;
  }
  const auto wished = ParseProcessState(ledger_.payment().wished_state.value_or(""));
  // A reversal that has been asked for cannot be unwished: the acquirer may have made it.
  const bool asked = (wished && IsFinal(*wished)) || history_.reversal != nullptr;
  const bool cancels = asked && !IsFinal(ledger_.state());
  if (cancels) return Cancel(preq, decision);
  std::optional<StatusText> words;
  if (decision.auth_code == static_cast<int>(setcore::msg::AuthCode::kApproved) &&
      decision.cap_code.value_or(0) != static_cast<int>(setcore::msg::CapCode::kSuccess)) {
    words = StatusText::kCaptureRefused;
  }
  return Conclude(preq, decision, words);
}

// E-71: an approval that nobody wants any more is taken back first.
Checked<Answer> PReqWork::Cancel(setcore::OctetView preq, const setcore::AuthOutcome& outcome) {
  auto pres = Compose(preq, outcome);
  if (!pres) return tl::unexpected(pres.error());
  if (!pres->facts.success) return Conclude(preq, outcome);
  if (pres->facts.field == "CapCode") {  // D-72
    return Conclude(preq, outcome, StatusText::kReversalAfterCapture);
  }
  // The authorization's outcome is on disk before its reversal is asked for.
  if (auto committed = ledger_.Commit(call_, {}, {}); !committed) {
    return tl::unexpected(committed.error());
  }
  auto reversed = Reverse(call_, ledger_, till_, terms_);
  history_ = PurchaseHistory(ledger_);
  if (!reversed) return tl::unexpected(reversed.error());
  if (reversed->done) return Conclude(preq, std::nullopt, StatusText::kCancelledByPaymentHandler);
  return Conclude(preq, outcome, StatusText::kReversalRefused);
}

Checked<setcore::ComposedPRes> PReqWork::Compose(
    setcore::OctetView preq, const std::optional<setcore::AuthOutcome>& outcome) {
  auto made = setcore::ComposePRes(call_.environment(), keys_, terms_, preq, outcome);
  if (made) return std::move(*made);
  return Refuse(FaultCode::kUnknownError, call_.name(), {},
                {DetailText::kCannotMake, {{"message", "PRes"}, {"cause", made.error().detail}}});
}

StatusText PReqWork::Words(const setcore::PResFacts& facts) const {
  if (history_.authorization && history_.authorization->resolved_as) {  // interfaces.md, 2: resolve
    return facts.success ? StatusText::kResolvedApproved : StatusText::kResolvedDeclined;
  }
  return WordsOf(facts);
}

Checked<Answer> PReqWork::Conclude(setcore::OctetView preq,
                                   const std::optional<setcore::AuthOutcome>& outcome,
                                   std::optional<StatusText> words) {
  auto made = Compose(preq, outcome);
  if (!made) return tl::unexpected(made.error());
  const setcore::PResFacts& facts = made->facts;
  const std::string code = CodeText(facts.field, facts.name, facts.value);
  ledger_.AddMessage(kSent, kPResName, made->message);
  if (!IsFinal(ledger_.state())) {
    ledger_.Move(facts.success ? Event::kSetCompleted : Event::kBusinessError);
    ledger_.Reach(Milestone::kPRes);
    ledger_.SetReceipt();
    if (facts.success && facts.field == "CapCode") ledger_.payment().captured = call_.now_ms;
    ledger_.Describe(StatusWords(call_, words.value_or(Words(facts)), code));
    if (!facts.success) {
      ledger_.Fail(words == StatusText::kCancelledByPaymentHandler
                       ? ParseCompletionCode(ledger_.payment().wished_completion_code.value_or(""))
                             .value_or(CompletionCode::kPaymtCancelled)
                       : CompletionCode::kUnspecified);
    }
    ledger_.payment().wished_state.reset();
    ledger_.payment().wished_completion_code.reset();
  }
  if (facts.success) return Proceed(call_, ledger_, kEnd, made->message, kPResName);
  ledger_.payment().cont_status = std::string(kEnd);
  return Answer(RefuseWithMessage(FaultCode::kBusError, call_.name(), kPResName, made->message,
                                  Detail::Said(ledger_.payment().status_desc.value_or(code))));
}

}  // namespace

Checked<Answer> AnswerPReq(const Call& call, Ledger& ledger, Till till,
                           setcore::PurchaseTerms terms, setcore::OctetView preq) {
  PReqWork work(call, ledger, std::move(till), std::move(terms), PurchaseHistory(ledger));
  return work.Do(preq);
}

tl::unexpected<Refusal> WrongBrand(const Ledger& ledger, std::string_view found) {
  return Refuse(
      FaultCode::kAttNotValid, "ProtocolBrand", "BrandId",
      {DetailText::kOtherBrand,
       {{"selected", ledger.payment().protocol_brand_id.value_or("")}, {"found", found}}});
}

}  // namespace bridge
