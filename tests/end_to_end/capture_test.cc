// set-bridge capture: what was authorized is captured once, whatever happens in between, and what
// the payment says afterwards (set-processing.md, 8; D-59, D-72).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "end_to_end/command.h"
#include "end_to_end/forge.h"
#include "end_to_end/market.h"
#include "end_to_end/verdict.h"

namespace market {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CaptureTest : public testing::Test {
 protected:
  explicit CaptureTest(Options options = ImpatientHandler()) : market_(std::move(options)) {}

  // A payment that is authorized at the payment handler.
  Purchase Authorized(const std::string& suffix) {
    Purchase purchase = market_.NewPurchase(suffix);
    WalkToPReq(purchase);
    EXPECT_FALSE(purchase.ContinuePaymentHandler()->refused);
    return purchase;
  }
  // The command, with the wallet free for it.
  Ran Capture(const std::string& which) {
    market_.CloseWallet(Role::kPaymentHandler);
    Ran ran = SetBridge("capture " + market_.WalletDirectory(Role::kPaymentHandler) + " " + which);
    market_.OpenWallet(Role::kPaymentHandler);
    return ran;
  }
  std::string Change(const std::string& pay_id) {
    return market_.Ask(Role::kPaymentHandler,
                       "<IotpPaymentApiRequest><ChangeProcessState PayId=\"" + pay_id +
                           "\" ProcessState=\"Failed\"/></IotpPaymentApiRequest>");
  }
  std::vector<Row> CapReqs() {
    return Query(market_.WalletDb(Role::kPaymentHandler),
                 "SELECT request FROM intent WHERE kind = 'CapReq' ORDER BY id");
  }
  std::vector<Row> AtTheGateway() {
    return Query(market_.world().gateway_db,
                 "SELECT AuthCode, captured, reversed FROM authorizations ORDER BY at");
  }
  // Changes what the gateway remembers.
  void Forge(const std::string& sql) {
    market_.StopGateway();
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(market_.world().gateway_db.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    market_.StartGateway();
  }

  Market market_;
};

const std::vector<Row> kCapturedOnce = {{"approved", "1", "0"}};

TEST_F(CaptureTest, WhatIsAuthorizedIsCapturedOnceAndSaysSo) {
  Purchase purchase = Authorized("1");
  const Ran first = Capture("--payment P-1");
  EXPECT_EQ(first.output, "P-1: 157.53 USD captured, CapCode=success(0)\n");
  EXPECT_EQ(first.status, 0);
  EXPECT_EQ(AtTheGateway(), kCapturedOnce);
  const auto payment = Query(market_.WalletDb(Role::kPaymentHandler),
                             "SELECT ProcessState, PercentComplete, CompletionCode, StatusDesc, "
                             "captured IS NOT NULL FROM payments");
  ASSERT_EQ(payment.size(), 1U);
  EXPECT_EQ(payment[0],
            (Row{"CompletedOk", "100", "", "CapCode=success(0) The payment is made.", "1"}));

  const Ran again = Capture("--payment P-1");
  EXPECT_EQ(again.output, "P-1: 157.53 USD was captured before\n");
  EXPECT_EQ(again.status, 0);
  EXPECT_EQ(CapReqs().size(), 1U);

  // The consumer learns it, and the receipt that it has stays.
  ASSERT_FALSE(purchase.ContinueConsumerPRes()->refused);
  const std::string answer = Inquire(market_, "1");
  EXPECT_EQ(Verdict(market_, answer), "InquirePaymentStatusResponse, with PRes success");
  EXPECT_THAT(answer, HasSubstr("ProcessState=\"CompletedOk\""));
  const std::string told =
      With(ContinueRequest("C-1", ContentOf(answer, "PaySchemePackagedContent")), "ContinueProcess",
           "ProcessType=\"Inquiry\"");
  EXPECT_EQ(Verdict(market_, market_.Ask(Role::kConsumer, told)), "ContinueProcessResponse End");

  EXPECT_THAT(Change("P-1"), AllOf(HasSubstr("ProcessState=\"CompletedOk\""),
                                   HasSubstr("is captured and cannot be reversed"),
                                   Not(HasSubstr("CompletionCode"))));
  EXPECT_EQ(AtTheGateway(), kCapturedOnce);
}

TEST_F(CaptureTest, WithoutAnAnswerTheSameRequestGoesOutAgain) {
  Authorized("1");
  market_.StopGateway();
  const Ran silent = Capture("--payment P-1");
  EXPECT_EQ(silent.status, 1);
  EXPECT_THAT(silent.output, AllOf(HasSubstr("P-1: the acquirer has not answered yet"),
                                   HasSubstr("the same request goes out again")));
  const auto asked = CapReqs();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_THAT(Change("P-1"),
              AllOf(HasSubstr("ProcessState=\"CompletedOk\""), HasSubstr("capture is under way")));
  market_.StartGateway();
  const Ran answered = Capture("--all");
  EXPECT_EQ(answered.output, "P-1: 157.53 USD captured, CapCode=success(0)\n");
  EXPECT_EQ(answered.status, 0);
  EXPECT_EQ(CapReqs(), asked);
  EXPECT_EQ(AtTheGateway(), kCapturedOnce);
}

TEST_F(CaptureTest, AllAreThoseThatAreAuthorizedAndNotCaptured) {
  Authorized("1");
  Authorized("2");
  Authorized("3");
  Purchase begun = market_.NewPurchase("4");
  WalkToPReq(begun);
  EXPECT_THAT(Change("P-3"), HasSubstr("ProcessState=\"Failed\""));
  EXPECT_EQ(Capture("--payment P-1 --payment P-2").output,
            "P-1: 157.53 USD captured, CapCode=success(0)\n"
            "P-2: 157.53 USD captured, CapCode=success(0)\n2 of 2 captured\n");
  const Ran none = Capture("--all");
  EXPECT_EQ(none.output, "0 of 0 captured\n");
  EXPECT_EQ(none.status, 0);
  for (const char* pay_id : {"P-3", "P-4"}) {
    const Ran refused = Capture(std::string("--payment ") + pay_id);
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.output,
                HasSubstr("only what a payment handler has completed can be captured"));
  }
  EXPECT_THAT(Capture("--payment P-9").output, HasSubstr("this wallet knows no such payment"));
}

TEST_F(CaptureTest, ASilentAcquirerIsNotAskedForEveryPayment) {
  for (const char* suffix : {"1", "2", "3", "4"}) Authorized(suffix);
  market_.StopGateway();
  const Ran silent = Capture("--all");
  EXPECT_EQ(silent.status, 1);
  EXPECT_THAT(silent.output, AllOf(HasSubstr("P-3: the acquirer has not"),
                                   HasSubstr("the rest is left for another time"),
                                   HasSubstr("0 of 4 captured"), Not(HasSubstr("P-4"))));
  EXPECT_EQ(CapReqs().size(), 3U);
}

TEST_F(CaptureTest, ARefusalForGoodIsAskedForOnce) {
  Authorized("1");
  Forge("DELETE FROM auth");
  const Ran refused = Capture("--payment P-1");
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.output, "set-bridge capture: P-1: refused for good, CapCode=unknownXID(10)\n");
  EXPECT_EQ(Capture("--payment P-1").status, 1);
  const Ran all = Capture("--all");
  EXPECT_EQ(all.status, 0);
  EXPECT_EQ(all.output,
            "set-bridge capture: P-1: was refused for good before, CapCode=unknownXID(10)\n");
  EXPECT_EQ(CapReqs().size(), 1U);
  EXPECT_EQ(StateOf(market_, Role::kPaymentHandler, "P-1"), "CompletedOk 100");
  EXPECT_EQ(Verdict(market_, Inquire(market_, "1")),
            "InquirePaymentStatusResponse, with PRes approved");
}

// set-processing.md, 2.2 (0)
TEST_F(CaptureTest, ARefusalForGoodStandsThoughTheGatewayIsRevokedSince) {
  Authorized("1");
  Forge("DELETE FROM auth");
  EXPECT_THAT(Capture("--payment P-1").output, HasSubstr("refused for good"));
  market_.CloseWallet(Role::kPaymentHandler);
  Provision(market_, Role::kPaymentHandler,
            [&](std::string text) { return WithRevokedGateway(market_, std::move(text)); });
  market_.OpenWallet(Role::kPaymentHandler);
  EXPECT_THAT(Capture("--payment P-1").output, HasSubstr("was refused for good before"));
  EXPECT_EQ(CapReqs().size(), 1U);
}

// The SaleDetail of the merchant names batch 7.
TEST_F(CaptureTest, TheSaleDetailGoesAlongAndAnotherRequestMayFollowARefusal) {
  Purchase purchase = market_.NewPurchase("1");
  ASSERT_FALSE(purchase.FindAcceptedPaymentBrand()->refused);
  ASSERT_FALSE(purchase.FindAcceptedPaymentProtocol()->refused);
  ASSERT_FALSE(purchase.GetPaymentInitializationData()->refused);
  ASSERT_FALSE(purchase.FindPaymentInstrument()->refused);
  ASSERT_FALSE(purchase.StartPaymentConsumer()->refused);
  const std::string draft = market_.Draft(purchase, &Purchase::StartPaymentPaymentHandler);
  const std::string first = "<TradingRoleDataPackagedContent ";
  const std::string started =
      market_.Ask(Role::kPaymentHandler,
                  Replaced(draft, first,
                           first + "Name=\"Payment:SET-SaleDetail\" Transform=\"BASE64\">MAOAAQc=" +
                               "</TradingRoleDataPackagedContent>" + first));
  const std::string preq = market_.Ask(
      Role::kConsumer, ContinueRequest("C-1", ContentOf(started, "PaySchemePackagedContent")));
  ASSERT_EQ(Verdict(market_, market_.Ask(Role::kPaymentHandler,
                                         ContinueRequest(
                                             "P-1", ContentOf(preq, "PaySchemePackagedContent")))),
            "ContinueProcessResponse End, with PRes approved");
  const Ran refused = Capture("--payment P-1");
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.output,
            "set-bridge capture: P-1: refused, CapCode=batchUnknown(8): it may be tried again\n");
  EXPECT_THAT(StatusDescOf(market_, Role::kPaymentHandler, purchase),
              AllOf(HasSubstr("refused to capture"), HasSubstr("CapCode=batchUnknown(8)")));
  EXPECT_EQ(AtTheGateway(), (std::vector<Row>{{"approved", "0", "0"}}));
  Forge(
      "INSERT INTO batch (id, merchant_id, curr_code, opened, last_sequence) VALUES (7, "
      "(SELECT merchant_id FROM auth), 'USD', 1, 0)");
  EXPECT_EQ(Capture("--payment P-1").output, "P-1: 157.53 USD captured, CapCode=success(0)\n");
  const auto asked = CapReqs();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_NE(asked[0], asked[1]);
  EXPECT_EQ(AtTheGateway(), kCapturedOnce);
}

TEST_F(CaptureTest, TheOperatorMayCloseACaptureWhoseOutcomeStaysUnknown) {
  Authorized("1");
  Authorized("2");
  market_.StopGateway();
  EXPECT_EQ(Capture("--all").status, 1);
  market_.CloseWallet(Role::kPaymentHandler);
  const std::string wallet = market_.WalletDirectory(Role::kPaymentHandler);
  // Who says so, and from where he knows, is never empty.
  EXPECT_EQ(SetBridge("resolve " + wallet + " P-1 --as approved --by '' --why telephone").status,
            2);
  EXPECT_EQ(SetBridge("resolve " + wallet + " P-1 --as approved --by me --why ' '").status, 2);
  EXPECT_THAT(SetBridge("resolve " + wallet + " P-1 --as approved --by me --why telephone").output,
              HasSubstr("the payment counts as captured"));
  EXPECT_THAT(SetBridge("resolve " + wallet + " P-2 --as declined --by me --why telephone").output,
              HasSubstr("set-bridge capture asks anew"));
  market_.OpenWallet(Role::kPaymentHandler);
  EXPECT_THAT(Change("P-1"), HasSubstr("is captured and cannot be reversed"));
  EXPECT_EQ(Verdict(market_, Inquire(market_, "1")),
            "InquirePaymentStatusResponse, with PRes success");
  market_.StartGateway();
  EXPECT_EQ(Capture("--all").output, "P-2: 157.53 USD captured, CapCode=success(0)\n");
  EXPECT_EQ(CapReqs().size(), 3U);
}

TEST_F(CaptureTest, TheCommandSaysHowItIsUsed) {
  const std::string wallet = market_.WalletDirectory(Role::kPaymentHandler);
  EXPECT_EQ(SetBridge("capture " + wallet).status, 2);
  EXPECT_EQ(SetBridge("capture " + wallet + " --all --payment P-1").status, 2);
  EXPECT_EQ(SetBridge("capture --help").status, 0);
  const Ran in_use = SetBridge("capture " + wallet + " --all");
  EXPECT_EQ(in_use.status, 1);
  EXPECT_THAT(in_use.output, HasSubstr(std::to_string(getpid())));
  const Ran other = SetBridge("capture " + market_.world().gateway_db + ".d --all");
  EXPECT_EQ(other.status, 1);
}

class CaptureOfALockedWallet : public CaptureTest {
 protected:
  CaptureOfALockedWallet() : CaptureTest(Locked()) {}
  static Options Locked() {
    Options options;
    options.passphrases = {{Role::kPaymentHandler, "correct horse"}};
    return options;
  }
};

TEST_F(CaptureOfALockedWallet, NeedsItsPassphrase) {
  const Ran locked = Capture("--all");
  EXPECT_EQ(locked.status, 1);
  EXPECT_THAT(locked.output, HasSubstr("give --passphrase-file"));
  const std::string file = market_.WalletDirectory(Role::kPaymentHandler) + ".pass";
  const auto write = [&](const char* passphrase) {
    std::ofstream(file) << passphrase << '\n';
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  };
  write("wrong");
  EXPECT_THAT(Capture("--all --passphrase-file " + file).output,
              HasSubstr("the passphrase does not open this wallet"));
  write("correct horse");
  EXPECT_EQ(Capture("--all --passphrase-file " + file).status, 0);
}

class CaptureOfASale : public CaptureTest {
 protected:
  CaptureOfASale() : CaptureTest(Sale()) {}
  static Options Sale() {
    Options options;
    options.edit_handler = [](std::string text) {
      return text + "\n[policy]\ncapture_now = true\n";
    };
    return options;
  }
};

TEST_F(CaptureOfASale, AsksForNothing) {
  Authorized("1");
  EXPECT_EQ(Capture("--all").output, "0 of 0 captured\n");
  EXPECT_EQ(Capture("--payment P-1").output, "P-1: 157.53 USD was captured before\n");
  EXPECT_TRUE(CapReqs().empty());
  EXPECT_EQ(
      Query(market_.WalletDb(Role::kPaymentHandler), "SELECT captured IS NOT NULL FROM payments"),
      (std::vector<Row>{{"1"}}));
}

}  // namespace
}  // namespace market
