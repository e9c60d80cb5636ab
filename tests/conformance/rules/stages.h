// Stages: a payment of the judge walked up to one answer of the module, for rules about what that
// answer holds.
#ifndef TESTS_CONFORMANCE_RULES_STAGES_H_
#define TESTS_CONFORMANCE_RULES_STAGES_H_

#include "calls.h"

namespace conform {

// A consumer's payment; the merchant is the judge.
struct ConsumerStage {
  explicit ConsumerStage(Context& context, Deal of = {});

  Answer Start();                                  // StartPaymentConsumer
  Answer PInitRes();                               // ContinueProcess: PInitRes in, PReq out
  Answer PRes(Issuer issuer = Issuer::kApproves);  // ContinueProcess: PRes in
  Answer Inquire();

  Context& context;
  Deal deal;
  opb_wallet wallet;
  std::unique_ptr<MerchantPeer> merchant;
  Octets pinitreq, pinitres, preq, pres;
};

// A payment handler's payment; cardholder and gateway are the judge.
struct HandlerStage {
  explicit HandlerStage(Context& context, Issuer issuer = Issuer::kApproves, Deal of = {});

  Answer Start();  // StartPaymentPaymentHandler: PInitReq in, PInitRes out
  Answer PReq();   // ContinueProcess: PReq in, PRes out, also inside a BusError
  Answer Inquire();

  Context& context;
  Deal deal;
  std::unique_ptr<GatewayPeer> gateway;
  std::unique_ptr<CardholderPeer> cardholder;
  opb_wallet wallet;
  Octets pinitreq, pinitres, preq, pres;
};

// A merchant's offer.
struct Offer {
  explicit Offer(Context& context, Deal of = {});

  Answer Brands();
  Answer Protocol();  // copies the PayProtocol data into the deal
  Answer Initialization();

  Context& context;
  Deal deal;
  opb_wallet wallet;
};

}  // namespace conform

#endif  // TESTS_CONFORMANCE_RULES_STAGES_H_
