// Purchase: the Payment API documents of one Baseline Purchase (RFC 3538, 6.1.1; RFC 3867, Figure
// 5) as an IOTP Application Core makes them, each from the answers to the ones before.  It knows no
// module: every request goes through the function that the caller gives.
#ifndef BRIDGE_PROGRAMS_OAC_PURCHASE_H_
#define BRIDGE_PROGRAMS_OAC_PURCHASE_H_

#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "bridge/state/role.h"
#include "schema/document.h"
#include "schema/writer.h"

namespace bridge::programs {

// What is bought and by whom.
struct PurchaseOrder {
  std::string brand_id = "VISA";
  std::string protocol_brand_id = "VISA";
  std::string amount = "157.53";
  std::string curr_code = "USD";
  std::string order = "Ladies coat, 1, USD 157.53";
  std::string merchant_pay_id = "M-1";
  std::string consumer_pay_id = "C-1";
  std::string handler_pay_id = "P-1";
  std::string merchant_org_id = "shop.example";
  std::string handler_org_id = "pay.example";
  std::string instrument;  // empty: the first that FindPaymentInstrument returns
  std::string ok_from = "2020-01-01T00:00:00Z";
  std::string ok_to = "2039-12-31T23:59:59Z";
};

// What a step ended with.  `refused` is an ErrorResponse: `code` and `description` are its.
struct StepResult {
  bool refused = false;
  std::string code;
  std::string description;
  std::string message;       // ContentData of the PaySchemePackagedContent, base64; may be empty
  std::string message_name;  // its Name: "PRes" or empty
  std::string cont_status;
};

class Purchase {
 public:
  // Ask sends one request to the bridge of a role and gives its response; the error side ends the
  // purchase.
  using Ask =
      std::function<tl::expected<std::string, std::string>(Role role, const std::string& request)>;
  using Result = tl::expected<StepResult, std::string>;

  Purchase(PurchaseOrder order, Ask ask) : order_(std::move(order)), ask_(std::move(ask)) {}

  // The steps, in the order in which they make sense.
  Result FindAcceptedPaymentBrand();
  Result FindAcceptedPaymentProtocol();
  Result GetPaymentInitializationData();
  Result FindPaymentInstrument();
  Result CheckPaymentPossibility();
  Result StartPaymentConsumer();
  Result StartPaymentPaymentHandler();  // takes the PInitReq
  Result ContinueConsumerPInitRes();    // gives the PReq
  Result ContinuePaymentHandler();      // gives the PRes, also inside a BusError
  Result ContinueConsumerPRes();
  Result CheckPaymentReceipt();
  Result ExpandPaymentReceipt();
  Result InquireProcessState(Role role);
  Result ChangeProcessState(Role role, std::string_view state);

  const PurchaseOrder& order() const { return order_; }
  // The request and the response of the last step.
  const std::string& last_request() const { return last_request_; }
  const std::string& last_response() const { return last_response_; }
  // An attribute of the last response's call element, empty if absent.
  std::string Attribute(std::string_view name) const;
  // The messages that have passed so far, base64.
  const std::string& pinitreq() const { return pinitreq_; }
  const std::string& pinitres() const { return pinitres_; }
  const std::string& preq() const { return preq_; }
  const std::string& pres() const { return pres_; }

 private:
  Result Send(Role role, const schema::Node& call);
  schema::Node ContinueProcess(std::string_view pay_id, std::string_view message,
                               std::string_view name) const;
  void SetMoney(schema::Node& call) const;
  schema::Node ProtocolBrand() const;
  schema::Node PayProtocol() const;
  schema::Node Receipt(std::string_view element) const;
  std::string_view PayId(Role role) const;

  PurchaseOrder order_;
  Ask ask_;
  std::string last_request_;
  std::string last_response_;
  std::string pay_protocol_;
  std::string order_hash_;
  std::string pinitreq_, pinitres_, preq_, pres_;
};

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_OAC_PURCHASE_H_
