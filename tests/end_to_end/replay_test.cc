// The same request for the same payment never acts twice (docs/architecture.md, invariant 2), and a
// transient answer is no answer: the repeated request goes on where the first one stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "end_to_end/market.h"

namespace market {
namespace {

struct Said {
  Role role;
  std::string request;
  std::string response;
};

// Does one step and keeps what was said.
Said Note(Purchase& purchase, Role role, const Purchase::Result& result) {
  EXPECT_TRUE(result) << result.error();
  return {role, purchase.last_request(), purchase.last_response()};
}

TEST(Replay, EveryStartAndContinueIsAnsweredByteForByteAgain) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  ASSERT_TRUE(purchase.FindAcceptedPaymentBrand());
  ASSERT_TRUE(purchase.FindAcceptedPaymentProtocol());
  ASSERT_TRUE(purchase.GetPaymentInitializationData());
  ASSERT_TRUE(purchase.FindPaymentInstrument());
  std::vector<Said> said;
  said.push_back(Note(purchase, Role::kConsumer, purchase.StartPaymentConsumer()));
  said.push_back(Note(purchase, Role::kPaymentHandler, purchase.StartPaymentPaymentHandler()));
  said.push_back(Note(purchase, Role::kConsumer, purchase.ContinueConsumerPInitRes()));
  said.push_back(Note(purchase, Role::kPaymentHandler, purchase.ContinuePaymentHandler()));
  said.push_back(Note(purchase, Role::kConsumer, purchase.ContinueConsumerPRes()));

  for (const Said& once : said) EXPECT_EQ(market.Ask(once.role, once.request), once.response);
  std::thread([&] {
    for (const Said& once : said) EXPECT_EQ(market.Ask(once.role, once.request), once.response);
  }).join();
  market.StopGateway();
  for (const Role role : kRoles) market.Reopen(role);
  for (const Said& once : said) EXPECT_EQ(market.Ask(once.role, once.request), once.response);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

TEST(Replay, ARepeatedQueryShowsThePresentState) {
  Market market;
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  ASSERT_TRUE(purchase.InquireProcessState(Role::kPaymentHandler));
  EXPECT_EQ(purchase.Attribute("ProcessState"), "InProgress");
  ASSERT_TRUE(purchase.ContinuePaymentHandler());
  ASSERT_TRUE(purchase.InquireProcessState(Role::kPaymentHandler));
  EXPECT_EQ(purchase.Attribute("ProcessState"), "CompletedOk");
}

TEST(Replay, AGatewayThatIsDownForTwoCallsIsPaidOnceByTheThird) {
  Market market(ImpatientHandler());
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  market.StopGateway();
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto failed = purchase.ContinuePaymentHandler();
    ASSERT_TRUE(failed) << failed.error();
    EXPECT_TRUE(failed->refused);
    EXPECT_EQ(failed->code, "TransportError");
    EXPECT_EQ(purchase.Attribute("Severity"), "TransientError");
    EXPECT_EQ(purchase.Attribute("MinRetrySecs"), "1");
    EXPECT_EQ(failed->message, "");
    ASSERT_TRUE(purchase.InquireProcessState(Role::kPaymentHandler));
    EXPECT_EQ(purchase.Attribute("ProcessState"), "InProgress");
    EXPECT_EQ(purchase.Attribute("PercentComplete"), "80");
  }
  market.StartGateway();
  const auto paid = purchase.ContinuePaymentHandler();
  ASSERT_TRUE(paid) << paid.error();
  EXPECT_FALSE(paid->refused) << paid->description;
  EXPECT_EQ(market.Authorizations().size(), 1U);
  ASSERT_TRUE(purchase.InquireProcessState(Role::kPaymentHandler));
  EXPECT_EQ(purchase.Attribute("ProcessState"), "CompletedOk");
}

TEST(Replay, AnOpenExchangeSurvivesARestartAndIsResentOctetForOctet) {
  Market market(ImpatientHandler());
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  market.StopGateway();
  ASSERT_TRUE(purchase.ContinuePaymentHandler()->refused);
  const std::string db = market.WalletDb(Role::kPaymentHandler);
  const auto before = Query(db, "SELECT request FROM intent");
  ASSERT_EQ(before.size(), 1U);
  market.Reopen(Role::kPaymentHandler);
  market.StartGateway();
  const auto paid = purchase.ContinuePaymentHandler();
  ASSERT_TRUE(paid) << paid.error();
  EXPECT_FALSE(paid->refused) << paid->description;
  EXPECT_EQ(Query(db, "SELECT request FROM intent"), before);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

}  // namespace
}  // namespace market
