// The consumer's side of a payment: StartPaymentConsumer, ContinueProcess (RFC 3538, 8.4.1, 8.4.3).
#include <utility>

#include "bridge/calls/borrowed_card.h"
#include "bridge/calls/inquiry.h"
#include "bridge/calls/instrument.h"
#include "bridge/calls/offer.h"
#include "bridge/calls/pay_scheme.h"
#include "bridge/calls/payment.h"
#include "bridge/calls/repeat.h"
#include "bridge/calls/result_words.h"
#include "bridge/calls/terms.h"
#include "bridge/translate/iotp_time.h"
#include "setcore/cardholder.h"

namespace bridge {
namespace {

using schema::FaultCode;
using setcore::initiation::Kind;

Checked<Answer> Start(const Call& call, Ledger& ledger) {
  const schema::Element& request = call.request();
  auto offer = ReadOffer(call);
  if (!offer) return tl::unexpected(offer.error());
  const auto fault =
      CheckValidity(request.Value("OkFrom"), request.Value("OkTo"), call.now_ms, call.name());
  if (fault) return Refuse(*fault);
  if (auto free = CheckStartable(call, ledger, "ConsumerPayId"); !free) {
    return tl::unexpected(free.error());
  }
  auto instrument = JudgeInstrument(call, offer->money, offer->protocol_brand_id);
  if (!instrument) return tl::unexpected(instrument.error());
  auto borrowed = BorrowedCard::Of(call, (*instrument)->id);
  if (!borrowed) return tl::unexpected(borrowed.error());
  if (!ledger.Move(Event::kStart)) return OutOfState(call, ledger);

  db::Payment& payment = ledger.payment();
  payment.brand_id = request.Value("BrandId");
  RecordOffer(call, *offer, payment);
  payment.payment_instrument_id = (*instrument)->id;
  payment.order_hash = OrderHash(ReadOrder(request));
  ledger.Reach(Milestone::kStarted);

  const auto terms = TermsOf(call, payment);
  if (!terms) return InitiationError(call, ledger, offer->pay_protocol, terms.error());
  payment.lid_m = terms->lid_m;
  const auto pinitreq = setcore::ComposePInitReq(call.environment(), borrowed->card(), *terms);
  if (!pinitreq) {
    return InitiationError(
        call, ledger, offer->pay_protocol,
        {"SET-Brand", initiation::Reason::kUnsupported, pinitreq.error().detail});
  }
  ledger.AddMessage(kSent, "PInitReq", *pinitreq);
  ledger.Reach(Milestone::kPInitReq);
  return Proceed(call, ledger, kContinue, WithEcho(*pinitreq, payment));
}

Checked<Answer> AnswerPInitRes(const Call& call, Ledger& ledger, setcore::OctetView pinitres) {
  const setcore::Octets* pinitreq = ledger.LastMessage(kSent, "PInitReq");
  if (ledger.LastMessage(kSent, "PReq") != nullptr) {
    // set-processing.md, 2.3: at most one PReq per payment.
    return Refuse(FaultCode::kEncapProtErr, "PaySchemePackagedContent", {}, DetailText::kPReqMade);
  }
  if (pinitreq == nullptr || !ledger.Move(Event::kContinue)) return OutOfState(call, ledger);
  auto borrowed = BorrowedCard::Of(call, ledger.payment().payment_instrument_id.value_or(""));
  if (!borrowed) return tl::unexpected(borrowed.error());
  const auto terms = TermsOf(call, ledger.payment());
  if (!terms) return OutOfState(call, ledger);

  auto made = setcore::ComposePReq(call.environment(), borrowed->card(), call.keyring->trust(),
                                   *terms, *pinitreq, pinitres);
  if (!made) {
    return TechnicalError(call, ledger, Event::kTechnicalError, borrowed->signer(), pinitres,
                          made.error());
  }
  const auto taken = ledger.StandElsewhere(call, made->xid, made->rrpid);
  if (!taken) return tl::unexpected(taken.error());
  if (*taken) {  // set-processing.md, 2.3
    return RejectMessage(call, borrowed->signer(), pinitres, setcore::ErrorCode::kUnknownXID,
                         DetailText::kIdsUsedElsewhere);
  }
  ledger.AddMessage(kReceived, "PInitRes", pinitres);
  ledger.AddMessage(kSent, "PReq", made->message);
  ledger.ReserveIds(made->xid, made->rrpid);
  ledger.payment().lid_m = made->lid_m;
  ledger.payment().merchant_name = made->merchant_name;
  ledger.Describe(StatusWords(call, {}, {}, made->merchant_name));  // E-115
  ledger.Reach(Milestone::kPReq);
  return Proceed(call, ledger, kContinue, made->message);
}

// What the PRes that came in this state is answered with, the first time and again (E-95).
Answer AnswerOf(const Call& call, Ledger& ledger, ProcessState came_in) {
  if (came_in == ProcessState::kCompletedOk) return OutOfState(call, ledger);
  if (!IsFinal(came_in)) return Proceed(call, ledger, kEnd, {});
  return Refuse(FaultCode::kBusError, call.name(), {},
                Detail::Said(ledger.payment().status_desc.value_or("")));
}

Checked<Answer> AnswerPRes(const Call& call, Ledger& ledger, setcore::OctetView pres) {
  if (ledger.Received(kPResName, pres)) {
    return AnswerOf(call, ledger, ledger.StateWhenCame(kPResName));
  }
  const setcore::Octets* pinitres = ledger.LastMessage(kReceived, "PInitRes");
  const setcore::Octets* preq = ledger.LastMessage(kSent, "PReq");
  if (pinitres == nullptr || preq == nullptr) return OutOfState(call, ledger);

  const ProcessState came_in = ledger.state();
  const bool late = IsFinal(came_in);
  const auto facts =
      setcore::CheckPRes(call.environment(), call.keyring->trust(), *pinitres, *preq, pres);
  if (!facts) {
    if (late) return OutOfState(call, ledger);
    auto borrowed = BorrowedCard::Of(call, ledger.payment().payment_instrument_id.value_or(""));
    if (!borrowed) return tl::unexpected(borrowed.error());
    return TechnicalError(call, ledger, Event::kTechnicalError, borrowed->signer(), pres,
                          facts.error());
  }
  // One PRes per payment; it takes the place of an InqRes that was the receipt meanwhile (E-120).
  if (ledger.LastMessage(kReceived, kPResName) != nullptr) return OutOfState(call, ledger);

  const std::string code = CodeText(facts->field, facts->name, facts->value);
  ledger.AddMessage(kReceived, kPResName, pres);
  ledger.SetReceipt();
  ledger.Reach(Milestone::kPRes);
  if (came_in == ProcessState::kCompletedOk) return AnswerOf(call, ledger, came_in);
  if (late) {
    // E-120: stored, the state stays, and the consumer is told.
    ledger.Describe(StatusWords(call, StatusText::kLatePRes, code));
    return AnswerOf(call, ledger, came_in);
  }
  if (!ledger.Move(facts->success ? Event::kContinue : Event::kBusinessError)) {
    return OutOfState(call, ledger);
  }
  if (!facts->success) ledger.Fail(CompletionCode::kUnspecified);  // E-119
  ledger.Describe(StatusWords(call, WordsOf(*facts), code));
  return AnswerOf(call, ledger, came_in);
}

// 9.4.2 (2): the other side's SET Error ends the payment here, too.
Checked<Answer> AcceptError(const Call& call, Ledger& ledger, setcore::OctetView error) {
  if (!ledger.Move(Event::kTechnicalError)) return OutOfState(call, ledger);
  ledger.AddMessage(kReceived, "Error", error);
  ledger.Describe(StatusWords(call, StatusText::kTechnicalError));
  return Proceed(call, ledger, kEnd, {});
}

// The message that the consumer waits for, by what it has sent last.
bool AwaitsPRes(const Ledger& ledger) {
  return ledger.payment().percent_complete >= PercentComplete(Milestone::kPReq);
}

}  // namespace

Written StartPaymentConsumer(const Call& call) {
  return ActOn(call, "ConsumerPayId", Role::kConsumer, Start);
}

Checked<Answer> ContinueConsumer(const Call& call, Ledger& ledger) {
  auto incoming = ReadIncoming(call);
  if (!incoming) return tl::unexpected(incoming.error());
  if (IsOfInquiry(call, *incoming)) return ContinueInquiry(call, ledger, *incoming);
  if (incoming->kind != Kind::kSetMessage) {
    if (!ledger.Move(Event::kContinue)) return OutOfState(call, ledger);
    return InitiationError(call, ledger, incoming->message,
                           {"SET-Initiation-Type", initiation::Reason::kUnsupported,
                            "nothing is negotiated after the 1st Initiation"});
  }
  if (incoming->name == "Error") return AcceptError(call, ledger, incoming->message);
  if (auto again = AnswerAgain(call, ledger, incoming->message)) return *std::move(again);
  const bool is_pres = incoming->name == kPResName;
  const bool is_pinitres = incoming->name == "PInitRes";
  // Anything else is refused by the actor whose turn it is, with the SET Error that belongs to it.
  if (is_pres || (!is_pinitres && AwaitsPRes(ledger))) {
    return AnswerPRes(call, ledger, incoming->message);
  }
  return AnswerPInitRes(call, ledger, incoming->message);
}

}  // namespace bridge
