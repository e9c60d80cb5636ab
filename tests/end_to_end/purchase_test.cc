// Whole purchases through the module (RFC 3538, 6.1.1; RFC 3867, Figure 5): what each step answers,
// and what the ledgers say after it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "setcore/base64.h"
#include "setcore/initiation/initiation.h"
#include "setcore/receipt.h"

namespace market {
namespace {

struct PaymentRow {
  std::string state;
  std::string percent;
  std::string completion_code;
  std::string status_desc;

  bool operator==(const PaymentRow&) const = default;
};

std::ostream& operator<<(std::ostream& out, const PaymentRow& row) {
  return out << row.state << " " << row.percent << " % " << row.completion_code << " "
             << row.status_desc;
}

std::string PayId(const Purchase& purchase, Role role) {
  if (role == Role::kConsumer) return purchase.order().consumer_pay_id;
  return role == Role::kMerchant ? purchase.order().merchant_pay_id
                                 : purchase.order().handler_pay_id;
}

PaymentRow Stored(const Market& market, const Purchase& purchase, Role role) {
  const auto rows = Query(market.WalletDb(role),
                          "SELECT ProcessState, PercentComplete, CompletionCode, StatusDesc FROM "
                          "payments WHERE PayId = '" +
                              PayId(purchase, role) + "'");
  if (rows.size() != 1) return {};
  return {rows[0][0], rows[0][1], rows[0][2], rows[0][3]};
}

PaymentRow Inquired(Purchase& purchase, Role role) {
  const auto result = purchase.InquireProcessState(role);
  EXPECT_TRUE(result && !result->refused);
  return {purchase.Attribute("ProcessState"), purchase.Attribute("PercentComplete"),
          purchase.Attribute("CompletionCode"), purchase.Attribute("StatusDesc")};
}

// What a payment must be after a step, in the store and in InquireProcessState alike.
void ExpectState(Market& market, Purchase& purchase, Role role, const std::string& state,
                 const std::string& percent) {
  const PaymentRow stored = Stored(market, purchase, role);
  EXPECT_EQ(stored.state, state);
  EXPECT_EQ(stored.percent, percent);
  EXPECT_EQ(Inquired(purchase, role), stored);
}

void ExpectOk(const Purchase::Result& result) {
  ASSERT_TRUE(result) << result.error();
  ASSERT_FALSE(result->refused) << result->code << ": " << result->description;
}

std::string ReceiptOf(const Market& market, const Purchase& purchase, Role role) {
  const auto rows = Query(market.WalletDb(role), "SELECT octets FROM receipts WHERE PayId = '" +
                                                     PayId(purchase, role) + "'");
  return rows.empty() ? "" : rows[0][0];
}

std::string Hex(const std::string& base64) {
  const auto octets = setcore::DecodeBase64(base64);
  std::string hex;
  for (const std::uint8_t octet : octets.value()) {
    hex += "0123456789abcdef"[octet >> 4];
    hex += "0123456789abcdef"[octet & 15];
  }
  return hex;
}

TEST(Purchase, EveryStepLeavesStateAndProgressThatTheTablesName) {
  Market market;
  Purchase purchase = market.NewPurchase("1");

  ExpectOk(purchase.FindAcceptedPaymentBrand());
  ExpectState(market, purchase, Role::kMerchant, "InProgress", "0");
  ExpectOk(purchase.FindAcceptedPaymentProtocol());
  ExpectOk(purchase.GetPaymentInitializationData());
  ExpectOk(purchase.FindPaymentInstrument());
  ExpectState(market, purchase, Role::kConsumer, "NotYetStarted", "0");
  ExpectOk(purchase.CheckPaymentPossibility());
  ExpectOk(purchase.StartPaymentConsumer());
  ExpectState(market, purchase, Role::kConsumer, "InProgress", "40");
  ExpectOk(purchase.StartPaymentPaymentHandler());
  ExpectState(market, purchase, Role::kPaymentHandler, "InProgress", "60");
  ExpectOk(purchase.ContinueConsumerPInitRes());
  ExpectState(market, purchase, Role::kConsumer, "InProgress", "80");

  const auto paid = purchase.ContinuePaymentHandler();
  ExpectOk(paid);
  EXPECT_EQ(paid->cont_status, "End");
  EXPECT_EQ(paid->message_name, "PRes");
  ExpectState(market, purchase, Role::kPaymentHandler, "CompletedOk", "100");
  EXPECT_EQ(ReceiptOf(market, purchase, Role::kPaymentHandler), Hex(purchase.pres()));
  EXPECT_EQ(Inquired(purchase, Role::kPaymentHandler).completion_code, "");
  EXPECT_EQ(purchase.Attribute("PayReceiptNameRefs"), "PRes");
  ExpectOk(purchase.ChangeProcessState(Role::kPaymentHandler, "CompletedOk"));

  const auto ended = purchase.ContinueConsumerPRes();
  ExpectOk(ended);
  EXPECT_EQ(ended->cont_status, "End");
  EXPECT_EQ(ended->message, "");
  ExpectState(market, purchase, Role::kConsumer, "InProgress", "100");  // D-70
  EXPECT_EQ(ReceiptOf(market, purchase, Role::kConsumer), Hex(purchase.pres()));
  ExpectOk(purchase.CheckPaymentReceipt());
  ExpectOk(purchase.ChangeProcessState(Role::kConsumer, "CompletedOk"));
  ExpectState(market, purchase, Role::kConsumer, "CompletedOk", "100");
  ExpectOk(purchase.ChangeProcessState(Role::kMerchant, "CompletedOk"));
  ExpectState(market, purchase, Role::kMerchant, "CompletedOk", "0");

  const auto authorizations = market.Authorizations();
  ASSERT_EQ(authorizations.size(), 1U);
  EXPECT_THAT(authorizations[0], testing::ElementsAre(testing::_, testing::_, "00012345", "VISA",
                                                      "157.53", "USD", "approved", "0", "0"));
}

// set-initiation.md, 6.3.
TEST(Purchase, AnEchoTravelsWithTheNextRequest) {
  constexpr std::string_view kContent = "PayProtocolPackagedContent";
  Market market;
  Purchase purchase = market.NewPurchase("1");
  ExpectOk(purchase.FindAcceptedPaymentBrand());
  ExpectOk(purchase.FindAcceptedPaymentProtocol());
  ExpectOk(purchase.GetPaymentInitializationData());
  ExpectOk(purchase.FindPaymentInstrument());
  std::string start = market.Draft(purchase, &Purchase::StartPaymentConsumer);
  auto fields = *setcore::DecodeBase64(ContentOf(start, std::string(kContent)));
  constexpr std::string_view kEcho = "SET-Echo-In-Request: hello, world\r\n";
  fields.insert(fields.end(), kEcho.begin(), kEcho.end());
  start = WithContent(start, std::string(kContent), setcore::EncodeBase64(fields));
  const std::string answer = market.Ask(Role::kConsumer, start);
  const auto request = setcore::DecodeBase64(ContentOf(answer, "PaySchemePackagedContent"))
                           .value_or(setcore::Octets{});
  EXPECT_TRUE(std::string(request.begin(), request.end())
                  .starts_with("Content-Type: application/set-payment\r\n" + std::string(kEcho) +
                               "\r\n\x30"));
  EXPECT_EQ(market.Ask(Role::kConsumer, start), answer);

  Purchase other = market.NewPurchase("2");
  ExpectOk(other.FindAcceptedPaymentBrand());
  ExpectOk(other.FindAcceptedPaymentProtocol());
  ExpectOk(other.GetPaymentInitializationData());
  ExpectOk(other.FindPaymentInstrument());
  ExpectOk(other.StartPaymentConsumer());
  const auto wrapped =
      setcore::initiation::WrapSetMessage(*setcore::DecodeBase64(other.pinitreq()), "hello, world");
  EXPECT_EQ(
      Verdict(market,
              market.Ask(Role::kPaymentHandler,
                         WithContent(market.Draft(other, &Purchase::StartPaymentPaymentHandler),
                                     "PaySchemePackagedContent", setcore::EncodeBase64(wrapped)))),
      "StartPaymentPaymentHandlerResponse Continue, with PInitRes");
}

TEST(Purchase, TheReceiptExpandsToWhatWasPaid) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  Walk(purchase);
  ExpectOk(purchase.ExpandPaymentReceipt());
  EXPECT_EQ(purchase.Attribute("Amount"), "157.53");
  EXPECT_EQ(purchase.Attribute("CurrCode"), "USD");
  EXPECT_EQ(purchase.Attribute("BrandId"), "VISA");
  EXPECT_EQ(purchase.Attribute("ProtocolId"), "SETv1.0");
  EXPECT_EQ(purchase.Attribute("PayDirection"), "Debit");
  EXPECT_NE(purchase.Attribute("PaymentHandlerDesc"), "");  // E-115
  const auto facts = setcore::ReadPRes(setcore::DecodeBase64(purchase.pres()).value());
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->success);
  EXPECT_EQ(facts->name, "approved");
  // LID-M of the receipt is that of the merchant's PayProtocol data (E-22).
  const auto lid_m = Query(market.WalletDb(Role::kMerchant), "SELECT LidM FROM payments");
  EXPECT_EQ(purchase.Attribute("ProtocolTransId"), lid_m.at(0).at(0));
}

TEST(Purchase, ADeclinedOneEndsAsBusinessFailureOnBothSides) {
  Options options;
  options.declines = true;
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);

  // RFC 3538, 9.5: BusError carrying the PRes.
  const auto refused = purchase.ContinuePaymentHandler();
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->refused);
  EXPECT_EQ(refused->code, "BusError");
  EXPECT_EQ(refused->message_name, "PRes");
  EXPECT_EQ(purchase.Attribute("Severity"), "HardError");
  ExpectState(market, purchase, Role::kPaymentHandler, "Failed", "100");
  const PaymentRow handler = Stored(market, purchase, Role::kPaymentHandler);
  EXPECT_EQ(handler.completion_code, "Unspecified");
  EXPECT_THAT(handler.status_desc, testing::HasSubstr("declined"));  // D-75

  // E-119: the consumer answers End, without an error.
  const auto ended = purchase.ContinueConsumerPRes();
  ExpectOk(ended);
  EXPECT_EQ(ended->cont_status, "End");
  ExpectState(market, purchase, Role::kConsumer, "Failed", "100");
  EXPECT_EQ(Stored(market, purchase, Role::kConsumer).completion_code, "Unspecified");
  EXPECT_EQ(ReceiptOf(market, purchase, Role::kConsumer), Hex(purchase.pres()));
  ExpectOk(purchase.CheckPaymentReceipt());
  ExpectOk(purchase.ChangeProcessState(Role::kConsumer, "CompletedOk"));
  EXPECT_EQ(purchase.Attribute("ProcessState"), "Failed");
  EXPECT_EQ(market.Authorizations().at(0).at(6), "declined");
}

TEST(Purchase, ACardWithoutCertificatePaysUnsigned) {
  Market market;
  PurchaseOrder order;
  order.instrument = market.world().pki.brands.front().unsigned_instrument;
  ASSERT_NE(order.instrument, "");
  Purchase purchase = market.NewPurchase("1", order);
  Walk(purchase);
  ExpectState(market, purchase, Role::kConsumer, "CompletedOk", "100");
  ExpectState(market, purchase, Role::kPaymentHandler, "CompletedOk", "100");
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

// interfaces.md, 3: bins of the payment handler's brand are checked for cards without certificate.
TEST(Purchase, ACardWithoutCertificateOfAnotherBinIsNotOfTheBrand) {
  Options options;
  options.edit_handler = [](std::string text) {
    const auto at = text.find("bins");
    return text.replace(at, text.find('\n', at) - at, "bins = [\"59999999\"]");
  };
  Market market(options);
  PurchaseOrder order;
  order.instrument = market.world().pki.brands.front().unsigned_instrument;
  Purchase purchase = market.NewPurchase("1", order);
  WalkToPReq(purchase);
  const auto refused = purchase.ContinuePaymentHandler();
  ASSERT_TRUE(refused) << refused.error();
  EXPECT_EQ(refused->code, "AttNotValid");
  ExpectState(market, purchase, Role::kPaymentHandler, "ProcessError", "60");
  EXPECT_TRUE(market.Authorizations().empty());
  // A card with certificate is judged by it alone.
  Purchase with = market.NewPurchase("2");
  Walk(with);
}

TEST(Purchase, ASaleIsCapturedInTheAuthRes) {
  Options options;
  options.edit_handler = [](std::string text) { return text + "\n[policy]\ncapture_now = true\n"; };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  Walk(purchase);
  EXPECT_EQ(market.Authorizations().at(0).at(7), "1");
  const auto facts = setcore::ReadPRes(setcore::DecodeBase64(purchase.pres()).value());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->field, "CapCode");
  EXPECT_EQ(facts->name, "success");
  ExpectOk(purchase.ExpandPaymentReceipt());
  EXPECT_EQ(purchase.Attribute("Amount"), "157.53");
}

TEST(Purchase, Keys2048BitsLongWorkTheSame) {
  Options options;
  options.key_bits = 2048;
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  Walk(purchase);
  EXPECT_EQ(market.Authorizations().at(0).at(6), "approved");
}

TEST(Purchase, TwoMarketsOfDifferentBrandLanguageAndPolicyLiveInOneProcess) {
  Options yen;
  yen.brand = "JCB";
  yen.edit_handler = [](std::string text) {
    text.replace(text.find("language  = \"en\""), 16, "language  = \"de\"\n#");
    return text + "\n[policy]\ncapture_now = true\n";
  };
  Market first;
  Market second(yen);
  PurchaseOrder order;
  order.amount = "12000";
  order.curr_code = "JPY";
  Purchase dollars = first.NewPurchase("1");
  Purchase yens = second.NewPurchase("1", order);
  WalkToPReq(dollars);
  Walk(yens);
  ExpectOk(dollars.ContinuePaymentHandler());
  ExpectOk(dollars.ContinueConsumerPRes());
  EXPECT_EQ(first.Authorizations().at(0).at(4), "157.53");
  EXPECT_EQ(first.Authorizations().at(0).at(7), "0");
  EXPECT_EQ(second.Authorizations().at(0).at(4), "12000");
  EXPECT_EQ(second.Authorizations().at(0).at(5), "JPY");
  EXPECT_EQ(second.Authorizations().at(0).at(7), "1");
}

TEST(Purchase, AWalletOfOneRoleRefusesTheCallsOfTheOthers) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  ExpectOk(purchase.FindAcceptedPaymentBrand());
  for (const Role other : {Role::kConsumer, Role::kPaymentHandler}) {
    const std::string answer = market.Ask(other, purchase.last_request());
    EXPECT_THAT(answer, testing::HasSubstr("ErrorCode=\"ReqNotSupp\"")) << answer;
  }
}

}  // namespace
}  // namespace market
