// CALL, what is not finished: InquirePendingPayment and ResumePaymentPaymentHandler.
#include <algorithm>

#include "payment.h"

namespace conform {
namespace {

bool IsPending(Payment& payment) {
  const Answer answer = payment.context.Expect(payment.wallet, InquirePendingPayment());
  const auto pending = answer.call().Children("PaymentId");
  return std::ranges::any_of(
      pending, [&](const Node* node) { return node->Get("PayId") == payment.pay_id(); });
}

void SuspendedConsumer(Context& context) {
  ConsumerPayment payment(context);
  payment.Start();
  payment.Change("Suspended");
  payment.ExpectState("Suspended");
  Require(IsPending(payment), "a Suspended payment is not pending");
}

void SuspendedHandler(Context& context) {
  HandlerPayment payment(context);
  payment.Start();
  payment.Change("Suspended");
  payment.ExpectState("Suspended");
  Require(IsPending(payment), "a Suspended payment is not pending");
}

// The acquirer does not answer; the payment stays open whatever the host wishes (errata E-71).
void OpenExchange(Context& context) {
  HandlerPayment payment(context);
  payment.gateway().Always(set::Manner::kSilent);
  payment.MakePReq();
  const Answer answer = payment.SendPReq();
  Require(answer.code() == "TransportError", "a silent gateway gives " + answer.Summary());
  payment.Change("Failed");
  Require(IsPending(payment), "a payment with an open exchange is not pending");
}

void CompletedHandler(Context& context) {
  HandlerPayment payment(context);
  payment.Pay();
  Require(!IsPending(payment), "a completed payment is pending");
}

void ResumedWithMessage(Context& context) {
  HandlerPayment payment(context);
  payment.Start();
  payment.Change("Suspended");
  const Answer answer =
      context.Expect(payment.wallet, ResumePaymentPaymentHandler(payment.deal, payment.pinitreq));
  Require(answer.call().Get("ContStatus") == "Continue", "ContStatus is not Continue");
  Require(answer.Message() == payment.pinitres, "the PInitRes is another than the first time");
}

void ResumedAfterRestart(Context& context) {
  HandlerPayment payment(context);
  payment.Start();
  payment.Change("Suspended");
  payment.Reopen();
  const Answer answer =
      context.Expect(payment.wallet, ResumePaymentPaymentHandler(payment.deal, payment.pinitreq));
  Require(answer.Message() == payment.pinitres, "the PInitRes is another than before the restart");
}

}  // namespace

void AddPendingRules(Rules& rules) {
  const auto add = [&](const char* id, const char* clause, const char* sentence,
                       void (*check)(Context&)) {
    rules.push_back({id, clause, sentence, Level::kMust, check});
  };
  add("CALL-7.4.2-suspended", "RFC 3538, 7.4.2; RFC 3867, 4.4.3",
      "a consumer's Suspended payment is pending", SuspendedConsumer);
  add("CALL-7.4.2-suspended-handler", "RFC 3538, 7.4.2; RFC 3867, 4.4.3",
      "a payment handler's Suspended payment is pending", SuspendedHandler);
  add("CALL-7.4.2-open-exchange", "RFC 3867, 4.4.3; errata E-71",
      "a payment with an open exchange with the acquirer is pending", OpenExchange);
  add("CALL-7.4.2-completed", "RFC 3538, 7.4.2", "a completed payment is not pending",
      CompletedHandler);
  add("CALL-4.3.4-stored", "RFC 3867, 4.3.4; RFC 3538 errata, E-65",
      "ResumePaymentPaymentHandler with the consumer's message gives the stored answer, octet for "
      "octet",
      ResumedWithMessage);
  add("CALL-4.3.4-stored-restart", "RFC 3867, 4.3.4; RFC 3538 errata, E-65",
      "it does so after close and open, too", ResumedAfterRestart);
}

}  // namespace conform
