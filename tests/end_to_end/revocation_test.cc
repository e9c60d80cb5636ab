// The gateway's certificate is revoked, or another gateway stands in the profile, while payments
// are not yet over: what was settled before is read again as it was when it was verified; what
// comes from the gateway is judged with the lists of today (set-processing.md, 2.2 (0), 7.6).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "end_to_end/command.h"
#include "end_to_end/false_gateway.h"
#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

using setcore::Octets;
using setcore::transport::GatewayConnection;
using setcore::transport::RequestId;
using testing::HasSubstr;

const std::vector<Row> kReversalOpen = {{"AuthReq", "1"}, {"AuthRevReq", "0"}};
constexpr char kNoAnswer[] = "TransportError ContinueProcess, again in 1 s";

// The profile names the certificate of an acquirer with another BIN.
std::string WithAnotherGateway(const Market& market, std::string profile) {
  const auto other = Forge(market).Make(
      setcore::pki::GatewayProfile(true, "US", "VISA", "Other Acquirer", "500000", false), "pca");
  market.WritePkiFile("other.pem", setcore::pki::WritePem(other.chain));
  return Replaced(std::move(profile),
                  market.world().pki.brands.front().stem + "-gateway-exchange.pem", "other.pem");
}

struct Change {
  const char* name;
  std::string (*edit)(const Market& market, std::string profile);
};
constexpr Change kRevoked = {"Revoked", WithRevokedGateway};
constexpr Change kReplaced = {"Replaced", WithAnotherGateway};

class GatewayChange : public testing::TestWithParam<Change> {
 protected:
  // The payment handler's wallet learns of it.
  void Happen() {
    market_.CloseWallet(Role::kPaymentHandler);
    Provision(market_, Role::kPaymentHandler,
              [&](std::string text) { return GetParam().edit(market_, std::move(text)); });
    market_.OpenWallet(Role::kPaymentHandler);
  }
  std::string Continue() {
    EXPECT_TRUE(purchase_.ContinuePaymentHandler());
    return Verdict(market_, purchase_.last_response());
  }
  std::string Cancel() {
    return market_.Ask(Role::kPaymentHandler,
                       "<IotpPaymentApiRequest><ChangeProcessState PayId=\"P-1\" "
                       "ProcessState=\"Failed\"/></IotpPaymentApiRequest>");
  }
  // The operator has learned by telephone that the gateway has reversed.
  void ResolveAsReversed() {
    market_.CloseWallet(Role::kPaymentHandler);
    EXPECT_EQ(SetBridge("resolve " + market_.WalletDirectory(Role::kPaymentHandler) +
                        " P-1 --as approved --by operator --why telephone")
                  .status,
              0);
    market_.OpenWallet(Role::kPaymentHandler);
  }
  std::string State() { return StateOf(market_, Role::kPaymentHandler, purchase_); }
  // The intents of the payment: kind, and whether they are settled.
  std::vector<Row> Intents() {
    return Query(market_.WalletDb(Role::kPaymentHandler),
                 "SELECT kind, settled IS NOT NULL FROM intent ORDER BY id");
  }
  // The payment is being cancelled: the gateway has approved it, and owes the word on the reversal.
  void BeginToCancel() {
    WalkToPReq(purchase_);
    const std::uint16_t port = market_.world().gateway->port();
    market_.StopGateway();
    ASSERT_EQ(Continue(), kNoAnswer);
    ASSERT_THAT(Cancel(), HasSubstr("ProcessState=\"InProgress\""));
    Conduct conduct;
    conduct.answer = [&, first = true](GatewayConnection& line, RequestId id, const Octets& request,
                                       std::int64_t now) mutable {
      if (first) line.Respond(id, forge_.AuthRes(request, forge_.Load("gateway-sign")), now);
      first = false;
    };
    const FalseGateway gateway(port, std::move(conduct));
    ASSERT_EQ(Continue(), kNoAnswer);
    ASSERT_EQ(Intents(), kReversalOpen);
  }

  Market market_{ImpatientHandler()};
  Forge forge_{market_};
  Purchase purchase_ = market_.NewPurchase("1");
};
INSTANTIATE_TEST_SUITE_P(All, GatewayChange, testing::Values(kRevoked, kReplaced),
                         [](const auto& change) { return change.param.name; });

TEST_P(GatewayChange, APaymentUnderCancellationIsBroughtToItsEnd) {
  BeginToCancel();
  Happen();
  // What the gateway says now does not count.
  market_.StartGateway();
  EXPECT_EQ(Continue(), kNoAnswer);
  EXPECT_EQ(State(), "InProgress 80");
  EXPECT_EQ(Intents(), kReversalOpen);
  ResolveAsReversed();
  EXPECT_EQ(Continue(), "BusError ContinueProcess, with PRes orderRejected");
  EXPECT_EQ(State(), "Failed 100");
}

TEST_P(GatewayChange, AnOutcomeThatIsStillDueIsNotTakenFromThatGateway) {
  WalkToPReq(purchase_);
  market_.StopGateway();
  ASSERT_EQ(Continue(), kNoAnswer);
  Happen();
  market_.StartGateway();
  EXPECT_EQ(Continue(), kNoAnswer);
  EXPECT_EQ(State(), "InProgress 80");
  EXPECT_EQ(Intents(), (std::vector<Row>{{"AuthReq", "0"}}));
}

// The gateway of a revoked certificate has got another one.
using RenewedGateway = GatewayChange;
INSTANTIATE_TEST_SUITE_P(All, RenewedGateway, testing::Values(kRevoked),
                         [](const auto& change) { return change.param.name; });

TEST_P(RenewedGateway, BringsAPaymentUnderCancellationToItsEnd) {
  BeginToCancel();
  Happen();
  const auto renewed = forge_.Make(
      setcore::pki::GatewayProfile(false, "US", "VISA", "Example Acquirer", "400000", false),
      "pca");
  const std::string name = market_.world().pki.brands.front().stem + "-gateway-sign";
  market_.WritePkiFile(name + ".pem", setcore::pki::WritePem(renewed.chain));
  market_.WritePkiFile(name + ".key", renewed.key.Pem().view());
  market_.StartGateway();
  // It has never seen the AuthReq, whose AuthRes the test has made: it takes nothing back.
  EXPECT_EQ(Continue(), "ContinueProcessResponse End, with PRes approved");
  EXPECT_EQ(State(), "CompletedOk 100");
  EXPECT_THAT(StatusDescOf(market_, Role::kPaymentHandler, purchase_),
              HasSubstr("has not reversed"));
}

// D-39
TEST_P(GatewayChange, ASecondPReqOfAPaidPaymentStillGetsTheRecordedOutcome) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  Happen();
  const Octets another = forge_.PReq(purchase_, forge_.Load("cardholder"));
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kPaymentHandler, ContinueRequest("P-1", another))),
            "ContinueProcessResponse End, with PRes approved");
}

TEST_P(GatewayChange, TheConsumerStillLearnsThatThePaymentWasTakenBack) {
  WalkToPReq(purchase_);
  ASSERT_FALSE(purchase_.ContinuePaymentHandler()->refused);
  ASSERT_THAT(Cancel(), HasSubstr("ProcessState=\"Failed\""));
  Happen();
  EXPECT_EQ(Verdict(market_, Inquire(market_, "1")),
            "InquirePaymentStatusResponse, with PRes orderRejected");
}

}  // namespace
}  // namespace market
