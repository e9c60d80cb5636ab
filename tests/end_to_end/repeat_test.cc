// The same octets in another document get the message that answered them before (set-processing.md,
// 2.2 (0), 2.3; E-65, E-95; D-39).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/refusals.h"
#include "end_to_end/verdict.h"
#include "schema/writer.h"

namespace market {
namespace {

constexpr char kScheme[] = "PaySchemePackagedContent";

// `request` in other XML: the same payment scheme data under another label.
std::string Relabelled(std::string request) {
  return Replaced(std::move(request), "Content=\"PCDATA\"", "Content=\"MIME\"");
}

std::string Resume(const Purchase& purchase, const std::string& message) {
  schema::Node node("ResumePaymentPaymentHandler");
  node.Set("PaymentHandlerPayId", purchase.order().handler_pay_id)
      .Add(schema::PackagedContent(kScheme, {}, "PCDATA", "BASE64", message));
  return schema::WriteRequest(node, {"The SET Bridge authors, end-to-end tests, 1.0.0", {}});
}

class RepeatTest : public testing::Test {
 protected:
  explicit RepeatTest(const Options& options = {}) : market_(options) {}

  std::string AskHandler(const std::string& request) {
    return market_.Ask(Role::kPaymentHandler, request);
  }
  std::string AskConsumer(const std::string& request) {
    return market_.Ask(Role::kConsumer, request);
  }
  // ContinueProcess with a message of the consumer, a minute after the last time.
  std::string Later(const std::string& message) {
    market_.SetClockAhead(ahead_ms_ += 60'000);
    return AskHandler(ContinueRequest("P-1", message));
  }

  Market market_;
  std::int64_t ahead_ms_ = 0;
  Purchase purchase_ = market_.NewPurchase("1");
};

class DeclinedRepeatTest : public RepeatTest {
 protected:
  static Options Declining() {
    Options options;
    options.declines = true;
    return options;
  }
  DeclinedRepeatTest() : RepeatTest(Declining()) {}
};

TEST_F(RepeatTest, APReqThatWasAnsweredByResumeGetsItsPResByContinueProcess) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ChangeProcessState(Role::kPaymentHandler, "Suspended")->refused);
  const std::string resumed = AskHandler(Resume(purchase_, purchase_.preq()));
  ASSERT_EQ(Verdict(market_, resumed),
            "ResumePaymentPaymentHandlerResponse End, with PRes approved");
  const std::string continued = Later(purchase_.preq());
  EXPECT_EQ(Verdict(market_, continued), "ContinueProcessResponse End, with PRes approved");
  EXPECT_EQ(ContentOf(continued, kScheme), ContentOf(resumed, kScheme));
  EXPECT_EQ(market_.Authorizations().size(), 1U);
}

TEST_F(RepeatTest, APReqInOtherXmlGetsItsPRes) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  market_.SetClockAhead(60'000);
  const std::string request = Relabelled(ContinueRequest("P-1", purchase_.preq()));
  const std::string again = AskHandler(request);
  EXPECT_EQ(Verdict(market_, again), "ContinueProcessResponse End, with PRes approved");
  EXPECT_EQ(ContentOf(again, kScheme), purchase_.pres());
  EXPECT_EQ(AskHandler(request), again);
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "CompletedOk 100");
}

// D-39: another RRPID gets a PRes of its own; each PReq then gets its own again.
TEST_F(RepeatTest, EachPReqOfAPaymentHasItsPRes) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  const Forge forge(market_);
  const setcore::Octets another = forge.PReq(purchase_, forge.Load("cardholder"));
  const std::string fresh = AskHandler(ContinueRequest("P-1", another));
  ASSERT_EQ(Verdict(market_, fresh), "ContinueProcessResponse End, with PRes approved");
  ASSERT_NE(ContentOf(fresh, kScheme), purchase_.pres());
  market_.SetClockAhead(60'000);
  market_.Reopen(Role::kPaymentHandler);
  EXPECT_EQ(ContentOf(AskHandler(Relabelled(ContinueRequest("P-1", another))), kScheme),
            ContentOf(fresh, kScheme));
  EXPECT_EQ(ContentOf(AskHandler(Relabelled(ContinueRequest("P-1", purchase_.preq()))), kScheme),
            purchase_.pres());
  EXPECT_EQ(market_.Authorizations().size(), 1U);
}

TEST_F(DeclinedRepeatTest, ADeclinedPReqGetsItsPRes) {
  WalkToPReq(purchase_);
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  market_.SetClockAhead(60'000);
  const std::string again = AskHandler(Relabelled(ContinueRequest("P-1", purchase_.preq())));
  EXPECT_EQ(Verdict(market_, again), Verdict(market_, purchase_.last_response()));
  EXPECT_EQ(ContentOf(again, kScheme), purchase_.pres());
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "Failed 100");
  EXPECT_EQ(market_.Authorizations().size(), 1U);
}

// The PInitRes was lost; the resumed consumer sends its PInitReq again.
TEST_F(RepeatTest, APInitReqIsSimplyAnsweredAgain) {
  WalkToStart(purchase_);
  ASSERT_FALSE(purchase_.StartPaymentConsumer()->refused);
  ASSERT_FALSE(purchase_.StartPaymentPaymentHandler()->refused);
  const std::string again = Later(purchase_.pinitreq());
  EXPECT_EQ(Verdict(market_, again), "ContinueProcessResponse Continue, with PInitRes");
  EXPECT_EQ(ContentOf(again, kScheme), purchase_.pinitres());
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "InProgress 60");
  ASSERT_FALSE(purchase_.ContinueConsumerPInitRes()->refused);
  EXPECT_FALSE(purchase_.ContinuePaymentHandler()->refused);
}

// RFC 3867, Table 2: what does not go on is not led on.
TEST_F(RepeatTest, APInitReqOfAPaymentThatDoesNotGoOnIsOutOfState) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ChangeProcessState(Role::kPaymentHandler, "Suspended")->refused);
  const std::string request = ContinueRequest("P-1", purchase_.pinitreq());
  EXPECT_EQ(Verdict(market_, AskHandler(request)), "BusError ContinueProcess");
  ASSERT_FALSE(purchase_.ChangeProcessState(Role::kPaymentHandler, "InProgress")->refused);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  EXPECT_EQ(Verdict(market_, AskHandler(request)), "BusError ContinueProcess");
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, purchase_), "CompletedOk 100");
}

TEST_F(RepeatTest, APInitResInOtherXmlGetsThePReq) {
  WalkToPReq(purchase_);
  const std::string request = Relabelled(ContinueRequest("C-1", purchase_.pinitres()));
  ASSERT_FALSE(purchase_.ChangeProcessState(Role::kConsumer, "Suspended")->refused);
  EXPECT_EQ(Verdict(market_, AskConsumer(request)), "BusError ContinueProcess");
  schema::Node resume("ResumePaymentConsumer");
  resume.Set("ConsumerPayId", "C-1");
  AskConsumer(
      schema::WriteRequest(resume, {"The SET Bridge authors, end-to-end tests, 1.0.0", {}}));
  const std::string again = AskConsumer(request);
  EXPECT_EQ(Verdict(market_, again), "ContinueProcessResponse Continue, with PReq");
  EXPECT_EQ(ContentOf(again, kScheme), purchase_.preq());
  EXPECT_EQ(StateOf(market_, Role::kConsumer, purchase_), "InProgress 80");
}

// 2.3: a PInitRes with other octets is refused all the same.
TEST_F(RepeatTest, AnotherPInitResGetsNoPReq) {
  WalkToPReq(purchase_);
  const Forge forge(market_);
  const setcore::Octets other = forge.PInitRes(purchase_, forge.Load("merchant-sign"));
  EXPECT_EQ(Verdict(market_, AskConsumer(ContinueRequest("C-1", other))),
            "EncapProtErr PaySchemePackagedContent");
  EXPECT_EQ(StateOf(market_, Role::kConsumer, purchase_), "InProgress 80");
}

TEST_F(RepeatTest, APResInOtherXmlIsTakenAsTheFirstTime) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase_.ContinueConsumerPRes()->refused);
  EXPECT_EQ(Verdict(market_, AskConsumer(ContinueRequest("C-1", purchase_.pres()))),
            "ContinueProcessResponse End");
  EXPECT_EQ(StateOf(market_, Role::kConsumer, purchase_), "InProgress 100");
  ASSERT_FALSE(purchase_.ChangeProcessState(Role::kConsumer, "CompletedOk")->refused);
  EXPECT_EQ(Verdict(market_, AskConsumer(Relabelled(ContinueRequest("C-1", purchase_.pres())))),
            "ContinueProcessResponse End");
  EXPECT_EQ(StateOf(market_, Role::kConsumer, purchase_), "CompletedOk 100");
}

TEST_F(DeclinedRepeatTest, ADeclinedPResInOtherXmlIsTakenAsTheFirstTime) {
  WalkToPReq(purchase_);
  ASSERT_TRUE(purchase_.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase_.ContinueConsumerPRes()->refused);
  ASSERT_EQ(StateOf(market_, Role::kConsumer, purchase_), "Failed 100");
  EXPECT_EQ(Verdict(market_, AskConsumer(ContinueRequest("C-1", purchase_.pres()))),
            "ContinueProcessResponse End");
  EXPECT_EQ(StateOf(market_, Role::kConsumer, purchase_), "Failed 100");
}

// E-120: a PRes that came too late says so again.
TEST_F(RepeatTest, ALatePResInOtherXmlIsLateAgain) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  ASSERT_FALSE(purchase_.ChangeProcessState(Role::kConsumer, "Failed")->refused);
  ASSERT_TRUE(purchase_.ContinueConsumerPRes()->refused);
  const std::string again = AskConsumer(ContinueRequest("C-1", purchase_.pres()));
  EXPECT_EQ(again, purchase_.last_response());
  EXPECT_THAT(again, testing::HasSubstr("the card may have been charged"));
}

}  // namespace
}  // namespace market
