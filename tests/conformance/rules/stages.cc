#include "stages.h"

#include <fmt/format.h>

namespace conform {
namespace {

// What stands in the way of the rule's subject fails the rule.
void RequireResponse(const Answer& answer, std::string_view call) {
  Require(answer.call().name == fmt::format("{}Response", call),
          fmt::format("{} was answered by {}", call, answer.Summary()));
}

}  // namespace

ConsumerStage::ConsumerStage(Context& c, Deal of)
    : context(c),
      deal(std::move(of)),
      wallet(c.Open(kConsumer)),
      merchant(MakeMerchant(c.counterparty(), deal.terms)) {}

Answer ConsumerStage::Start() {
  Answer answer = context.Send(wallet, StartPaymentConsumer(deal));
  RequireResponse(answer, "StartPaymentConsumer");
  pinitreq = answer.Message();
  return answer;
}

Answer ConsumerStage::PInitRes() {
  if (pinitreq.empty()) Start();
  pinitres = merchant->PInitRes(pinitreq);
  Answer answer = context.Send(wallet, ContinueProcess(deal.consumer_pay_id, pinitres));
  RequireResponse(answer, "ContinueProcess");
  preq = answer.Message();
  return answer;
}

Answer ConsumerStage::PRes(Issuer issuer) {
  if (preq.empty()) PInitRes();
  pres = merchant->PRes(preq, issuer);
  return context.Send(wallet, ContinueProcess(deal.consumer_pay_id, pres, "PRes"));
}

Answer ConsumerStage::Inquire() {
  return context.Send(wallet, InquireProcessState(deal.consumer_pay_id));
}

HandlerStage::HandlerStage(Context& c, Issuer issuer, Deal of)
    : context(c),
      deal(std::move(of)),
      gateway(MakeGateway(c.counterparty(), issuer)),
      cardholder(MakeCardholder(c.counterparty(), deal.terms)),
      wallet(c.Open(kHandler)) {}

Answer HandlerStage::Start() {
  pinitreq = cardholder->PInitReq();
  Answer answer = context.Send(wallet, StartPaymentPaymentHandler(deal, pinitreq));
  RequireResponse(answer, "StartPaymentPaymentHandler");
  pinitres = answer.Message();
  return answer;
}

Answer HandlerStage::PReq() {
  if (pinitres.empty()) Start();
  preq = cardholder->PReq(pinitres);
  Answer answer = context.Send(wallet, ContinueProcess(deal.handler_pay_id, preq));
  pres = answer.Message();
  return answer;
}

Answer HandlerStage::Inquire() {
  return context.Send(wallet, InquireProcessState(deal.handler_pay_id));
}

Offer::Offer(Context& c, Deal of) : context(c), deal(std::move(of)), wallet(c.Open(kMerchant)) {}

Answer Offer::Brands() { return context.Expect(wallet, FindAcceptedPaymentBrand(deal)); }

Answer Offer::Protocol() {
  Brands();
  Answer answer = context.Expect(wallet, FindAcceptedPaymentProtocol(deal));
  const Node* item = answer.call().Child("ProtocolItem");
  const Node* data = item == nullptr ? nullptr : item->Child("PayProtocolPackagedContent");
  if (data != nullptr) deal.pay_protocol = data->text;
  return answer;
}

Answer Offer::Initialization() {
  Protocol();
  return context.Expect(wallet, GetPaymentInitializationData(deal));
}

}  // namespace conform
