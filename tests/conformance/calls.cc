#include "calls.h"

namespace conform {
namespace {

constexpr std::string_view kProtocol = "SETv1.0";

void SetMoney(Node& call, const Deal& deal) {
  call.Set("PayDirection", "Debit")
      .Set("CurrCodeType", "ISO4217-A")
      .Set("CurrCode", deal.terms.curr_code)
      .Set("Amount", deal.terms.amount);
}

void SetTimes(Node& call, const Deal& deal) {
  call.Set("OkFrom", deal.ok_from).Set("OkTo", deal.ok_to);
}

Node ProtocolBrand(const Deal& deal) {
  Node node{"ProtocolBrand"};
  return node.Set("ProtocolId", kProtocol).Set("ProtocolBrandId", deal.protocol_brand_id);
}

Node Packaged(std::string_view element, std::string_view name, std::string_view transform,
              std::string_view text) {
  Node node{std::string(element)};
  if (!name.empty()) node.Set("Name", name);
  node.Set("Content", "PCDATA").Set("Transform", transform);
  node.text = text;
  return node;
}

Node PayProtocol(const Deal& deal) {
  return Packaged("PayProtocolPackagedContent", "", "BASE64", deal.pay_protocol);
}

Node Order(const Deal& deal) {
  return Packaged("OrderPackagedContent", "", "NONE", deal.terms.order);
}

Node WithPayId(std::string_view element, std::string_view pay_id) {
  Node node{std::string(element)};
  return node.Set("PayId", pay_id);
}

Node WithAuthenticationId(std::string_view element) {
  Node node{std::string(element)};
  return node.Set("AuthenticationId", "A-1");
}

Node Algorithm() {
  Node node{"Algorithm"};
  return node.Set("type", "digest").Set("name", "sha1");
}

}  // namespace

std::string Deal::DefaultPayProtocol(std::string_view initiation) {
  std::string fields =
      "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
      "SET-Initiation-Type: Payment-Initiation\r\nSET-LID-M: 515A533033363632594B\r\n";
  if (!initiation.empty()) fields.append(initiation).append("\r\n");
  return Base64(Octets(fields.begin(), fields.end()));
}

Node SetContent(std::string_view element, std::string_view name, const Octets& message) {
  return Packaged(element, name, "BASE64", Base64(message));
}

Node FindAcceptedPaymentBrand(const Deal& deal) {
  Node call{"FindAcceptedPaymentBrand"};
  SetMoney(call, deal);
  return call.Set("MerchantPayId", deal.merchant_pay_id).Set("MerchantOrgId", kMerchantOrgId);
}

Node FindAcceptedPaymentProtocol(const Deal& deal) {
  Node call{"FindAcceptedPaymentProtocol"};
  call.Set("BrandId", deal.brand_id);
  SetMoney(call, deal);
  return call.Set("MerchantPayId", deal.merchant_pay_id).Set("MerchantOrgId", kMerchantOrgId);
}

Node GetPaymentInitializationData(const Deal& deal) {
  Node call{"GetPaymentInitializationData"};
  call.Set("BrandId", deal.brand_id).Set("MerchantPayId", deal.merchant_pay_id);
  SetMoney(call, deal);
  call.Set("ProtocolId", kProtocol);
  SetTimes(call, deal);
  call.Set("ReceiverOrgId", kHandlerOrgId).Set("MerchantOrgId", kMerchantOrgId);
  return call.Add(ProtocolBrand(deal)).Add(PayProtocol(deal)).Add(Order(deal));
}

Node FindPaymentInstrument(const Deal& deal) {
  Node call{"FindPaymentInstrument"};
  call.Set("BrandId", deal.brand_id).Set("ProtocolId", kProtocol);
  SetMoney(call, deal);
  call.Set("ConsumerPayId", deal.consumer_pay_id);
  return call.Add(ProtocolBrand(deal)).Add(PayProtocol(deal));
}

Node CheckPaymentPossibility(const Deal& deal) {
  Node call{"CheckPaymentPossibility"};
  call.Set("BrandId", deal.brand_id).Set("PaymentInstrumentId", deal.instrument);
  SetMoney(call, deal);
  call.Set("ProtocolId", kProtocol).Set("ConsumerPayId", deal.consumer_pay_id);
  return call.Add(ProtocolBrand(deal)).Add(PayProtocol(deal));
}

Node StartPaymentConsumer(const Deal& deal) {
  Node call{"StartPaymentConsumer"};
  call.Set("BrandId", deal.brand_id).Set("PaymentInstrumentId", deal.instrument);
  SetMoney(call, deal);
  call.Set("ProtocolId", kProtocol);
  SetTimes(call, deal);
  call.Set("ConsumerPayId", deal.consumer_pay_id);
  return call.Add(ProtocolBrand(deal)).Add(PayProtocol(deal)).Add(Order(deal));
}

Node StartPaymentPaymentHandler(const Deal& deal, const Octets& message) {
  Node call{"StartPaymentPaymentHandler"};
  call.Set("BrandId", deal.brand_id).Set("ConsumerPayId", deal.consumer_pay_id);
  SetMoney(call, deal);
  call.Set("ProtocolId", kProtocol);
  SetTimes(call, deal);
  call.Set("PaymentHandlerPayId", deal.handler_pay_id).Set("MerchantOrgId", kMerchantOrgId);
  call.Add(ProtocolBrand(deal)).Add(PayProtocol(deal));
  if (deal.order_hash) {
    call.Add(Packaged("TradingRoleDataPackagedContent", "Payment:SET-OD", "NONE",
                      OrderHash(deal.terms.order)));
  }
  if (!deal.sale_detail.empty()) {
    call.Add(Packaged("TradingRoleDataPackagedContent", "Payment:SET-SaleDetail", "BASE64",
                      deal.sale_detail));
  }
  return call.Add(SetContent("PaySchemePackagedContent", "", message));
}

Node ResumePaymentConsumer(const Deal& deal) {
  Node call{"ResumePaymentConsumer"};
  return call.Set("ConsumerPayId", deal.consumer_pay_id);
}

Node ResumePaymentPaymentHandler(const Deal& deal, const Octets& message) {
  Node call{"ResumePaymentPaymentHandler"};
  call.Set("PaymentHandlerPayId", deal.handler_pay_id);
  return call.Add(SetContent("PaySchemePackagedContent", "", message));
}

Node ContinueProcess(std::string_view pay_id, const Octets& message, std::string_view name) {
  return WithPayId("ContinueProcess", pay_id)
      .Add(SetContent("PaySchemePackagedContent", name, message));
}

Node InquireProcessState(std::string_view pay_id) {
  return WithPayId("InquireProcessState", pay_id);
}

Node ChangeProcessState(std::string_view pay_id, std::string_view state, std::string_view code) {
  Node call = WithPayId("ChangeProcessState", pay_id);
  call.Set("ProcessState", state);
  if (!code.empty()) call.Set("CompletionCode", code);
  return call;
}

Node CheckPaymentReceipt(std::string_view pay_id, const Octets& pres) {
  return WithPayId("CheckPaymentReceipt", pay_id).Add(SetContent("PackagedContent", "PRes", pres));
}

Node ExpandPaymentReceipt(std::string_view pay_id, const Octets& pres) {
  return WithPayId("ExpandPaymentReceipt", pay_id).Add(SetContent("PackagedContent", "PRes", pres));
}

Node RemovePaymentLog(std::string_view pay_id) { return WithPayId("RemovePaymentLog", pay_id); }

Node PaymentInstrumentInquiry(const Deal& deal, std::string_view properties) {
  Node call{"PaymentInstrumentInquiry"};
  call.Set("BrandId", deal.brand_id)
      .Set("PaymentInstrumentId", deal.instrument)
      .Set("ProtocolId", kProtocol)
      .Set("PropertyTypeList", properties);
  return call.Add(ProtocolBrand(deal)).Add(PayProtocol(deal));
}

Node InquirePendingPayment() { return Node{"InquirePendingPayment"}; }

Node StartPaymentInquiry(const Deal& deal) {
  Node call{"StartPaymentInquiry"};
  return call.Set("ConsumerPayId", deal.consumer_pay_id);
}

Node InquirePaymentStatus(const Deal& deal, const Octets& inqreq) {
  Node call{"InquirePaymentStatus"};
  call.Set("PaymentHandlerPayId", deal.handler_pay_id);
  return call.Add(SetContent("PaySchemePackagedContent", "", inqreq));
}

Node ManagePaymentSoftware(std::string_view action) {
  Node call{"ManagePaymentSoftware"};
  if (!action.empty()) call.Set("Action", action);
  return call;
}

Node InquireAuthChallenge() {
  return WithAuthenticationId("InquireAuthChallenge").Add(Algorithm());
}

Node Authenticate() { return WithAuthenticationId("Authenticate").Add(Algorithm()); }

Node CheckAuthResponse() { return WithAuthenticationId("CheckAuthResponse").Add(Algorithm()); }

Octets WalkConsumerToPReq(Context& context, opb_wallet wallet, const Deal& deal,
                          MerchantPeer& merchant) {
  const Octets pinitreq = context.Expect(wallet, StartPaymentConsumer(deal)).Message();
  Require(!pinitreq.empty(), "StartPaymentConsumer gives no message");
  const Octets preq =
      context.Expect(wallet, ContinueProcess(deal.consumer_pay_id, merchant.PInitRes(pinitreq)))
          .Message();
  Require(!preq.empty(), "ContinueProcess gives no PReq");
  return preq;
}

Answer WalkHandlerToPRes(Context& context, opb_wallet wallet, const Deal& deal,
                         CardholderPeer& cardholder) {
  const Octets pinitres =
      context.Expect(wallet, StartPaymentPaymentHandler(deal, cardholder.PInitReq())).Message();
  Require(!pinitres.empty(), "StartPaymentPaymentHandler gives no message");
  return context.Send(wallet, ContinueProcess(deal.handler_pay_id, cardholder.PReq(pinitres)));
}

}  // namespace conform
