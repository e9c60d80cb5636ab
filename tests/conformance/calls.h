// One valid document of each call of RFC 3867, as a host would send it, for rules to send or to
// spoil.
#ifndef TESTS_CONFORMANCE_CALLS_H_
#define TESTS_CONFORMANCE_CALLS_H_

#include <string>
#include <string_view>

#include "context.h"

namespace conform {

// The IOTP side of one purchase.
struct Deal {
  Terms terms = {};
  std::string brand_id = "VISA";           // IOTP BrandId
  std::string protocol_brand_id = "VISA";  // RFC 3538, 8.2.2
  std::string merchant_pay_id = "M-1";
  std::string consumer_pay_id = "C-1";
  std::string handler_pay_id = "P-1";
  std::string instrument = std::string(kInstrument);
  std::string ok_from = "2020-01-01T00:00:00Z";
  std::string ok_to = "2039-12-31T23:59:59Z";
  // PayProtocol data of RFC 3538, 8.3.1, base64.
  std::string pay_protocol = DefaultPayProtocol();
  bool order_hash = true;  // TradingRoleData Payment:SET-OD at the payment handler

  std::string sale_detail = "";  // DER in base64, TradingRoleData Payment:SET-SaleDetail

  // With the line of Terms::initiation, if any.
  static std::string DefaultPayProtocol(std::string_view initiation = "");
};

Node SetContent(std::string_view element, std::string_view name, const Octets& message);

Node FindAcceptedPaymentBrand(const Deal& deal);
Node FindAcceptedPaymentProtocol(const Deal& deal);
Node GetPaymentInitializationData(const Deal& deal);
Node FindPaymentInstrument(const Deal& deal);
Node CheckPaymentPossibility(const Deal& deal);
Node StartPaymentConsumer(const Deal& deal);
Node StartPaymentPaymentHandler(const Deal& deal,
                                const Octets& message);  // PInitReq, Initiation, PReq
Node ResumePaymentConsumer(const Deal& deal);
Node ResumePaymentPaymentHandler(const Deal& deal, const Octets& message);
Node ContinueProcess(std::string_view pay_id, const Octets& message, std::string_view name = "");
Node InquireProcessState(std::string_view pay_id);
Node ChangeProcessState(std::string_view pay_id, std::string_view state,
                        std::string_view code = "");
Node CheckPaymentReceipt(std::string_view pay_id, const Octets& pres);
Node ExpandPaymentReceipt(std::string_view pay_id, const Octets& pres);
Node RemovePaymentLog(std::string_view pay_id);
Node PaymentInstrumentInquiry(const Deal& deal, std::string_view properties);
Node InquirePendingPayment();
Node StartPaymentInquiry(const Deal& deal);
Node InquirePaymentStatus(const Deal& deal, const Octets& inqreq);
Node ManagePaymentSoftware(std::string_view action);  // "": no Action
Node InquireAuthChallenge();
Node Authenticate();
Node CheckAuthResponse();

// Whole stretches of a payment; each fails the rule if the module refuses a step.
// The consumer's payment up to the PReq; the merchant is the judge.
Octets WalkConsumerToPReq(Context& context, opb_wallet wallet, const Deal& deal,
                          MerchantPeer& merchant);
// The payment handler's payment up to the PRes; cardholder and gateway are the judge.  The gateway
// has to be there.
Answer WalkHandlerToPRes(Context& context, opb_wallet wallet, const Deal& deal,
                         CardholderPeer& cardholder);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_CALLS_H_
