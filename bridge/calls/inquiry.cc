#include "bridge/calls/inquiry.h"

#include <optional>
#include <string>
#include <utility>

#include "bridge/acquirer/exchange.h"
#include "bridge/calls/borrowed_card.h"
#include "bridge/calls/history.h"
#include "bridge/calls/result_words.h"
#include "bridge/calls/till.h"
#include "bridge/software_id.h"
#include "bridge/texts/texts.h"
#include "setcore/cardholder.h"
#include "setcore/merchant.h"

namespace bridge {
namespace {

using schema::FaultCode;
using schema::Node;

constexpr std::string_view kElement = "PaySchemePackagedContent";

tl::unexpected<Refusal> OfAnotherRole(const Call& call, std::string_view attribute) {
  return Refuse(FaultCode::kAttValIllegal, call.name(), attribute, DetailText::kOtherRole);
}

Answer WithInqReq(setcore::OctetView inqreq) {
  Node response("StartPaymentInquiryResponse");
  response.Add(ToNode(kElement, MakeSetContent(inqreq)));
  return response;
}

Checked<Answer> AskMerchant(const Call& call, Ledger& ledger) {
  if (ledger.role() != Role::kConsumer) return OfAnotherRole(call, "ConsumerPayId");
  const setcore::Octets* preq = ledger.LastMessage(kSent, "PReq");
  if (preq == nullptr) return Answer(Node("StartPaymentInquiryResponse"));
  const setcore::Octets* asked = ledger.LastMessage(kSent, kInqReq);
  if (asked != nullptr && !ledger.CameAfter(kInqRes, kInqReq)) return WithInqReq(*asked);
  auto borrowed = BorrowedCard::Of(call, ledger.payment().payment_instrument_id.value_or(""));
  if (!borrowed) return tl::unexpected(borrowed.error());
  const auto made =
      setcore::ComposeInqReq(call.environment(), borrowed->card(), kSoftwareId, *preq);
  if (!made && made.error().code == setcore::ErrorCode::kInvalidCertificate) {
    return RefuseForNow(FaultCode::kReqRefused, call.name(), kRetryUnreadableSecs,
                        DetailText::kSignerGone);
  }
  if (!made) {
    return Refuse(
        FaultCode::kUnknownError, call.name(), {},
        {DetailText::kCannotMake, {{"message", "InqReq"}, {"cause", made.error().detail}}});
  }
  ledger.AddMessage(kSent, kInqReq, *made);
  return WithInqReq(*made);
}

// What a verified InqRes makes of the payment: the receipt, if there is none (E-120).
void Believe(const Call& call, Ledger& ledger, const setcore::PResFacts& facts) {
  if (ledger.receipt() != nullptr) return;  // the PRes has said it
  const std::string code = CodeText(facts.field, facts.name, facts.value);
  if (!facts.success) {
    if (!IsFinal(ledger.state())) ledger.Describe(StatusWords(call, WordsOf(facts), code));
    return;
  }
  ledger.SetReceipt();
  ledger.Reach(Milestone::kPRes);
  ledger.Describe(
      StatusWords(call, IsFinal(ledger.state()) ? StatusText::kLatePRes : WordsOf(facts), code));
}

Node StatusOf(const Call& call, const Ledger& ledger) {
  const db::Payment& payment = ledger.payment();
  Node response("InquirePaymentStatusResponse");
  response.Set("PaymentHandlerPayId", payment.pay_id)
      .Set("ProcessState", payment.process_state)
      .SetIf("CompletionCode", payment.completion_code);
  if (payment.status_desc && !payment.status_desc->empty()) {
    response.Set("xml:lang", Tag(LanguageOf(call.config().language)))
        .Set("StatusDesc", *payment.status_desc);
  }
  return response;
}

// Whether the acquirer has taken the authorization back.
Checked<bool> WasReversed(const Call& call, const Till& till, const PurchaseHistory& history) {
  if (history.reversal == nullptr || history.reversal->open()) return false;
  auto reversal = SettledReversal(call, till.keys(call), *history.reversal);
  if (!reversal) return tl::unexpected(reversal.error());
  return reversal->decision.reversed;
}

// PaymentHandlerPayId names the payment that the InqReq is about (RFC 3867, 2.5 (2), 4.5.5).  Only
// what this wallet does not know was not received (set-processing.md, 6).
Checked<bool> AsksAboutAnother(const Call& call, const Ledger& ledger, const setcore::Octets& xid) {
  if (const auto& own = ledger.payment().xid) return *own != xid;
  return ledger.XidStandsElsewhere(call, xid);
}

Checked<Answer> AnswerInqReq(const Call& call, Ledger& ledger) {
  if (ledger.role() != Role::kPaymentHandler) return OfAnotherRole(call, "PaymentHandlerPayId");
  auto incoming = ReadIncoming(call);
  if (!incoming) return tl::unexpected(incoming.error());
  const PurchaseHistory history(ledger);
  auto till = TillOf(call, ledger.payment().brand_id.value_or(""));
  if (!till) return tl::unexpected(till.error());
  auto reversed = WasReversed(call, *till, history);
  if (!reversed) return tl::unexpected(reversed.error());

  setcore::PurchaseRecord record;
  record.pinitres = history.pinitres;
  if (history.preq != nullptr) record.preq = *history.preq;
  if (history.pres != nullptr) record.pres = *history.pres;
  record.reversed = *reversed;
  if (const auto& captured = ledger.payment().captured) record.captured = *captured / 1000;
  auto made = setcore::ComposeInqRes(call.environment(), till->keys(call), call.keyring->trust(),
                                     kSoftwareId, record, incoming->message);
  if (!made) {  // D-77
    return TechnicalError(call, ledger, std::nullopt, &till->signer(), incoming->message,
                          made.error());
  }
  const auto misrouted = AsksAboutAnother(call, ledger, made->facts.xid);
  if (!misrouted) return tl::unexpected(misrouted.error());
  if (*misrouted) {
    return RejectMessage(call, &till->signer(), incoming->message, setcore::ErrorCode::kUnknownXID,
                         DetailText::kOtherPayment);
  }
  ledger.AddMessage(kReceived, kInqReq, incoming->message);
  ledger.AddMessage(kSent, kInqRes, made->message);
  Node response = StatusOf(call, ledger);
  response.Add(ToNode(kElement, MakeSetContent(made->message)));
  return Answer(std::move(response));
}

}  // namespace

Written StartPaymentInquiry(const Call& call) {
  return ChangeOn(call, "ConsumerPayId", AskMerchant);
}

Written InquirePaymentStatus(const Call& call) {
  if (!call.request().Children(kElement).empty()) {
    return ContinueOn(call, "PaymentHandlerPayId", AnswerInqReq);
  }
  // Without an InqReq it is a query: the present state, never a stored one.
  auto ledger =
      Ledger::Find(call, call.request().Value("PaymentHandlerPayId"), "PaymentHandlerPayId");
  if (!ledger) return tl::unexpected(ledger.error());
  if (ledger->role() != Role::kPaymentHandler) return OfAnotherRole(call, "PaymentHandlerPayId");
  return Render(call, StatusOf(call, *ledger));
}

bool IsOfInquiry(const Call& call, const Incoming& incoming) {
  return IsInquiry(call) || incoming.name == kInqReq || incoming.name == kInqRes;
}

Checked<Answer> ContinueInquiry(const Call& call, Ledger& ledger, const Incoming& incoming) {
  if (incoming.name == "Error") {  // E-61
    ledger.KeepOnlyMoves();
    ledger.AddMessage(kReceived, "Error", incoming.message);
    return Proceed(call, ledger, kEnd, {});
  }
  const setcore::Octets* inqreq = ledger.LastMessage(kSent, kInqReq);
  const setcore::Octets* pinitres = ledger.LastMessage(kReceived, "PInitRes");
  if (inqreq == nullptr || pinitres == nullptr) return OutOfState(call, ledger);
  const auto facts = setcore::CheckInqRes(call.environment(), call.keyring->trust(), *pinitres,
                                          *inqreq, incoming.message);
  if (!facts) {
    auto borrowed = BorrowedCard::Of(call, ledger.payment().payment_instrument_id.value_or(""));
    if (!borrowed) return tl::unexpected(borrowed.error());
    return TechnicalError(call, ledger, std::nullopt, borrowed->signer(), incoming.message,
                          facts.error());
  }
  ledger.AddMessage(kReceived, kInqRes, incoming.message);
  Believe(call, ledger, *facts);
  return Proceed(call, ledger, kEnd, {});
}

}  // namespace bridge
