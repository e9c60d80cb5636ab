// Resuming a payment: the last message again, octet for octet (RFC 3538, 8.7; E-118).
#include <gtest/gtest.h>

#include <string>

#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "schema/writer.h"
#include "setcore/base64.h"

namespace market {
namespace {

std::string Resume(std::string_view call, std::string_view attribute, std::string_view pay_id,
                   std::string_view message = {}) {
  schema::Node node(call);
  node.Set(attribute, pay_id);
  if (!message.empty()) {
    node.Add(schema::PackagedContent("PaySchemePackagedContent", {}, "PCDATA", "BASE64", message));
  }
  return schema::WriteRequest(node, {"The SET Bridge authors, end-to-end tests, 1.0.0", {}});
}

std::string ResumeConsumer(const Purchase& purchase) {
  return Resume("ResumePaymentConsumer", "ConsumerPayId", purchase.order().consumer_pay_id);
}

std::string ResumeHandler(const Purchase& purchase, std::string_view message = {}) {
  return Resume("ResumePaymentPaymentHandler", "PaymentHandlerPayId",
                purchase.order().handler_pay_id, message);
}

std::string MessageIn(const std::string& response) {
  return ContentOf(response, "PaySchemePackagedContent");
}

void WalkToInstrument(Purchase& purchase) {
  ASSERT_TRUE(purchase.FindAcceptedPaymentBrand());
  ASSERT_TRUE(purchase.FindAcceptedPaymentProtocol());
  ASSERT_TRUE(purchase.GetPaymentInitializationData());
  ASSERT_TRUE(purchase.FindPaymentInstrument());
}

class ResumeTest : public testing::Test {
 protected:
  Market market_{ImpatientHandler()};
  Purchase purchase_ = market_.NewPurchase("1");
};

TEST_F(ResumeTest, ASuspendedConsumerGetsItsLastMessage) {
  WalkToInstrument(purchase_);
  const std::string resume = ResumeConsumer(purchase_);
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kConsumer, resume)),
            "BusError ResumePaymentConsumer");
  ASSERT_TRUE(purchase_.StartPaymentConsumer());
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kConsumer, resume)),
            "BusError ResumePaymentConsumer");
  ASSERT_TRUE(purchase_.ChangeProcessState(Role::kConsumer, "Suspended"));
  const std::string resumed = market_.Ask(Role::kConsumer, resume);
  EXPECT_EQ(Verdict(market_, resumed), "ResumePaymentConsumerResponse Continue, with PInitReq");
  EXPECT_EQ(MessageIn(resumed), purchase_.pinitreq());
  EXPECT_EQ(StateOf(market_, Role::kConsumer, purchase_), "InProgress 40");
  // Asked again because the answer was lost.
  EXPECT_EQ(market_.Ask(Role::kConsumer, resume), resumed);

  ASSERT_TRUE(purchase_.StartPaymentPaymentHandler());
  ASSERT_TRUE(purchase_.ContinueConsumerPInitRes());
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kConsumer, resume)),
            "BusError ResumePaymentConsumer");
  ASSERT_TRUE(purchase_.ChangeProcessState(Role::kConsumer, "Suspended"));
  EXPECT_EQ(MessageIn(market_.Ask(Role::kConsumer, resume)), purchase_.preq());
}

// set-initiation.md, 6.3.
TEST_F(ResumeTest, APInitReqIsRepeatedWithTheEchoThatItCarried) {
  constexpr std::string_view kContent = "PayProtocolPackagedContent";
  constexpr std::string_view kEcho = "SET-Echo-In-Request: hello, world\r\n";
  WalkToInstrument(purchase_);
  const std::string start = market_.Draft(purchase_, &Purchase::StartPaymentConsumer);
  auto fields = *setcore::DecodeBase64(ContentOf(start, std::string(kContent)));
  fields.insert(fields.end(), kEcho.begin(), kEcho.end());
  const std::string started = market_.Ask(
      Role::kConsumer, WithContent(start, std::string(kContent), setcore::EncodeBase64(fields)));
  const auto first = *setcore::DecodeBase64(MessageIn(started));
  ASSERT_NE(std::string(first.begin(), first.end()).find(kEcho), std::string::npos);
  ASSERT_TRUE(purchase_.ChangeProcessState(Role::kConsumer, "Suspended"));
  EXPECT_EQ(MessageIn(market_.Ask(Role::kConsumer, ResumeConsumer(purchase_))), MessageIn(started));
}

TEST_F(ResumeTest, APaymentThatWasUnderWayWhenTheWalletOpenedResumes) {
  WalkToPReq(purchase_);
  market_.Reopen(Role::kConsumer);
  market_.Reopen(Role::kPaymentHandler);
  EXPECT_EQ(MessageIn(market_.Ask(Role::kConsumer, ResumeConsumer(purchase_))), purchase_.preq());
  const std::string handler = market_.Ask(Role::kPaymentHandler, ResumeHandler(purchase_));
  EXPECT_EQ(Verdict(market_, handler),
            "ResumePaymentPaymentHandlerResponse Continue, with PInitRes");
  EXPECT_EQ(MessageIn(handler), purchase_.pinitres());
}

TEST_F(ResumeTest, APaymentHandlerAnswersWhatItKnowsAndProcessesWhatItDoesNot) {
  WalkToPReq(purchase_);
  EXPECT_EQ(Verdict(market_,
                    market_.Ask(Role::kPaymentHandler, ResumeHandler(purchase_, purchase_.preq()))),
            "BusError ResumePaymentPaymentHandler");
  ASSERT_TRUE(purchase_.ChangeProcessState(Role::kPaymentHandler, "Suspended"));
  const std::string first = ResumeHandler(purchase_, purchase_.pinitreq());
  EXPECT_EQ(MessageIn(market_.Ask(Role::kPaymentHandler, first)), purchase_.pinitres());
  const std::string second = ResumeHandler(purchase_, purchase_.preq());
  const std::string paid = market_.Ask(Role::kPaymentHandler, second);
  EXPECT_EQ(Verdict(market_, paid), "ResumePaymentPaymentHandlerResponse End, with PRes approved");
  EXPECT_EQ(market_.Ask(Role::kPaymentHandler, second), paid);
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "CompletedOk 100");
  EXPECT_EQ(market_.Authorizations().size(), 1U);
}

// What was sent last may be an Initiation (E-55).
TEST_F(ResumeTest, ASuspendedPaymentHandlerRepeatsItsInitiation) {
  WalkToInstrument(purchase_);
  ASSERT_FALSE(purchase_.StartPaymentConsumer()->refused);
  const std::string accepted =
      "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
      "SET-Initiation-Type: Payment-Initiation-Response\r\nSET-Version: 1.0\r\n"
      "SET-Brand: VISA\r\n\r\n";
  const std::string content = setcore::EncodeBase64(
      {reinterpret_cast<const std::uint8_t*>(accepted.data()), accepted.size()});
  const std::string started =
      market_.Ask(Role::kPaymentHandler,
                  WithContent(market_.Draft(purchase_, &Purchase::StartPaymentPaymentHandler),
                              "PaySchemePackagedContent", content));
  ASSERT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "InProgress 20");
  for (const std::string& said : {std::string(), content}) {
    ASSERT_FALSE(purchase_.ChangeProcessState(Role::kPaymentHandler, "Suspended")->refused);
    const std::string resumed = market_.Ask(Role::kPaymentHandler, ResumeHandler(purchase_, said));
    EXPECT_EQ(MessageIn(resumed), MessageIn(started));
  }
}

TEST_F(ResumeTest, AnOpenExchangeIsResumedWithTheSameOctets) {
  WalkToPReq(purchase_);
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  const std::string db = market_.WalletDb(Role::kPaymentHandler);
  const auto before = Query(db, "SELECT request FROM intent");
  market_.Reopen(Role::kPaymentHandler);
  const std::string resume = ResumeHandler(purchase_, purchase_.preq());
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kPaymentHandler, resume)),
            "TransportError ResumePaymentPaymentHandler, again in 1 s");
  market_.StartGateway();
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kPaymentHandler, resume)),
            "ResumePaymentPaymentHandlerResponse End, with PRes approved");
  EXPECT_EQ(Query(db, "SELECT request FROM intent"), before);
  EXPECT_EQ(market_.Authorizations().size(), 1U);
}

TEST_F(ResumeTest, UnknownAndForeignIdentifiersAreNamed) {
  WalkToPReq(purchase_);
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kConsumer, Resume("ResumePaymentConsumer",
                                                                 "ConsumerPayId", "nobody"))),
            "AttValIllegal ResumePaymentConsumer@ConsumerPayId");
  EXPECT_EQ(
      Verdict(market_, market_.Ask(Role::kPaymentHandler, Resume("ResumePaymentPaymentHandler",
                                                                 "PaymentHandlerPayId", "nobody"))),
      "AttValIllegal ResumePaymentPaymentHandler@PaymentHandlerPayId");
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kMerchant,
                                         Resume("ResumePaymentConsumer", "ConsumerPayId", "M-1"))),
            "ReqNotSupp ResumePaymentConsumer");
}

}  // namespace
}  // namespace market
