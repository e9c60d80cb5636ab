#include "payment.h"

#include <fmt/format.h>

#include "set/identities.h"

namespace conform {

Payment::Payment(Context& the_context, const WalletKind& kind, std::string_view suffix, Terms terms,
                 opb_wallet the_wallet)
    : context(the_context), wallet(the_wallet), kind_(kind) {
  if (wallet == 0) wallet = context.Open(kind);
  market = set::ReadMarket(context.setting().kit.pki());
  deal.terms = std::move(terms);
  deal.pay_protocol = Deal::DefaultPayProtocol(deal.terms.initiation);
  deal.merchant_pay_id = fmt::format("M-{}", suffix);
  deal.consumer_pay_id = fmt::format("C-{}", suffix);
  deal.handler_pay_id = fmt::format("P-{}", suffix);
  pay_id_ = kind.roles == OPB_ROLE_CONSUMER ? deal.consumer_pay_id : deal.handler_pay_id;
}

Answer Payment::Inquire() { return context.Expect(wallet, InquireProcessState(pay_id_)); }

void Payment::ExpectState(std::string_view state) {
  const std::string now = State();
  Require(now == state, fmt::format("ProcessState is {}, not {}", now, state));
}

std::string Payment::Change(std::string_view state, std::string_view code) {
  return context.Expect(wallet, ChangeProcessState(pay_id_, state, code))
      .call()
      .Get("ProcessState");
}

Node Payment::ContinueNode(const Octets& message, std::string_view name) const {
  return ContinueProcess(pay_id_, message, name);
}

Answer Payment::Continue(const Octets& message, std::string_view name) {
  return context.Send(wallet, ContinueNode(message, name));
}

void Payment::Reopen() {
  const opb_status status = context.Close(wallet);
  Require(status == OPB_OK, "close: " + StatusName(status));
  wallet = context.Open(kind_);
}

ConsumerPayment::ConsumerPayment(Context& the_context, CardKind kind, Terms terms,
                                 std::string_view suffix, opb_wallet the_wallet)
    : Payment(the_context, kConsumer, suffix, std::move(terms), the_wallet),
      merchant(set::MakeParty(the_context.counterparty(), 2), market, set::MakeBargain(deal.terms)),
      card(kind == CardKind::kCertified ? set::CertifiedCard() : set::PlainCard()) {
  deal.instrument = kind == CardKind::kCertified ? kInstrument : kPlainInstrument;
}

void ConsumerPayment::Start() {
  pinitreq = context.Expect(wallet, StartNode()).Message();
  pinitres = Judged("PInitReq", [&] { return merchant.PInitRes(pinitreq); });
}

void ConsumerPayment::Order() {
  Start();
  preq = context.Expect(wallet, ContinueNode(pinitres)).Message();
  Judged("PReq", [&] { merchant.TakePReq(preq, card); });
}

Answer ConsumerPayment::SendPRes(int completion, std::optional<int> auth_code, int ratio) {
  pres = merchant.PRes(completion, auth_code, ratio);
  return Continue(pres, "PRes");
}

void ConsumerPayment::Finish() {
  Order();
  const Answer answer = SendPRes();
  Require(answer.call().Get("ContStatus") == "End",
          "a good PRes was answered by " + answer.Summary());
}

HandlerPayment::HandlerPayment(Context& the_context, CardKind kind, Terms terms,
                               std::string_view suffix, opb_wallet the_wallet)
    : Payment(the_context, kHandler, suffix, std::move(terms), the_wallet),
      cardholder(set::MakeParty(the_context.counterparty(), 1), market,
                 kind == CardKind::kCertified ? set::CertifiedCard() : set::PlainCard(),
                 set::MakeBargain(deal.terms)) {}

set::Gateway& HandlerPayment::gateway() {
  // The market of the acquirer has to live as long as the gateway: until the process ends.
  static set::Gateway* gateway = nullptr;
  if (gateway == nullptr) {
    const CounterpartyOptions options = context.counterparty();
    const auto* lasting = new set::Market(market);
    gateway = new set::Gateway(set::GatewayOptions(options),
                               set::Acquirer(set::MakeParty(options, 3), *lasting));
  }
  return *gateway;
}

void HandlerPayment::Start() {
  pinitreq = cardholder.PInitReq();
  pinitres = context.Expect(wallet, StartNode()).Message();
  Judged("PInitRes", [&] { cardholder.TakePInitRes(pinitres); });
}

void HandlerPayment::MakePReq() {
  Start();
  preq = cardholder.PReq();
}

void HandlerPayment::ExpectNoFault() {
  const auto faults = gateway().faults();
  if (!faults.empty()) Fail("at the gateway: " + faults.front());
}

Answer HandlerPayment::SendPReq() {
  gateway();
  Answer answer = Continue(preq);
  ExpectNoFault();
  pres = answer.Message();
  return answer;
}

void HandlerPayment::Pay() {
  gateway();
  MakePReq();
  const Answer answer = SendPReq();
  Require(answer.call().name == "ContinueProcessResponse",
          "a good PReq was answered by " + answer.Summary());
  const set::Outcome outcome = Judged("PRes", [&] { return cardholder.TakePRes(pres); });
  Require(outcome.completion == 4 && outcome.auth_code == 0, "PRes does not say approved");
}

set::ErrorMessage ExpectSetError(Payment& payment, const Answer& answer, int code) {
  Require(answer.refused() && answer.code() == "EncapProtErr",
          "expected EncapProtErr, got " + answer.Summary());
  Require(answer.call().Get("Severity") == "HardError", "Severity is not HardError");
  const Octets message = answer.Message();
  Require(!message.empty(), "EncapProtErr carries no SET Error");
  const set::ErrorMessage error = Judged("SET Error", [&] {
    return set::ReadError(
        message,
        {payment.market.merchant_sign.certificate(), payment.market.cardholder.certificate()},
        payment.context.host().now_ms());
  });
  Require(error.code == code, fmt::format("SET Error {} instead of {}", error.code, code));
  return error;
}

void ExpectNoMessage(const Answer& answer, std::string_view error_code) {
  Require(answer.refused() && answer.code() == error_code,
          fmt::format("expected {}, got {}", error_code, answer.Summary()));
  Require(answer.Message().empty(), "the error carries payment scheme data");
}

}  // namespace conform
