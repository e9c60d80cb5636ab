#include "bridge/programs/oac/purchase.h"

#include <utility>

#include "schema/reader.h"

namespace bridge::programs {
namespace {

using schema::Node;

constexpr std::string_view kSoftwareId = "The SET Bridge authors, application core, 1.0.0, release";

Node SetContent(std::string_view element, std::string_view name, std::string_view base64) {
  return schema::PackagedContent(element, name, "PCDATA", "BASE64", base64);
}

StepResult ResultOf(const schema::Element& call) {
  StepResult result;
  result.refused = call.name == "ErrorResponse";
  result.code = call.Value("ErrorCode");
  result.description = call.Value("ErrorDesc");
  result.cont_status = call.Value("ContStatus");
  if (const schema::Element* scheme = call.Child("PaySchemePackagedContent")) {
    result.message = scheme->text;
    result.message_name = scheme->Value("Name");
  }
  return result;
}

}  // namespace

Purchase::Result Purchase::Send(Role role, const Node& call) {
  last_request_ = schema::WriteRequest(call, {std::string(kSoftwareId), {}});
  auto response = ask_(role, last_request_);
  if (!response) return tl::unexpected(response.error());
  last_response_ = std::move(*response);
  const auto document = schema::ReadResponse(last_response_);
  if (!document) {
    return tl::unexpected(call.name + ": the response is not valid: " +
                          std::string(schema::Name(document.error().code)) + " at " +
                          document.error().element_type);
  }
  return ResultOf(document->call());
}

std::string Purchase::Attribute(std::string_view name) const {
  const auto document = schema::ReadResponse(last_response_);
  return document ? std::string(document->call().Value(name)) : std::string();
}

std::string_view Purchase::PayId(Role role) const {
  if (role == Role::kConsumer) return order_.consumer_pay_id;
  return role == Role::kMerchant ? order_.merchant_pay_id : order_.handler_pay_id;
}

void Purchase::SetMoney(Node& call) const {
  call.Set("PayDirection", "Debit")
      .Set("CurrCodeType", "ISO4217-A")
      .Set("CurrCode", order_.curr_code)
      .Set("Amount", order_.amount);
}

Node Purchase::ProtocolBrand() const {
  return Node("ProtocolBrand")
      .Set("ProtocolId", "SETv1.0")
      .Set("ProtocolBrandId", order_.protocol_brand_id);
}

Node Purchase::PayProtocol() const {
  return SetContent("PayProtocolPackagedContent", {}, pay_protocol_);
}

Purchase::Result Purchase::FindAcceptedPaymentBrand() {
  Node call("FindAcceptedPaymentBrand");
  SetMoney(call);
  call.Set("MerchantPayId", order_.merchant_pay_id).Set("MerchantOrgId", order_.merchant_org_id);
  return Send(Role::kMerchant, call);
}

Purchase::Result Purchase::FindAcceptedPaymentProtocol() {
  Node call("FindAcceptedPaymentProtocol");
  call.Set("BrandId", order_.brand_id);
  SetMoney(call);
  call.Set("MerchantPayId", order_.merchant_pay_id).Set("MerchantOrgId", order_.merchant_org_id);
  auto result = Send(Role::kMerchant, call);
  if (!result || result->refused) return result;
  const auto document = schema::ReadResponse(last_response_);
  if (const schema::Element* item = document->call().Child("ProtocolItem")) {
    order_.protocol_brand_id = item->Value("ProtocolBrandId");
    if (const schema::Element* data = item->Child("PayProtocolPackagedContent")) {
      pay_protocol_ = data->text;
    }
  }
  return result;
}

Purchase::Result Purchase::GetPaymentInitializationData() {
  Node call("GetPaymentInitializationData");
  call.Set("BrandId", order_.brand_id).Set("MerchantPayId", order_.merchant_pay_id);
  SetMoney(call);
  call.Set("ProtocolId", "SETv1.0")
      .Set("OkFrom", order_.ok_from)
      .Set("OkTo", order_.ok_to)
      .Set("ReceiverOrgId", order_.handler_org_id)
      .Set("MerchantOrgId", order_.merchant_org_id);
  call.Add(ProtocolBrand()).Add(PayProtocol());
  call.Add(schema::PackagedContent("OrderPackagedContent", {}, "PCDATA", "NONE", order_.order));
  auto result = Send(Role::kMerchant, call);
  if (!result || result->refused) return result;
  const auto document = schema::ReadResponse(last_response_);
  if (const auto* data = document->call().Child("TradingRoleDataPackagedContent")) {
    order_hash_ = data->text;
  }
  return result;
}

Purchase::Result Purchase::FindPaymentInstrument() {
  Node call("FindPaymentInstrument");
  call.Set("BrandId", order_.brand_id).Set("ProtocolId", "SETv1.0");
  SetMoney(call);
  call.Set("ConsumerPayId", order_.consumer_pay_id).Add(ProtocolBrand()).Add(PayProtocol());
  auto result = Send(Role::kConsumer, call);
  if (!result || result->refused || !order_.instrument.empty()) return result;
  const auto document = schema::ReadResponse(last_response_);
  if (const schema::Element* instrument = document->call().Child("PayInstrument")) {
    order_.instrument = instrument->Value("Id");
  }
  return result;
}

Purchase::Result Purchase::CheckPaymentPossibility() {
  Node call("CheckPaymentPossibility");
  call.Set("BrandId", order_.brand_id).Set("PaymentInstrumentId", order_.instrument);
  SetMoney(call);
  call.Set("ProtocolId", "SETv1.0").Set("ConsumerPayId", order_.consumer_pay_id);
  call.Add(ProtocolBrand()).Add(PayProtocol());
  return Send(Role::kConsumer, call);
}

Purchase::Result Purchase::StartPaymentConsumer() {
  Node call("StartPaymentConsumer");
  call.Set("BrandId", order_.brand_id).Set("PaymentInstrumentId", order_.instrument);
  SetMoney(call);
  call.Set("ProtocolId", "SETv1.0")
      .Set("OkFrom", order_.ok_from)
      .Set("OkTo", order_.ok_to)
      .Set("ConsumerPayId", order_.consumer_pay_id);
  call.Add(ProtocolBrand()).Add(PayProtocol());
  call.Add(schema::PackagedContent("OrderPackagedContent", {}, "PCDATA", "NONE", order_.order));
  auto result = Send(Role::kConsumer, call);
  if (result && !result->refused) pinitreq_ = result->message;
  return result;
}

Purchase::Result Purchase::StartPaymentPaymentHandler() {
  Node call("StartPaymentPaymentHandler");
  call.Set("BrandId", order_.brand_id).Set("ConsumerPayId", order_.consumer_pay_id);
  SetMoney(call);
  call.Set("ProtocolId", "SETv1.0")
      .Set("OkFrom", order_.ok_from)
      .Set("OkTo", order_.ok_to)
      .Set("PaymentHandlerPayId", order_.handler_pay_id)
      .Set("MerchantOrgId", order_.merchant_org_id);
  call.Add(ProtocolBrand()).Add(PayProtocol());
  if (!order_hash_.empty()) {
    call.Add(schema::PackagedContent("TradingRoleDataPackagedContent", "Payment:SET-OD", "PCDATA",
                                     "NONE", order_hash_));
  }
  call.Add(SetContent("PaySchemePackagedContent", {}, pinitreq_));
  auto result = Send(Role::kPaymentHandler, call);
  if (result && !result->refused) pinitres_ = result->message;
  return result;
}

Node Purchase::ContinueProcess(std::string_view pay_id, std::string_view message,
                               std::string_view name) const {
  Node call("ContinueProcess");
  call.Set("PayId", pay_id).Add(SetContent("PaySchemePackagedContent", name, message));
  return call;
}

Purchase::Result Purchase::ContinueConsumerPInitRes() {
  auto result = Send(Role::kConsumer, ContinueProcess(order_.consumer_pay_id, pinitres_, {}));
  if (result && !result->refused) preq_ = result->message;
  return result;
}

Purchase::Result Purchase::ContinuePaymentHandler() {
  auto result = Send(Role::kPaymentHandler, ContinueProcess(order_.handler_pay_id, preq_, {}));
  // RFC 3538, 9.5: a refused payment's PRes comes inside the BusError.
  if (result && result->message_name == "PRes") pres_ = result->message;
  return result;
}

Purchase::Result Purchase::ContinueConsumerPRes() {
  return Send(Role::kConsumer, ContinueProcess(order_.consumer_pay_id, pres_, "PRes"));
}

Node Purchase::Receipt(std::string_view element) const {
  Node call(element);
  call.Set("PayId", order_.consumer_pay_id).Add(SetContent("PackagedContent", "PRes", pres_));
  return call;
}

Purchase::Result Purchase::CheckPaymentReceipt() {
  return Send(Role::kConsumer, Receipt("CheckPaymentReceipt"));
}

Purchase::Result Purchase::ExpandPaymentReceipt() {
  return Send(Role::kConsumer, Receipt("ExpandPaymentReceipt"));
}

Purchase::Result Purchase::InquireProcessState(Role role) {
  return Send(role, Node("InquireProcessState").Set("PayId", PayId(role)));
}

Purchase::Result Purchase::ChangeProcessState(Role role, std::string_view state) {
  return Send(role,
              Node("ChangeProcessState").Set("PayId", PayId(role)).Set("ProcessState", state));
}

}  // namespace bridge::programs
