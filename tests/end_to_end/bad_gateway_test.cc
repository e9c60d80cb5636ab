// A gateway that is not there, or not the gateway: whatever it does, the payment stays InProgress,
// the exchange stays open, and the true gateway is paid once, with the octets that were recorded
// (set-processing, 7.6; docs/architecture.md, invariant 5).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/wait.h>

#include <future>
#include <optional>
#include <string>
#include <thread>
#include <utility>

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

Options Hasty() {
  Options options;
  options.edit_handler = [](std::string text) {
    return Replaced(std::move(text), "transport_id",
                    "answer_timeout_s = 1\nmin_resubmit_s = 1\ntransport_id");
  };
  return options;
}

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

std::vector<Row> Intents(const Market& market) {
  return Query(market.WalletDb(Role::kPaymentHandler), "SELECT request, settled FROM intent");
}

void ExpectOpen(const Market& market, const Purchase& purchase) {
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "InProgress 80");
  const auto intents = Intents(market);
  ASSERT_EQ(intents.size(), 1U);
  EXPECT_EQ(intents[0][1], "");
}

// What a false gateway does, and that it does not matter.
void ExpectHarmless(const std::function<Conduct(const Forge&)>& conduct) {
  Market market(Hasty());
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  const std::uint16_t port = market.world().gateway->port();
  market.StopGateway();
  std::string request;
  {
    FalseGateway gateway(port, conduct(forge));
    EXPECT_EQ(Continue(market, purchase), kNoAnswer);
    ExpectOpen(market, purchase);
    request = Intents(market).at(0).at(0);
    EXPECT_EQ(Continue(market, purchase), kNoAnswer);
    ExpectOpen(market, purchase);
  }
  market.StartGateway();
  EXPECT_EQ(ContinueUntilAnswered(market, purchase), kPaid);
  EXPECT_EQ(Intents(market).at(0).at(0), request);
  EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase), "CompletedOk 100");
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

TEST(BadGateway, IsNotThere) {
  Market market(Hasty());
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  market.StopGateway();
  EXPECT_EQ(Continue(market, purchase), kNoAnswer);
  ExpectOpen(market, purchase);
  market.StartGateway();
  EXPECT_EQ(ContinueUntilAnswered(market, purchase), kPaid);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

TEST(BadGateway, IsNoGateway) {
  ExpectHarmless([](const Forge&) { return Conduct{"HTTP/1.0 400 Bad Request\r\n\r\n", {}}; });
}

TEST(BadGateway, RefusesTheMerchant) {
  ExpectHarmless([](const Forge&) { return Conduct{"-ERR|Invalid merchant address\r\n", {}}; });
}

TEST(BadGateway, KeepsSilent) {
  ExpectHarmless([](const Forge&) { return Conduct{}; });
}

TEST(BadGateway, AnswersGarbage) {
  ExpectHarmless([](const Forge&) {
    Conduct conduct;
    conduct.answer = [](GatewayConnection& line, RequestId id, const Octets&, std::int64_t now) {
      line.Respond(id, Octets{0x30, 0x03, 0x02, 0x01, 0x05}, now);
    };
    return conduct;
  });
}

TEST(BadGateway, SendsTheRequestBack) {
  ExpectHarmless([](const Forge&) {
    Conduct conduct;
    conduct.answer = [](GatewayConnection& line, RequestId id, const Octets& request,
                        std::int64_t now) { line.Respond(id, request, now); };
    return conduct;
  });
}

TEST(BadGateway, StopsInTheMiddleOfAMessage) {
  ExpectHarmless([](const Forge& forge) {
    Conduct conduct;
    conduct.answer = [&forge](GatewayConnection& line, RequestId id, const Octets& request,
                              std::int64_t now) {
      line.Respond(id, forge.AuthRes(request, forge.Load("gateway-sign")), now);
    };
    conduct.cut_after = 600;
    return conduct;
  });
}

TEST(BadGateway, SaysThatTheRequestFailed) {
  ExpectHarmless([](const Forge&) {
    Conduct conduct;
    conduct.answer = [](GatewayConnection& line, RequestId id, const Octets&, std::int64_t now) {
      line.Refuse(id, StatusClass::kFailed, 0, "declined", now);
    };
    return conduct;
  });
}

TEST(BadGateway, SendsAnErrorThatNobodySigned) {
  ExpectHarmless([](const Forge& forge) {
    Conduct conduct;
    conduct.answer = [&forge](GatewayConnection& line, RequestId id, const Octets& request,
                              std::int64_t now) {
      setcore::Error error;
      error.code = setcore::ErrorCode::kSignatureFailure;
      line.Respond(id, setcore::ComposeError(forge.environment(), nullptr, request, error), now);
    };
    return conduct;
  });
}

TEST(BadGateway, ApprovesWithTheCertificateOfAMerchant) {
  ExpectHarmless([](const Forge& forge) {
    Conduct conduct;
    conduct.answer = [&forge](GatewayConnection& line, RequestId id, const Octets& request,
                              std::int64_t now) {
      line.Respond(id, forge.AuthRes(request, forge.Load("merchant-sign")), now);
    };
    return conduct;
  });
}

TEST(BadGateway, ApprovesWithAnExpiredCertificate) {
  ExpectHarmless([](const Forge& forge) {
    Conduct conduct;
    conduct.answer = [&forge](GatewayConnection& line, RequestId id, const Octets& request,
                              std::int64_t now) {
      const auto profile =
          setcore::pki::GatewayProfile(false, "US", "VISA", "Example Acquirer", "400000", false);
      line.Respond(id, forge.AuthRes(request, forge.Make(profile, "pca", -86400 * 30, -86400)),
                   now);
    };
    return conduct;
  });
}

// A signed Error is an outcome: no AuthCode exists (D-10).
TEST(BadGateway, ASignedErrorOfTheGatewayRejectsTheOrder) {
  Market market(Hasty());
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
    for (const char* wish : {"Failed", "ProcessError", "Suspended"}) {
      Options options = Hasty();
      options.declines = declines;
      Market market(options);
      Purchase purchase = market.NewPurchase("1");
      WalkToPReq(purchase);
      market.StopGateway();
      ASSERT_EQ(Continue(market, purchase), kNoAnswer);
      ASSERT_TRUE(purchase.ChangeProcessState(Role::kPaymentHandler, wish));
      EXPECT_EQ(Verdict(market, purchase.last_response()), "ChangeProcessStateResponse");
      EXPECT_EQ(purchase.Attribute("ProcessState"), "InProgress") << wish;
      EXPECT_NE(purchase.Attribute("StatusDesc"), "") << wish;
      EXPECT_EQ(purchase.Attribute("CompletionCode"), "") << wish;
      // What cannot be read is answered and changes nothing.
      const std::string garbage = ContinueRequest("P-1", Octets{0x30, 0x00});
      EXPECT_EQ(Verdict(market, market.Ask(Role::kPaymentHandler, garbage)),
                "EncapProtErr PaySchemePackagedContent, with signed Error decodingFailure");
      ExpectOpen(market, purchase);
      market.StartGateway();
      EXPECT_EQ(ContinueUntilAnswered(market, purchase),
                declines ? "BusError ContinueProcess, with PRes declined" : kPaid)
          << wish;
      EXPECT_EQ(StateOf(market, Role::kPaymentHandler, purchase),
                declines ? "Failed 100" : "CompletedOk 100")
          << wish;
      EXPECT_EQ(market.Authorizations().size(), 1U);
      if (declines) continue;
      const std::string said = StatusDescOf(market, Role::kPaymentHandler, purchase);
      if (std::string(wish) == "Suspended") {
        EXPECT_THAT(said, testing::HasSubstr("approved"));
      } else {
        EXPECT_THAT(said, testing::HasSubstr("revers"));
      }
    }
  }
}

// Another PReq while the exchange is open: the exchange is first resumed (D-39).
TEST(BadGateway, AnotherPReqResumesTheOpenExchange) {
  Market market(Hasty());
  const Forge forge(market);
  Purchase purchase = market.NewPurchase("1");
  WalkToPReq(purchase);
  market.StopGateway();
  ASSERT_EQ(Continue(market, purchase), kNoAnswer);
  const auto before = Intents(market);
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
  EXPECT_EQ(Intents(market).at(0).at(0), before.at(0).at(0));
  EXPECT_EQ(ContinueUntilAnswered(market, purchase), kPaid);
  EXPECT_EQ(market.Authorizations().size(), 1U);
}

// Runs set-bridge; gives its exit status.
int RunBridge(const std::string& arguments) {
  const std::string command = OPB_SET_BRIDGE " " + arguments + " 2>&1";
  FILE* out = popen(command.c_str(), "r");
  if (out == nullptr) return -1;
  char buffer[256];
  while (fread(buffer, 1, sizeof buffer, out) > 0) {
  }
  return WEXITSTATUS(pclose(out));
}

TEST(BadGateway, TheOperatorsWordClosesAnExchange) {
  for (const bool approved : {true, false}) {
    Market market(Hasty());
    Purchase purchase = market.NewPurchase("1");
    WalkToPReq(purchase);
    const std::string resolve = "resolve " + market.WalletDirectory(Role::kPaymentHandler) +
                                " P-1 --as " + (approved ? "approved" : "declined") +
                                " --by operator --why telephone";
    market.StopGateway();
    ASSERT_EQ(Continue(market, purchase), kNoAnswer);
    EXPECT_EQ(RunBridge(resolve), 1);  // in use
    market.CloseWallet(Role::kPaymentHandler);
    EXPECT_EQ(RunBridge(resolve), 0);
    EXPECT_EQ(RunBridge(resolve), 1);  // nothing is open any more
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
