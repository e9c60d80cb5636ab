// A gateway that is not there, or not the gateway: whatever it does, the payment stays InProgress,
// the exchange stays open, and the true gateway is paid once, with the octets that were recorded
// (set-processing, 7.6; docs/architecture.md, invariant 5).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "end_to_end/command.h"
#include "end_to_end/false_gateway.h"
#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"
#include "setcore/compose_error.h"

namespace market {
namespace {

using setcore::Octets;
using setcore::transport::GatewayConnection;
using setcore::transport::RequestId;
using setcore::transport::StatusClass;

constexpr char kNoAnswer[] = "TransportError ContinueProcess, again in 1 s";
constexpr char kPaid[] = "ContinueProcessResponse End, with PRes approved";

std::string Continue(Market& market, Purchase& purchase) {
  const auto result = purchase.ContinuePaymentHandler();
  if (!result) return result.error();
  return Verdict(market, purchase.last_response());
}

// A host repeats what is transient.
std::string ContinueUntilAnswered(Market& market, Purchase& purchase) {
  std::string verdict;
  for (int attempt = 0; attempt < 10; ++attempt) {
    verdict = Continue(market, purchase);
    if (purchase.Attribute("Severity") != "TransientError") break;
  }
  return verdict;
}

std::vector<Row> Intents(const Market& market, const Purchase& purchase) {
  return Query(market.WalletDb(Role::kPaymentHandler),
               "SELECT request, settled FROM intent JOIN payment ON payment.id = intent.payment "
               "WHERE pay_id = '" +
                   purchase.order().handler_pay_id + "'");
}

std::size_t AuthorizationsOf(const Market& market, const Purchase& purchase) {
  const auto xid = Query(
      market.WalletDb(Role::kPaymentHandler),
      "SELECT hex(Xid) FROM payments WHERE PayId = '" + purchase.order().handler_pay_id + "'");
  return Query(market.world().gateway_db,
               "SELECT AuthCode FROM authorizations WHERE hex(Xid) = '" + xid.at(0).at(0) + "'")
      .size();
}

void ExpectOpen(const Market& market, const Purchase& purchase) {
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "InProgress 80");
  const auto intents = Intents(market, purchase);
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0][1], "");
}

// Something that is not the gateway.
struct FalseOne {
  std::string what;
  Conduct conduct;
};

using Answer = std::function<setcore::Octets(const Octets& request)>;

Conduct Answering(Answer answer) {
  Conduct conduct;
  conduct.answer = [answer = std::move(answer)](GatewayConnection& line, RequestId id,
                                                const Octets& request, std::int64_t now) {
    line.Respond(id, answer(request), now);
  };
  return conduct;
}

Octets UnsignedError(const Forge& forge, const Octets& request) {
  setcore::Error error;
  error.code = setcore::ErrorCode::kSignatureFailure;
  return setcore::ComposeError(forge.environment(), nullptr, request, error);
}

std::vector<FalseOne> FalseOnes(const Forge& forge) {
  const auto approved_by = [&forge](setcore::pki::CertifiedKey signing) {
    const auto key = std::make_shared<setcore::pki::CertifiedKey>(std::move(signing));
    return Answering([&forge, key](const Octets& request) { return forge.AuthRes(request, *key); });
  };
  const auto gateway =
      setcore::pki::GatewayProfile(false, "US", "VISA", "Example Acquirer", "400000", false);
  Conduct failed;
  failed.answer = [](GatewayConnection& line, RequestId id, const Octets&, std::int64_t now) {
    line.Refuse(id, StatusClass::kFailed, 0, "declined", now);
  };
  Conduct cut_off = approved_by(forge.Load("gateway-sign"));
  cut_off.cut_after = 600;
  return {
      {"no gateway", {"HTTP/1.0 400 Bad Request\r\n\r\n", {}}},
      {"it refuses the merchant", {"-ERR|Invalid merchant address\r\n", {}}},
      {"it keeps silent", {}},
      {"Status failed", failed},
      {"it stops in the middle of a message", cut_off},
      {"garbage", Answering([](const Octets&) {
         return Octets{0x30, 0x03, 0x02, 0x01, 0x05};
       })},
      {"the request itself", Answering([](const Octets& request) { return request; })},
      {"an Error that nobody signed",
       Answering([&forge](const Octets& request) { return UnsignedError(forge, request); })},
      {"an approval by a merchant", approved_by(forge.Load("merchant-sign"))},
      {"an approval by a cardholder", approved_by(forge.Load("cardholder"))},
      {"an approval by a foreign gateway", approved_by(forge.MakeForeign(gateway))},
      {"an approval with an expired certificate",
       approved_by(forge.Make(gateway, "pca", -86400 * 30, -86400))},
  };
}

TEST(BadGateway, ChangesNothing) {
  Market market(ImpatientHandler());
  const Forge forge(market);
  int number = 0;
  for (FalseOne& row : FalseOnes(forge)) {
    SCOPED_TRACE(row.what);
    Purchase purchase = market.NewPurchase(std::to_string(++number));
    WalkToPReq(purchase);
    const std::uint16_t port = market.world().gateway->port();
    market.StopGateway();
    std::string request;
    {
      FalseGateway gateway(port, std::move(row.conduct));
      EXPECT_EQ(Continue(market, purchase), kNoAnswer);
      ExpectOpen(market, purchase);
      request = Intents(market, purchase).at(0).at(0);
      EXPECT_EQ(Continue(market, purchase), kNoAnswer);
      ExpectOpen(market, purchase);
    }
    market.StartGateway();
    EXPECT_EQ(ContinueUntilAnswered(market, purchase), kPaid);
    EXPECT_EQ(Intents(market, purchase).at(0).at(0), request);
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
    EXPECT_EQ(AuthorizationsOf(market, purchase), 1U);
  }
}

TEST(BadGateway, IsNotThere) {
  Market market(ImpatientHandler());
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  market.StopGateway();
  EXPECT_EQ(Continue(market, purchase), kNoAnswer);
  ExpectOpen(market, purchase);
  market.StartGateway();
  EXPECT_EQ(ContinueUntilAnswered(market, purchase), kPaid);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

// A signed Error is an outcome: no AuthCode exists (D-10).
TEST(BadGateway, ASignedErrorOfTheGatewayRejectsTheOrder) {
  Market market(ImpatientHandler());
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::uint16_t port = market.world().gateway->port();
  market.StopGateway();
  Conduct conduct;
  conduct.answer = [&forge](GatewayConnection& line, RequestId id, const Octets& request,
                            std::int64_t now) {
    setcore::Error error;
    error.code = setcore::ErrorCode::kUnrecognizedExtension;
    const auto signer = forge.Load("gateway-sign");
    line.Respond(id, setcore::ComposeError(forge.environment(), &signer, request, error), now);
  };
  FalseGateway gateway(port, std::move(conduct));
  EXPECT_EQ(Continue(market, purchase), "BusError ContinueProcess, with PRes orderRejected");
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "Failed 100");
}

// While one call waits for the acquirer: queries answer, everything else is told to wait.
TEST(BadGateway, WhileOneCallWaitsTheOthersAreToldSo) {
  Options options;
  options.edit_handler = [](std::string text) {
    return Replaced(std::move(text), "transport_id", "min_resubmit_s = 1\ntransport_id");
  };
  Market market(options);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  Purchase other = market.NewPurchase("2");
  WalkToPReq(other);
  const std::uint16_t port = market.world().gateway->port();
  market.StopGateway();
  std::promise<void> arrived;
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  bool first = true;  // of the answering thread
  Conduct conduct;
  conduct.answer = [&](GatewayConnection& line, RequestId id, const Octets&, std::int64_t now) {
    if (std::exchange(first, false)) arrived.set_value();
    released.wait();
    line.Refuse(id, StatusClass::kFailed, 0, "later", now);
  };
  const std::string request = market.Draft(purchase, &Purchase::ContinuePaymentHandler);
  {
    FalseGateway gateway(port, std::move(conduct));
    std::string waiting;
    std::thread waiter([&] { waiting = market.Ask(Role::kPaymentHandler, request); });
    arrived.get_future().wait();
    EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, request)),
              "MsgBeingProc ContinueProcess, again in 1 s");
    ASSERT_TRUE(purchase.ChangeProcessState(Role::kPaymentHandler, "Failed"));
    EXPECT_EQ(Verdict(market, purchase.last_response()),
              "MsgBeingProc ChangeProcessState, again in 1 s");
    ASSERT_TRUE(purchase.InquireProcessState(Role::kPaymentHandler));
    EXPECT_EQ(purchase.Attribute("ProcessState"), "InProgress");
    EXPECT_EQ(purchase.Attribute("PercentComplete"), "80");
    ASSERT_TRUE(other.ChangeProcessState(Role::kPaymentHandler, "Suspended"));
    EXPECT_EQ(other.Attribute("ProcessState"), "Suspended");
    release.set_value();
    waiter.join();
    EXPECT_EQ(Verdict(market, waiting), kNoAnswer);
  }
  market.StartGateway();
  EXPECT_EQ(ContinueUntilAnswered(market, purchase), kPaid);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

// E-71: what is asked for while the exchange is open is a wish.
TEST(BadGateway, AWishIsRememberedWhileTheExchangeIsOpen) {
  for (const bool declines : {true, false}) {
    Options options = ImpatientHandler();
    options.declines = declines;
    Market market(options);
    for (const std::string wish : {"Failed", "ProcessError", "Suspended"}) {
      SCOPED_TRACE(wish);
      Purchase purchase = market.NewPurchase(wish);
      WalkToPReq(purchase);
      market.StopGateway();
      ASSERT_EQ(Continue(market, purchase), kNoAnswer);
      ASSERT_TRUE(purchase.ChangeProcessState(Role::kPaymentHandler, wish));
      EXPECT_EQ(Verdict(market, purchase.last_response()), "ChangeProcessStateResponse");
      EXPECT_EQ(purchase.Attribute("ProcessState"), "InProgress");
      EXPECT_THAT(purchase.Attribute("StatusDesc"), testing::HasSubstr("still open"));
      EXPECT_EQ(purchase.Attribute("CompletionCode"), "");
      // What cannot be read is answered and changes nothing.
      const std::string garbage =
          ContinueRequest(purchase.order().handler_pay_id, Octets{0x30, 0x00});
      EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, garbage)),
                "EncapProtErr PaySchemePackagedContent, with signed Error decodingFailure");
      ExpectOpen(market, purchase);
      EXPECT_THAT(StatusDescOf(market, Role::kPaymentHandler, purchase),
                  testing::HasSubstr("still open"));
      market.StartGateway();
      const bool cancels = wish != "Suspended";
      EXPECT_EQ(ContinueUntilAnswered(market, purchase),
                declines  ? "BusError ContinueProcess, with PRes declined"
                : cancels ? "BusError ContinueProcess, with PRes orderRejected"
                          : kPaid);
      EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase),
                declines || cancels ? "Failed 100" : "CompletedOk 100");
      EXPECT_EQ(AuthorizationsOf(market, purchase), 1U);
      EXPECT_THAT(StatusDescOf(market, Role::kPaymentHandler, purchase),
                  testing::HasSubstr(declines  ? "declined"
                                     : cancels ? "has cancelled"
                                               : "is authorized"));
    }
  }
}

// Another PReq while the exchange is open: the exchange is first resumed (D-39).
TEST(BadGateway, AnotherPReqResumesTheOpenExchange) {
  Market market(ImpatientHandler());
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  market.StopGateway();
  ASSERT_EQ(Continue(market, purchase), kNoAnswer);
  const auto before = Intents(market, purchase);
  const std::string another =
      ContinueRequest("P-1", forge.PReq(purchase, forge.Load("cardholder")));
  EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, another)), kNoAnswer);
  ExpectOpen(market, purchase);
  market.StartGateway();
  std::string verdict;
  for (int attempt = 0; attempt < 10 && verdict != kPaid; ++attempt) {
    verdict = Verdict(market, market.Ask(Role::kPaymentHandler, another));
  }
  EXPECT_EQ(verdict, kPaid);
  EXPECT_EQ(Intents(market, purchase).at(0).at(0), before.at(0).at(0));
  EXPECT_EQ(ContinueUntilAnswered(market, purchase), kPaid);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

TEST(BadGateway, TheOperatorsWordClosesAnExchange) {
  for (const bool approved : {true, false}) {
    Market market(ImpatientHandler());
    Purchase purchase = market.NewPurchase("1");
    WalkToPReq(purchase);
    const std::string resolve = "resolve " + market.WalletDirectory(Role::kPaymentHandler) +
                                " P-1 --as " + (approved ? "approved" : "declined") +
                                " --by operator --why telephone";
    market.StopGateway();
    ASSERT_EQ(Continue(market, purchase), kNoAnswer);
    EXPECT_EQ(SetBridge(resolve).status, 1);  // in use
    market.CloseWallet(Role::kPaymentHandler);
    EXPECT_EQ(SetBridge(resolve).status, 0);
    EXPECT_EQ(SetBridge(resolve).status, 1);  // nothing is open any more
    market.OpenWallet(Role::kPaymentHandler);
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "InProgress 80");
    EXPECT_EQ(Continue(market, purchase),
              approved ? kPaid : "BusError ContinueProcess, with PRes declined");
    EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase),
              approved ? "CompletedOk 100" : "Failed 100");
    EXPECT_THAT(StatusDescOf(market, Role::kPaymentHandler, purchase),
                testing::HasSubstr("The operator has recorded"));
    ASSERT_FALSE(purchase.ContinueConsumerPRes()->refused);
    EXPECT_EQ(StateOf(market, Role::kConsumer, purchase),
              approved ? "InProgress 100" : "Failed 100");
    EXPECT_TRUE(market.Authorizations().empty());
  }
}

}  // namespace
}  // namespace market
