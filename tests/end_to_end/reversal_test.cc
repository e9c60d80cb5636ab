// Cancelling at the payment handler: the state follows the money (E-71, E-73, D-72).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "end_to_end/command.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReversalTest : public testing::Test {
 protected:
  std::string Change(const std::string& state, const std::string& more = {}) {
    return market_.Ask(Role::kPaymentHandler,
                       "<IotpPaymentApiRequest><ChangeProcessState PayId=\"P-1\" ProcessState=\"" +
                           state + "\" " + more + "/></IotpPaymentApiRequest>");
  }
  // What set-bridge says.
  std::string Resolve(const std::string& as = "approved") {
    const Ran ran = SetBridge("resolve " + market_.WalletDirectory(Role::kPaymentHandler) +
                              " P-1 --as " + as + " --by operator --why telephone");
    EXPECT_EQ(ran.status, 0);
    return ran.output;
  }
  std::string State() { return StateOf(market_, Role::kPaymentHandler, purchase_); }
  std::vector<Row> Reversed() {
    return Query(market_.world().gateway_db, "SELECT AuthCode, reversed FROM authorizations");
  }
  std::vector<Row> Reversals() {
    return Query(market_.WalletDb(Role::kPaymentHandler),
                 "SELECT request FROM intent WHERE kind = 'AuthRevReq'");
  }

  Market market_{ImpatientHandler()};
  Purchase purchase_ = market_.NewPurchase("1");
};

TEST_F(ReversalTest, ACompletedPaymentIsTakenBackAtTheAcquirer) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_THAT(Change("Failed"), AllOf(HasSubstr("ProcessState=\"Failed\""),
                                      HasSubstr("CompletionCode=\"PaymtCancelled\""),
                                      HasSubstr("AuthRevCode=approved")));
  EXPECT_EQ(State(), "Failed 100");
  EXPECT_EQ(Reversed(), (std::vector<Row>{{"approved", "1"}}));
  EXPECT_THAT(Change("Failed"), HasSubstr("ProcessState=\"Failed\""));
  EXPECT_THAT(Change("CompletedOk"), HasSubstr("ProcessState=\"Failed\""));
  EXPECT_EQ(Reversals().size(), 1U);
}

// RFC 3867, 2.5, 4.3.6: a payment handler is asked, and told nothing, by an inquiry.
TEST_F(ReversalTest, AnInquiryTakesNothingBack) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  for (const char* state : {"Failed", "ProcessError", "Suspended"}) {
    EXPECT_THAT(Change(state, "ProcessType=\"Inquiry\""),
                AllOf(HasSubstr("ProcessState=\"CompletedOk\""), HasSubstr("is authorized")));
  }
  EXPECT_EQ(Reversed(), (std::vector<Row>{{"approved", "0"}}));
  EXPECT_TRUE(Reversals().empty());
}

TEST_F(ReversalTest, AnInquiryWishesForNothing) {
  WalkToPReq(purchase_);
  EXPECT_THAT(Change("Failed", "ProcessType=\"Inquiry\""),
              HasSubstr("ProcessState=\"InProgress\""));
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_THAT(Change("Failed", "ProcessType=\"Inquiry\""),
              AllOf(HasSubstr("ProcessState=\"InProgress\""), Not(HasSubstr("is noted"))));
  market_.StartGateway();
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(State(), "CompletedOk 100");
}

TEST_F(ReversalTest, WithoutAnAnswerItStaysCompletedAndTheSameRequestIsSentAgain) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  market_.StopGateway();
  EXPECT_THAT(Change("Failed", "CompletionCode=\"TimedOutRcvr\""),
              AllOf(HasSubstr("ProcessState=\"CompletedOk\""), Not(HasSubstr("CompletionCode")),
                    HasSubstr("under way")));
  const auto before = Reversals();
  ASSERT_EQ(before.size(), 1U);
  EXPECT_THAT(Change("Suspended"), HasSubstr("ProcessState=\"CompletedOk\""));
  market_.Reopen(Role::kPaymentHandler);
  market_.StartGateway();
  EXPECT_THAT(
      Change("Failed", "CompletionCode=\"TimedOutRcvr\""),
      AllOf(HasSubstr("ProcessState=\"Failed\""), HasSubstr("CompletionCode=\"TimedOutRcvr\"")));
  EXPECT_EQ(Reversals(), before);
  EXPECT_EQ(Reversed(), (std::vector<Row>{{"approved", "1"}}));
}

TEST_F(ReversalTest, AWishDuringTheExchangeIsFulfilledWhenTheAcquirerApproves) {
  WalkToPReq(purchase_);
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_THAT(Change("Failed"), HasSubstr("ProcessState=\"InProgress\""));
  market_.StartGateway();
  const auto paid = purchase_.ContinuePaymentHandler();
  ASSERT_TRUE(paid) << paid.error();
  EXPECT_EQ(Verdict(market_, purchase_.last_response()),
            "BusError ContinueProcess, with PRes orderRejected");
  EXPECT_EQ(State(), "Failed 100");
  EXPECT_EQ(Reversed(), (std::vector<Row>{{"approved", "1"}}));
  EXPECT_EQ(Query(market_.WalletDb(Role::kPaymentHandler),
                  "SELECT CompletionCode FROM payments WHERE PayId = 'P-1'"),
            (std::vector<Row>{{"PaymtCancelled"}}));
  // The consumer is told.
  EXPECT_FALSE(purchase_.ContinueConsumerPRes()->refused);
  EXPECT_EQ(StateOf(market_, Role::kConsumer, purchase_), "Failed 100");
  EXPECT_THAT(StatusDescOf(market_, Role::kConsumer, purchase_),
              HasSubstr("The payment handler has rejected the order."));
}

TEST_F(ReversalTest, WhatTheOperatorHasApprovedIsTakenBackBeforeItFails) {
  WalkToPReq(purchase_);
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  market_.CloseWallet(Role::kPaymentHandler);
  EXPECT_EQ(Resolve(),
            "P-1: the authorization is closed as approved; the repeated call makes the "
            "PRes\n");
  market_.OpenWallet(Role::kPaymentHandler);
  EXPECT_THAT(Change("Failed"), HasSubstr("ProcessState=\"InProgress\""));
  EXPECT_THAT(Change("ProcessError"), HasSubstr("ProcessState=\"InProgress\""));
  market_.StartGateway();
  // The gateway has never seen the AuthReq: it takes nothing back, and the operator's word stands.
  ASSERT_TRUE(purchase_.ContinuePaymentHandler());
  EXPECT_EQ(Verdict(market_, purchase_.last_response()),
            "ContinueProcessResponse End, with PRes approved");
  EXPECT_EQ(State(), "CompletedOk 100");
  EXPECT_THAT(StatusDescOf(market_, Role::kPaymentHandler, purchase_),
              HasSubstr("has not reversed"));
}

// E-71, E-73: once the acquirer may have made it, no other wish brings the approval back.
TEST_F(ReversalTest, AReversalThatWasAskedForCannotBeUnwished) {
  WalkToPReq(purchase_);
  market_.StopGateway();
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  market_.CloseWallet(Role::kPaymentHandler);
  Resolve();
  market_.OpenWallet(Role::kPaymentHandler);
  EXPECT_THAT(Change("Failed"), HasSubstr("ProcessState=\"InProgress\""));
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  ASSERT_EQ(Reversals().size(), 1U);
  EXPECT_THAT(Change("Suspended"),
              AllOf(HasSubstr("ProcessState=\"InProgress\""), HasSubstr("under way")));
  market_.CloseWallet(Role::kPaymentHandler);
  EXPECT_THAT(Resolve(), HasSubstr("the reversal is closed as approved"));
  market_.OpenWallet(Role::kPaymentHandler);
  EXPECT_THAT(Change("Suspended"), HasSubstr("ProcessState=\"InProgress\""));
  ASSERT_TRUE(purchase_.ContinuePaymentHandler());
  EXPECT_EQ(Verdict(market_, purchase_.last_response()),
            "BusError ContinueProcess, with PRes orderRejected");
  EXPECT_EQ(State(), "Failed 100");
}

// set-processing.md, 2.3: an exchange that ended without effect may be followed by a new request.
TEST_F(ReversalTest, ARequestThatTheGatewayCouldNotUseIsFollowedByANewOne) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  market_.StopGateway();
  market_.SetClockAhead(-25LL * 3600 * 1000);
  EXPECT_THAT(Change("Failed"), HasSubstr("under way"));
  market_.SetClockAhead(0);
  market_.StartGateway();
  EXPECT_THAT(Change("Failed"),
              AllOf(HasSubstr("ProcessState=\"CompletedOk\""), HasSubstr("has not reversed")));
  EXPECT_EQ(Reversed(), (std::vector<Row>{{"approved", "0"}}));
  EXPECT_THAT(Change("Failed"), HasSubstr("ProcessState=\"Failed\""));
  EXPECT_EQ(Reversed(), (std::vector<Row>{{"approved", "1"}}));
  EXPECT_EQ(Reversals().size(), 2U);
}

TEST_F(ReversalTest, TheOperatorMayCloseAReversalToo) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  market_.StopGateway();
  EXPECT_THAT(Change("Failed"), HasSubstr("under way"));
  market_.CloseWallet(Role::kPaymentHandler);
  EXPECT_EQ(Resolve(),
            "P-1: the reversal is closed as approved; the repeated call answers that the "
            "payment is Failed\n");
  market_.OpenWallet(Role::kPaymentHandler);
  EXPECT_EQ(State(), "CompletedOk 100");
  EXPECT_THAT(Change("Failed"), AllOf(HasSubstr("ProcessState=\"Failed\""),
                                      HasSubstr("CompletionCode=\"PaymtCancelled\"")));
}

TEST_F(ReversalTest, AReversalThatTheOperatorDeclinesLeavesThePaymentCompleted) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  market_.StopGateway();
  EXPECT_THAT(Change("Failed"), HasSubstr("under way"));
  market_.CloseWallet(Role::kPaymentHandler);
  EXPECT_EQ(Resolve("declined"),
            "P-1: the reversal is closed as declined; the repeated call "
            "answers that the payment is CompletedOk\n");
  market_.OpenWallet(Role::kPaymentHandler);
  EXPECT_THAT(Change("Failed"), HasSubstr("ProcessState=\"CompletedOk\""));
}

TEST(ReversalOfASale, WhatIsCapturedStaysCompleted) {
  Options options;
  options.edit_handler = [](std::string text) { return text + "\n[policy]\ncapture_now = true\n"; };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  ASSERT_FALSE(purchase.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase.ChangeProcessState(Role::kPaymentHandler, "Failed")->refused);
  EXPECT_EQ(purchase.Attribute("ProcessState"), "CompletedOk");
  EXPECT_THAT(purchase.Attribute("StatusDesc"), HasSubstr("captured"));
  EXPECT_EQ(purchase.Attribute("CompletionCode"), "");
}

}  // namespace
}  // namespace market
