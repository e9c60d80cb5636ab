// kill -9 at every commit, send and receive of a purchase and of its capture, in turn: payment
// handler and gateway.  After each death the same requests are simply repeated, and the purchase
// must end with exactly one authorization, captured once (docs/architecture.md, invariants 1, 2, 5,
// 8).
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "end_to_end/market.h"

namespace market {
namespace {

// More fault points than any step can have: a driver that never ends is a failure.
constexpr int kMostPoints = 400;

Options Hasty() {
  Options options;
  options.edit_handler = [](std::string text) {
    text.insert(text.find("transport_id"), "answer_timeout_s = 2\nmin_resubmit_s = 1\n");
    return text;
  };
  return options;
}

struct Ran {
  bool killed = false;
  std::string response;
};

// set-bridge with `arguments` in a process of its own, killed at fault point `at` (0: never); what
// it prints goes to files that begin with `stem`.
Ran RunProcess(std::vector<std::string> arguments, const std::string& stem, int at) {
  std::cout.flush();
  fflush(stdout);
  const pid_t pid = fork();
  if (pid == 0) {
    if (at != 0) {
      setenv("LD_PRELOAD", OPB_FAULT_POINTS, 1);
      setenv("OPB_FAULT_AT", std::to_string(at).c_str(), 1);
    }
    if (freopen((stem + ".out").c_str(), "w", stdout) == nullptr) _exit(127);
    if (freopen((stem + ".err").c_str(), "w", stderr) == nullptr) _exit(127);
    std::string program = OPB_SET_BRIDGE;
    std::vector<char*> words = {program.data()};
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    execv(OPB_SET_BRIDGE, words.data());
    _exit(127);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  Ran ran;
  ran.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  std::ifstream out(stem + ".out");
  ran.response.assign(std::istreambuf_iterator<char>(out), std::istreambuf_iterator<char>());
  return ran;
}

// One request to the payment handler's wallet.
Ran CallInProcess(const Market& market, const std::string& request, int at) {
  const std::string stem = market.world().handler_wallet + "-request";
  std::ofstream(stem + ".xml") << request;
  return RunProcess({"call", market.world().handler_wallet, stem + ".xml"}, stem, at);
}

Ran CaptureInProcess(const Market& market, const std::string& pay_id, int at) {
  return RunProcess({"capture", market.world().handler_wallet, "--payment", pay_id},
                    market.world().handler_wallet + "-capture", at);
}

// A purchase whose payment handler lives in one process per call.  `fault_at` gives the fault point
// for the next call and is then forgotten; `killed` says whether it struck.
class FragileHandler {
 public:
  explicit FragileHandler(Market& market) : market_(market) {}

  Purchase NewPurchase(const std::string& suffix) {
    PurchaseOrder order;
    order.merchant_pay_id = "M-" + suffix;
    order.consumer_pay_id = "C-" + suffix;
    order.handler_pay_id = "P-" + suffix;
    return Purchase(order, [this](Role role, const std::string& request) {
      return tl::expected<std::string, std::string>(
          role == Role::kPaymentHandler ? AskHandler(request) : market_.Ask(role, request));
    });
  }

  void KillNextCallAt(int point) { at_ = point; }
  bool killed() const { return killed_; }

 private:
  // Repeats until there is an answer: what a host does after a crash.
  std::string AskHandler(const std::string& request) {
    const Ran first = CallInProcess(market_, request, at_);
    if (at_ != 0) killed_ = first.killed;
    at_ = 0;
    if (!first.killed) return first.response;
    const Ran again = CallInProcess(market_, request, 0);
    if (again.response.empty()) throw std::runtime_error("no answer after the crash");
    return again.response;
  }

  Market& market_;
  int at_ = 0;
  bool killed_ = false;
};

void Expect(const Purchase::Result& result) {
  ASSERT_TRUE(result) << result.error();
  ASSERT_FALSE(result->refused) << result->code << ": " << result->description;
}

// A host repeats ContinueProcess as long as the answer is transient.
void ContinueUntilPaid(Purchase& purchase) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    const auto result = purchase.ContinuePaymentHandler();
    ASSERT_TRUE(result) << result.error();
    if (!result->refused) return;
    ASSERT_EQ(purchase.Attribute("Severity"), "TransientError") << result->description;
  }
  FAIL() << "never paid";
}

void ExpectPaidOnce(const Market& market, const Purchase& purchase) {
  const auto payments = Query(market.WalletDb(Role::kPaymentHandler),
                              "SELECT ProcessState, Xid FROM payments WHERE PayId = '" +
                                  purchase.order().handler_pay_id + "'");
  ASSERT_EQ(payments.size(), 1U);
  EXPECT_EQ(payments[0][0], "CompletedOk");
  const auto authorizations =
      Query(market.world().gateway_db,
            "SELECT AuthCode FROM authorizations WHERE Xid = '" + payments[0][1] + "'");
  ASSERT_EQ(authorizations.size(), 1U);
  EXPECT_EQ(authorizations[0][0], "approved");
}

// One CapReq was made, one capture recorded at either side.
void ExpectCapturedOnce(const Market& market, const std::string& pay_id) {
  const auto payment = Query(
      market.WalletDb(Role::kPaymentHandler),
      "SELECT captured IS NOT NULL, Xid, (SELECT count(*) FROM intent WHERE kind = 'CapReq' "
      "AND hex(intent.xid) = payments.Xid AND settled IS NOT NULL) FROM payments WHERE PayId = '" +
          pay_id + "'");
  ASSERT_EQ(payment.size(), 1U);
  EXPECT_EQ(payment[0][0], "1");
  EXPECT_EQ(payment[0][2], "1");
  EXPECT_EQ(
      Query(market.world().gateway_db,
            "SELECT captured, reversed FROM authorizations WHERE Xid = '" + payment[0][1] + "'"),
      (std::vector<Row>{{"1", "0"}}));
}

void WalkToStart(Purchase& purchase) {
  Expect(purchase.FindAcceptedPaymentBrand());
  Expect(purchase.FindAcceptedPaymentProtocol());
  Expect(purchase.GetPaymentInitializationData());
  Expect(purchase.FindPaymentInstrument());
  Expect(purchase.StartPaymentConsumer());
}

void WalkToEnd(Purchase& purchase) {
  Expect(purchase.ContinueConsumerPRes());
  Expect(purchase.ChangeProcessState(Role::kConsumer, "CompletedOk"));
}

enum class Step { kStart, kContinue, kChange };

// Runs purchases in which that call of the payment handler dies at point 1, 2, … until it passes
// untouched.
void KillHandlerIn(Step step) {
  Market market(Hasty());
  market.CloseWallet(Role::kPaymentHandler);
  FragileHandler handler(market);
  for (int point = 1; point <= kMostPoints; ++point) {
    SCOPED_TRACE("fault point " + std::to_string(point));
    Purchase purchase = handler.NewPurchase(std::to_string(point));
    ASSERT_NO_FATAL_FAILURE(WalkToStart(purchase));
    if (step == Step::kStart) handler.KillNextCallAt(point);
    ASSERT_NO_FATAL_FAILURE(Expect(purchase.StartPaymentPaymentHandler()));
    ASSERT_NO_FATAL_FAILURE(Expect(purchase.ContinueConsumerPInitRes()));
    if (step == Step::kChange) {
      handler.KillNextCallAt(point);
      ASSERT_NO_FATAL_FAILURE(
          Expect(purchase.ChangeProcessState(Role::kPaymentHandler, "Suspended")));
      ASSERT_EQ(purchase.Attribute("ProcessState"), "Suspended");
      ASSERT_NO_FATAL_FAILURE(
          Expect(purchase.ChangeProcessState(Role::kPaymentHandler, "InProgress")));
    }
    if (step == Step::kContinue) handler.KillNextCallAt(point);
    ASSERT_NO_FATAL_FAILURE(ContinueUntilPaid(purchase));
    ASSERT_NO_FATAL_FAILURE(
        Expect(purchase.ChangeProcessState(Role::kPaymentHandler, "CompletedOk")));
    ASSERT_NO_FATAL_FAILURE(WalkToEnd(purchase));
    ASSERT_NO_FATAL_FAILURE(ExpectPaidOnce(market, purchase));
    if (!handler.killed()) {
      EXPECT_GT(point, 1) << "the fault library has no effect";
      testing::Test::RecordProperty("points", point - 1);
      std::cout << point - 1 << " fault points\n";
      return;
    }
  }
  FAIL() << "still dying";
}

TEST(Kill, PaymentHandlerAtEveryPointOfStart) { KillHandlerIn(Step::kStart); }

TEST(Kill, PaymentHandlerAtEveryPointOfContinueProcess) { KillHandlerIn(Step::kContinue); }

TEST(Kill, PaymentHandlerAtEveryPointOfChangeProcessState) { KillHandlerIn(Step::kChange); }

TEST(Kill, PaymentHandlerAtEveryPointOfACapture) {
  Market market(Hasty());
  for (int point = 1; point <= kMostPoints; ++point) {
    SCOPED_TRACE("fault point " + std::to_string(point));
    Purchase purchase = market.NewPurchase(std::to_string(point));
    const std::string pay_id = purchase.order().handler_pay_id;
    ASSERT_NO_THROW(WalkToPReq(purchase));
    ASSERT_NO_FATAL_FAILURE(ContinueUntilPaid(purchase));
    market.CloseWallet(Role::kPaymentHandler);
    const bool killed = CaptureInProcess(market, pay_id, point).killed;
    const Ran again = CaptureInProcess(market, pay_id, 0);
    market.OpenWallet(Role::kPaymentHandler);
    EXPECT_EQ(again.response.substr(0, pay_id.size() + 2), pay_id + ": ");
    ASSERT_NO_FATAL_FAILURE(ExpectPaidOnce(market, purchase));
    ExpectCapturedOnce(market, pay_id);
    if (!killed) {
      EXPECT_GT(point, 1) << "the fault library has no effect";
      testing::Test::RecordProperty("points", point - 1);
      std::cout << point - 1 << " fault points\n";
      return;
    }
  }
  FAIL() << "still dying";
}

TEST(Kill, GatewayAtEveryPointOfAPurchase) {
  Market market(Hasty());
  for (int point = 1; point <= kMostPoints; ++point) {
    SCOPED_TRACE("fault point " + std::to_string(point));
    market.StopGateway();
    setenv("LD_PRELOAD", OPB_FAULT_POINTS, 1);
    setenv("OPB_FAULT_AT", std::to_string(point).c_str(), 1);
    bool started = true;
    try {
      market.StartGateway();
    } catch (const std::runtime_error&) {
      started = false;  // it died before it listened
    }
    unsetenv("LD_PRELOAD");
    unsetenv("OPB_FAULT_AT");
    if (!started) market.StartGateway();

    Purchase purchase = market.NewPurchase(std::to_string(point));
    ASSERT_NO_THROW(WalkToPReq(purchase));
    bool alive = started;
    for (int attempt = 0; attempt < 20; ++attempt) {
      const auto result = purchase.ContinuePaymentHandler();
      ASSERT_TRUE(result) << result.error();
      if (started && waitpid(market.world().gateway->pid(), nullptr, WNOHANG) != 0) {
        alive = started = false;
        market.StopGateway();
        market.StartGateway();
      }
      if (!result->refused) break;
      ASSERT_EQ(purchase.Attribute("Severity"), "TransientError") << result->description;
    }
    ASSERT_NO_FATAL_FAILURE(WalkToEnd(purchase));
    ASSERT_NO_FATAL_FAILURE(ExpectPaidOnce(market, purchase));
    if (alive) {
      EXPECT_GT(point, 1) << "the fault library has no effect";
      testing::Test::RecordProperty("points", point - 1);
      std::cout << point - 1 << " fault points\n";
      return;
    }
  }
  FAIL() << "still dying";
}

}  // namespace
}  // namespace market
