// CALL, packaged contents: Content, Transform and Name as the tables of RFC 3538, 8.3 to 8.7 ask.
#include <fmt/format.h>

#include "stages.h"

namespace conform {
namespace {

Answer ProtocolOffered(Context& c) { return Offer(c).Protocol(); }
Answer PInitResMade(Context& c) { return HandlerStage(c).Start(); }
Answer PReqMade(Context& c) { return ConsumerStage(c).PInitRes(); }
Answer PResMade(Context& c) { return HandlerStage(c).PReq(); }
Answer InquiryStarted(Context& c) {
  ConsumerStage payment(c);
  payment.PInitRes();
  return c.Expect(payment.wallet, StartPaymentInquiry(payment.deal));
}
Answer StatusInquired(Context& c) {
  HandlerStage payment(c);
  payment.PReq();
  return c.Expect(payment.wallet, InquirePaymentStatus(payment.deal, payment.cardholder->InqReq()));
}
Answer Resumed(Context& c) {
  ConsumerStage payment(c);
  payment.Start();
  c.Expect(payment.wallet, ChangeProcessState(payment.deal.consumer_pay_id, "Suspended"));
  return c.Expect(payment.wallet, ResumePaymentConsumer(payment.deal));
}

struct Table {
  const char* id;
  const char* clause;
  const char* call;
  Answer (*answer)(Context&);
  const char* element = "PaySchemePackagedContent";
  const char* name = "";
};

const Table kTables[] = {
    {"CALL-8.3.1-content", "RFC 3538, 8.3.1(1)", "FindAcceptedPaymentProtocol", ProtocolOffered,
     "PayProtocolPackagedContent"},
    {"CALL-8.4.2-scheme-content", "RFC 3538, 8.4.2(4)", "StartPaymentPaymentHandler", PInitResMade},
    {"CALL-8.4.3-scheme-content", "RFC 3538, 8.4.3(3)", "ContinueProcess", PReqMade},
    {"CALL-8.4.4-scheme-content", "RFC 3538, 8.4.4(4)", "ContinueProcess with a PReq", PResMade,
     "PaySchemePackagedContent", "PRes"},
    {"CALL-8.6-inquiry-content", "RFC 3538, 8.6", "StartPaymentInquiry", InquiryStarted},
    {"CALL-8.6-status-content", "RFC 3538, 8.6", "InquirePaymentStatus", StatusInquired},
    {"CALL-8.7-content", "RFC 3538, 8.7", "ResumePaymentConsumer", Resumed},
};

void CheckTable(Context& context, const Table& table) {
  const Answer answer = table.answer(context);
  const Node* at = &answer.call();
  if (const Node* item = at->Child("ProtocolItem")) at = item;
  const Node* content = at->Child(table.element);
  Require(content != nullptr, fmt::format("no {} in {}", table.element, answer.Summary()));
  const std::string* kind = content->Find("Content");
  Require(kind == nullptr || *kind == "PCDATA",
          fmt::format("Content is {}", kind == nullptr ? "" : *kind));
  Require(content->Get("Transform") == "BASE64", "Transform is not BASE64");
  Require(content->Get("Name") == table.name, fmt::format("Name is \"{}\"", content->Get("Name")));
  Require(!FromBase64(content->text).empty(), "ContentData are no base64");
}

// 8.3.3: what the merchant's side makes is what the payment handler's side takes.
void Agreed(Context& c) {
  const Answer answer = Offer(c).Initialization();
  const Node* made = answer.call().Child("TradingRoleDataPackagedContent");
  Require(made != nullptr, "no TradingRoleData");
  HandlerStage payment(c);
  Node call = StartPaymentPaymentHandler(payment.deal, payment.cardholder->PInitReq());
  for (Node& child : call.children) {
    if (child.name == made->name) child = *made;
  }
  payment.pinitres = c.Expect(payment.wallet, call).Message();
  const Answer paid = payment.PReq();
  Require(paid.call().Get("ContStatus") == "End" && !paid.refused(),
          "the payment with this TradingRoleData gives " + paid.Summary());
}

// 8.4.3(3): "If the ContentData … is SET PRes message, this data is not created."
void NothingAfterPRes(Context& c) {
  const Answer answer = ConsumerStage(c).PRes();
  Require(!answer.refused() && answer.call().Child("PaySchemePackagedContent") == nullptr,
          "the answer to a PRes is " + answer.Summary() + " with scheme data, or refused");
}

// 8.4.5(2); errata E-82.
void StatusByAuthCode(Context& c) {
  HandlerStage payment(c, Issuer::kDeclines);
  payment.PReq();
  const std::string status = payment.Inquire().call().Get("StatusDesc");
  Require(status.find("declined") != std::string::npos, "StatusDesc is \"" + status + "\"");
}

}  // namespace

void AddContentRules(Rules& rules) {
  for (const Table& table : kTables) {
    const std::string name =
        *table.name == '\0' ? std::string("without a Name") : fmt::format("Name {}", table.name);
    rules.push_back(
        {table.id, table.clause,
         fmt::format("{} answers with a {}: PCDATA, BASE64, {}", table.call, table.element, name),
         Level::kMust, [&table](Context& c) { CheckTable(c, table); }});
  }
  const auto add = [&](const char* id, const char* clause, const char* sentence,
                       void (*check)(Context&)) {
    rules.push_back({id, clause, sentence, Level::kMust, check});
  };
  add("CALL-8.3.3-agreed", "RFC 3538, 8.3.3",
      "a payment handler takes the TradingRoleData that a merchant makes", Agreed);
  add("CALL-8.4.3-no-message", "RFC 3538, 8.4.3(3)",
      "the consumer's answer to a PRes has no scheme data", NothingAfterPRes);
  add("CALL-8.4.5-status-desc", "RFC 3538, 8.4.5(2); errata E-82",
      "StatusDesc of a declined payment names its AuthCode", StatusByAuthCode);
}

}  // namespace conform
