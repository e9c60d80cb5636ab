// How a payment may begin at the payment handler: with a PInitReq, with a SET Initiation Response,
// or with a PReq that comes without PInit (RFC 3538, 8.4.2; E-55, E-63).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "setcore/base64.h"

namespace market {
namespace {

using testing::HasSubstr;

std::string Base64(std::string_view text) {
  return setcore::EncodeBase64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

class FirstMessage : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(purchase_.FindAcceptedPaymentBrand()->refused);
    ASSERT_FALSE(purchase_.FindAcceptedPaymentProtocol()->refused);
    ASSERT_FALSE(purchase_.GetPaymentInitializationData()->refused);
    ASSERT_FALSE(purchase_.FindPaymentInstrument()->refused);
    ASSERT_FALSE(purchase_.StartPaymentConsumer()->refused);
    start_ = market_.Draft(purchase_, &Purchase::StartPaymentPaymentHandler);
  }
  std::string StartWith(const std::string& base64) const {
    return WithContent(start_, "PaySchemePackagedContent", base64);
  }
  std::string Ask(const std::string& request) {
    last_ = market_.Ask(Role::kPaymentHandler, request);
    return Verdict(market_, last_);
  }
  std::string State() { return StateOf(market_, Role::kPaymentHandler, purchase_); }

  Market market_{ImpatientHandler()};
  Forge forge_{market_};
  Purchase purchase_ = market_.NewPurchase("1");
  std::string start_;
  std::string last_;
};

TEST_F(FirstMessage, APReqWithoutPInitIsPaidAtOnce) {
  const setcore::Octets preq = forge_.FirstPReq(forge_.Terms(purchase_), forge_.Load("cardholder"));
  const std::string start = StartWith(setcore::EncodeBase64(preq));
  EXPECT_EQ(Ask(start), "StartPaymentPaymentHandlerResponse End, with PRes approved");
  EXPECT_THAT(last_, HasSubstr("Name=\"PRes\""));
  EXPECT_EQ(State(), "CompletedOk 100");
  const std::string once = last_;
  Ask(start);
  EXPECT_EQ(last_, once);
  EXPECT_EQ(market_.Authorizations().size(), 1U);
}

TEST_F(FirstMessage, APReqWithoutPInitSurvivesASilentAcquirerAndARestart) {
  market_.StopGateway();
  const setcore::Octets preq = forge_.FirstPReq(forge_.Terms(purchase_), forge_.Load("cardholder"));
  const std::string start = StartWith(setcore::EncodeBase64(preq));
  EXPECT_EQ(Ask(start), "TransportError StartPaymentPaymentHandler, again in 1 s");
  EXPECT_EQ(State(), "InProgress 80");
  EXPECT_EQ(Ask(WithAttribute(start, "Amount", "157.54")),
            "AttValIllegal StartPaymentPaymentHandler@PaymentHandlerPayId");
  market_.Reopen(Role::kPaymentHandler);
  market_.StartGateway();
  EXPECT_EQ(Ask(start), "StartPaymentPaymentHandlerResponse End, with PRes approved");
  EXPECT_EQ(market_.Authorizations().size(), 1U);
}

TEST_F(FirstMessage, APReqWithoutPInitIsCheckedLikeAnyOther) {
  auto terms = forge_.Terms(purchase_);
  terms.purch_amt.amount += 1;
  const std::string other =
      setcore::EncodeBase64(forge_.FirstPReq(terms, forge_.Load("cardholder")));
  EXPECT_EQ(Ask(StartWith(other)), "BusError StartPaymentPaymentHandler, with PRes orderRejected");
  EXPECT_EQ(State(), "Failed 100");
  auto profile = forge_.CardholderProfile();
  profile.subject.organization = "JCB";
  const std::string foreign =
      setcore::EncodeBase64(forge_.FirstPReq(forge_.Terms(purchase_), forge_.Make(profile, "cca")));
  const std::string start = WithAttribute(StartWith(foreign), "PaymentHandlerPayId", "P-2");
  EXPECT_EQ(Ask(start),
            "EncapProtErr PaySchemePackagedContent, with signed Error invalidCertificate");
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, "P-2"), "ProcessError 0");
  EXPECT_TRUE(market_.Authorizations().empty());
}

constexpr std::string_view kResponse =
    "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
    "SET-Initiation-Type: Payment-Initiation-Response\r\nSET-Version: 1.0\r\n"
    "SET-Brand: VISA\r\n";

TEST_F(FirstMessage, AnInitiationResponseIsAnsweredWithTheNextInitiation) {
  const std::string start = StartWith(Base64(std::string(kResponse) + "\r\n"));
  EXPECT_EQ(Ask(start), "StartPaymentPaymentHandlerResponse Continue, with Initiation Response");
  const auto next = Decoded(ContentOf(last_, "PaySchemePackagedContent"));
  EXPECT_THAT(std::string(next.begin(), next.end()),
              HasSubstr("SET-Initiation-Type: Payment-Initiation\r\n"));
  EXPECT_EQ(State(), "InProgress 20");
  const std::string handler = purchase_.order().handler_pay_id;
  EXPECT_EQ(Ask(ContinueRequest(handler, purchase_.pinitreq())),
            "ContinueProcessResponse Continue, with PInitRes");
  EXPECT_EQ(State(), "InProgress 60");
  const std::string consumer =
      market_.Ask(Role::kConsumer, ContinueRequest(purchase_.order().consumer_pay_id,
                                                   ContentOf(last_, "PaySchemePackagedContent")));
  EXPECT_EQ(Verdict(market_, consumer), "ContinueProcessResponse Continue, with PReq");
  EXPECT_EQ(Ask(ContinueRequest(handler, ContentOf(consumer, "PaySchemePackagedContent"))),
            "ContinueProcessResponse End, with PRes approved");
}

struct Case {
  std::string more;
  std::string verdict;
};

TEST_F(FirstMessage, AnInitiationResponseThatDoesNotGoOnEndsThePayment) {
  const Case cases[] = {
      {"SET-Error-Field: SET-Brand\r\n", "StartPaymentPaymentHandlerResponse End"},
      {"SET-LID-M: 00\r\n", "EncapProtErr PaySchemePackagedContent"},
      {"SET-Brand: JCB\r\n", "EncapProtErr PaySchemePackagedContent"},
      {"no field\r\n", "EncapProtErr PaySchemePackagedContent"},
  };
  int number = 0;
  for (const Case& c : cases) {
    const std::string pay_id = "P-" + std::to_string(100 + ++number);
    EXPECT_EQ(Ask(WithAttribute(StartWith(Base64(std::string(kResponse) + c.more + "\r\n")),
                                "PaymentHandlerPayId", pay_id)),
              c.verdict)
        << c.more;
    EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, pay_id), "ProcessError 0") << c.more;
  }
}

}  // namespace
}  // namespace market
