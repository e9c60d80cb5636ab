// What set-gateway does with AuthReqs: decision, ledger, replay.  The merchant is that of the
// vectors; its clock and the gateway's stand where theirs do.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bridge/programs/set_gateway/limits.h"
#include "bridge/programs/set_gateway/processor.h"
#include "bridge/programs/set_gateway/rules.h"
#include "setcore/crypto/random.h"
#include "setcore/merchant.h"
#include "setcore/messages/glance.h"
#include "unit/setcore/vector_pki.h"

namespace bridge::gateway {
namespace {

using setcore::Octets;
using vectors::Must;

constexpr const char* kSet = "set-1024";

class Processed : public ::testing::Test {
 protected:
  Processed() {
    clock_ = vectors::kNow;
    std::string name = (std::filesystem::temp_directory_path() / "processor.XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    vectors::TrustRootOf(kSet, trust_);
    keys_.merchant_id = "00012345";
    keys_.signing = &sign_.key;
    keys_.signing_chain = sign_.chain;
    keys_.exchange = &exchange_.key;
    keys_.exchange_chain = exchange_.chain;
    keys_.gateway_chain = gateway_.chain;
    const std::string od = Load("03-hodinput-hod").Text("od");
    terms_.od.assign(od.begin(), od.end());
    terms_.purch_amt = {840, 15753, -2};
    terms_.brand_id = "VISA";
    terms_.lid_m = Load("01-pinitreq").Hex("lid-m");
    terms_.sw_ident = "setpeer 1.0";
  }
  ~Processed() override {
    processor_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  static vectors::File Load(const std::string& name) {
    return vectors::Load(std::string(kSet) + "/" + name + ".txt");
  }

  // A configuration with the keys of the vectors and `rules`.
  std::shared_ptr<const Config> Configure(std::string_view rules) const {
    const std::string path = directory_ + "/gateway.toml";
    const std::string pki = std::string(OPB_VECTORS) + "/" + kSet + "/pki/";
    std::ofstream(path) << "listen = \"127.0.0.1:0\"\nstate = \"gateway.db\"\n"
                           "authentication = \"none\"\n[[trust]]\ncertificate = \""
                        << pki << "root.pem\"\n[[brand]]\nbrand_id = \"VISA\"\n"
                        << "signing_certificate = \"" << pki << "gateway-sign.pem\"\n"
                        << "signing_key = \"" << pki << "gateway-sign.key\"\n"
                        << "exchange_certificate = \"" << pki << "gateway-exchange.pem\"\n"
                        << "exchange_key = \"" << pki << "gateway-exchange.key\"\n"
                        << rules;
    LoadedConfig loaded = gateway::Load(path, vectors::kNow);
    if (!loaded.config) throw std::runtime_error(ToText(loaded.problems.front()));
    return std::make_shared<const Config>(std::move(*loaded.config));
  }

  // The store stays when the gateway is started again.
  void Start(std::string_view rules = {}) {
    processor_.reset();
    config_ = Configure(rules);
    auto opened = Processor::Open(config_, random_, [] { return clock_; });
    ASSERT_TRUE(opened) << opened.error();
    processor_ = std::move(*opened);
  }

  setcore::Environment env() { return {vectors::kNow, &random_}; }

  // A new AuthReq for the purchase of the vectors.
  Octets AuthReq(bool capture_now = false) {
    setcore::MerchantPolicy policy;
    policy.capture_now = capture_now;
    return Must(setcore::ComposeAuthReq(env(), keys_, policy, terms_,
                                        Load("09-preq-dualsigned").Hex("MessageWrapper")))
        .message;
  }

  // What the merchant reads out of the answer.
  setcore::AuthOutcome Outcome(const Octets& authreq, const Served& served) {
    EXPECT_FALSE(served.refusal) << served.note;
    return Must(setcore::CheckAuthRes(env(), keys_, trust_, authreq, served.answer));
  }

  // A new AuthRevReq for the authorization that `authres` gave to `authreq`.
  Octets AuthRevReq(const Octets& authreq, const Octets& authres) {
    return Must(setcore::ComposeAuthRevReq(env(), keys_, {}, terms_,
                                           Load("09-preq-dualsigned").Hex("MessageWrapper"),
                                           authreq, authres))
        .message;
  }

  // The AuthRevCode that the merchant reads out of the answer.
  std::string Reversal(const Octets& authrevreq) {
    const Served served = processor_->Process(authrevreq);
    EXPECT_FALSE(served.refusal) << served.note;
    return std::string(
        Must(setcore::CheckAuthRevRes(env(), keys_, trust_, authrevreq, served.answer)).name);
  }

  // A new CapReq for the authorization that `authres` gave to `authreq`.
  Octets CapReq(const Octets& authreq, const Octets& authres) {
    return Must(setcore::ComposeCapReq(env(), keys_, {}, terms_,
                                       Load("09-preq-dualsigned").Hex("MessageWrapper"), authreq,
                                       authres))
        .message;
  }

  // The CapCode that the merchant reads out of the answer.
  std::string Capture(const Octets& authreq, const Octets& capreq) {
    const Served served = processor_->Process(capreq);
    EXPECT_FALSE(served.refusal) << served.note;
    return std::string(
        Must(setcore::CheckCapRes(env(), keys_, trust_, *setcore::Glance(authreq)->rrpid, capreq,
                                  served.answer))
            .name);
  }

  // AuthCode, captured and reversed of every authorization, as the view shows them.
  std::string View() {
    processor_.reset();
    sqlite3* database = nullptr;
    sqlite3_open_v2((directory_ + "/gateway.db").c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
    std::string rows;
    sqlite3_exec(
        database, "SELECT AuthCode, captured, reversed, Amount FROM authorizations ORDER BY rowid",
        [](void* out, int columns, char** values, char**) {
          for (int i = 0; i < columns; ++i) {
            *static_cast<std::string*>(out) +=
                std::string(values[i]) + (i + 1 < columns ? " " : "\n");
          }
          return 0;
        },
        &rows, nullptr);
    sqlite3_close(database);
    return rows;
  }

  // Answers `request` by a SET Error.
  Served Refused(const Octets& request) {
    Served served = processor_->Process(request);
    EXPECT_FALSE(served.refusal) << served.note;
    const auto glimpse = setcore::Glance(served.answer);
    EXPECT_TRUE(glimpse && glimpse->name == "Error") << served.note;
    return served;
  }

  // A ledger with `count` Errors that were recorded at `at_ms`.
  void FillWithErrors(std::int64_t count, std::int64_t at_ms) {
    Start();
    processor_.reset();
    sqlite3* database = nullptr;
    sqlite3_open((directory_ + "/gateway.db").c_str(), &database);
    const std::string sql =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(count) + ") INSERT INTO error SELECT randomblob(32), " +
        std::to_string(at_ms) + ", x'00' FROM n";
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  static inline setcore::Time clock_ = 0;  // the gateway's
  std::string directory_;
  setcore::SystemRandom random_;
  setcore::pki::CertifiedKey sign_ = vectors::KeyOf(kSet, "merchant-sign");
  setcore::pki::CertifiedKey exchange_ = vectors::KeyOf(kSet, "merchant-exchange");
  setcore::pki::CertifiedKey gateway_ = vectors::KeyOf(kSet, "gateway-exchange");
  setcore::pki::TrustStore trust_;
  setcore::MerchantKeys keys_;
  setcore::PurchaseTerms terms_;
  std::shared_ptr<const Config> config_;
  std::unique_ptr<Processor> processor_;
};

TEST_F(Processed, AnAuthReqIsApprovedAndItsRepetitionGetsTheSameOctetsAlsoAfterARestart) {
  Start();
  const Octets request = Load("10-authreq").Hex("MessageWrapper");
  const Served first = processor_->Process(request);
  EXPECT_EQ(Outcome(request, first).auth_code, 0) << first.note;
  EXPECT_EQ(processor_->Process(request).answer, first.answer);
  Start();
  const Served again = processor_->Process(request);
  EXPECT_EQ(again.answer, first.answer);
  EXPECT_EQ(again.note, "answered again");
}

// D-46.
TEST_F(Processed, AnApprovedInstructionCannotBeUsedByAnotherAuthReq) {
  Start();
  const Octets first = AuthReq();
  EXPECT_EQ(Outcome(first, processor_->Process(first)).auth_code, 0);
  const Octets second = AuthReq();
  EXPECT_EQ(Outcome(second, processor_->Process(second)).auth_code,
            static_cast<int>(setcore::msg::AuthCode::kPiPreviouslyUsed));
}

TEST_F(Processed, ADeclinedInstructionMayBeUsedAgain) {
  Start("[[rule]]\nabove = \"157.52\"\nauth_code = \"declined\"\ndelay_ms = 7\n");
  const Octets first = AuthReq();
  const Served declined = processor_->Process(first);
  EXPECT_EQ(declined.delay_ms, 7);
  EXPECT_EQ(Outcome(first, declined).auth_code,
            static_cast<int>(setcore::msg::AuthCode::kDeclined));
  EXPECT_EQ(processor_->Process(first).delay_ms, 0) << "a stored answer is not slow";
  Start("[[rule]]\nabove = \"157.53\"\nauth_code = \"declined\"\n");
  const Octets second = AuthReq();
  EXPECT_EQ(Outcome(second, processor_->Process(second)).auth_code, 0);
  EXPECT_EQ(Outcome(first, processor_->Process(first)).auth_code,
            static_cast<int>(setcore::msg::AuthCode::kDeclined))
      << "the recorded answer stands";
}

TEST_F(Processed, CaptureNowCapturesInsideTheAnswer) {
  Start();
  const Octets request = AuthReq(true);
  const auto outcome = Outcome(request, processor_->Process(request));
  EXPECT_EQ(outcome.auth_code, 0);
  EXPECT_EQ(outcome.cap_code, 0);
}

TEST_F(Processed, AReversalIsRecordedBeforeItIsAnsweredAndAnsweredOnceForAll) {
  Start();
  const Octets authreq = AuthReq();
  const Octets request = AuthRevReq(authreq, processor_->Process(authreq).answer);
  const Served first = processor_->Process(request);
  EXPECT_EQ(Reversal(request), "approved");
  Start();
  EXPECT_EQ(processor_->Process(request).answer, first.answer);
  EXPECT_EQ(Reversal(AuthRevReq(authreq, {})), "invalidTransaction") << "nothing is left of it";
  EXPECT_EQ(View(), "approved 0 1 157.53\n");
}

// D-46.
TEST_F(Processed, AReversedInstructionMayBeUsedAgain) {
  Start();
  const Octets first = AuthReq();
  EXPECT_EQ(Reversal(AuthRevReq(first, processor_->Process(first).answer)), "approved");
  const Octets second = AuthReq();
  EXPECT_EQ(Outcome(second, processor_->Process(second)).auth_code, 0);
  EXPECT_EQ(Reversal(AuthRevReq(first, {})), "invalidTransaction") << "not the one that stands";
  EXPECT_EQ(Reversal(AuthRevReq(second, {})), "approved");
  EXPECT_EQ(View(), "approved 0 1 157.53\napproved 0 1 157.53\n");
}

TEST_F(Processed, WhatWasCapturedDeclinedOrNeverAskedForIsNotReversed) {
  Start("[[rule]]\nabove = \"157.52\"\nauth_code = \"declined\"\n");
  const Octets declined = AuthReq();
  const Octets answer = processor_->Process(declined).answer;
  EXPECT_EQ(Reversal(AuthRevReq(declined, answer)), "invalidTransaction");
  Start();
  const Octets captured = AuthReq(true);
  const Octets captured_answer = processor_->Process(captured).answer;
  EXPECT_EQ(Reversal(AuthRevReq(captured, captured_answer)), "invalidTransaction");
  EXPECT_EQ(Reversal(AuthRevReq(AuthReq(), {})), "invalidTransaction");
  EXPECT_EQ(View(), "declined 0 0 157.53\napproved 1 0 157.53\n");
}

TEST_F(Processed, ACaptureIsRecordedBeforeItIsAnsweredAndAnsweredOnceForAll) {
  Start();
  const Octets authreq = AuthReq();
  const Octets authres = processor_->Process(authreq).answer;
  const Octets request = CapReq(authreq, authres);
  const Served first = processor_->Process(request);
  EXPECT_EQ(Capture(authreq, request), "success");
  Start();
  EXPECT_EQ(processor_->Process(request).answer, first.answer);
  EXPECT_EQ(Capture(authreq, CapReq(authreq, authres)), "duplicateRequest");
  EXPECT_EQ(Reversal(AuthRevReq(authreq, authres)), "invalidTransaction") << "D-57";
  EXPECT_EQ(View(), "approved 1 0 157.53\n");
}

TEST_F(Processed, WhatIsNotAnAuthorizationThatStandsIsNotCaptured) {
  Start("[[rule]]\nabove = \"157.52\"\nauth_code = \"declined\"\n");
  const Octets declined = AuthReq();
  const Octets refusal = processor_->Process(declined).answer;
  EXPECT_EQ(Capture(declined, CapReq(declined, refusal)), "invalidAuthData");
  Start();
  const Octets unknown = AuthReq();
  EXPECT_EQ(Capture(unknown, CapReq(unknown, {})), "unknownXID");
  const Octets reversed = AuthReq();
  const Octets authres = processor_->Process(reversed).answer;
  EXPECT_EQ(Reversal(AuthRevReq(reversed, authres)), "approved");
  EXPECT_EQ(Capture(reversed, CapReq(reversed, authres)), "invalidAuthData");
  EXPECT_EQ(View(), "declined 0 0 157.53\napproved 0 1 157.53\n");
}

TEST_F(Processed, AnAuthRevReqThatCannotBeUsedGetsAnError) {
  Start();
  Octets request = AuthRevReq(AuthReq(), {});
  request.back() ^= 1;
  const auto glimpse = setcore::Glance(processor_->Process(request).answer);
  ASSERT_TRUE(glimpse);
  EXPECT_EQ(glimpse->name, "Error");
}

TEST_F(Processed, TheSameOctetsAtTheSameTimeGetOneAnswer) {
  Start();
  const Octets request = AuthReq();
  std::vector<Octets> answers(8);
  std::vector<std::thread> callers;
  for (Octets& answer : answers) {
    callers.emplace_back([&] { answer = processor_->Process(request).answer; });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(answers, std::vector<Octets>(answers.size(), answers.front()));
  EXPECT_EQ(Outcome(request, processor_->Process(request)).auth_code, 0);
}

TEST_F(Processed, DifferentAuthReqsForOnePurchaseAtTheSameTimeGetOneApproval) {
  Start();
  std::vector<Octets> requests(6);
  for (Octets& request : requests) request = AuthReq();
  std::vector<Served> served(requests.size());
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    callers.emplace_back([&, i] { served[i] = processor_->Process(requests[i]); });
  }
  for (std::thread& caller : callers) caller.join();
  int approved = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    approved += Outcome(requests[i], served[i]).auth_code == 0 ? 1 : 0;
  }
  EXPECT_EQ(approved, 1);
}

TEST_F(Processed, WhatNamesNoExchangeGetsASignedErrorThatIsNotStored) {
  Start();
  for (const Octets& request : {Octets{}, Octets{0x30, 0x00}, Octets(100, 0xff)}) {
    const Served first = Refused(request);
    EXPECT_NE(processor_->Process(request).answer, first.answer) << "its nonce is new";
  }
}

// set-processing.md, 2.2(0): a merchant settles its intent by the first answer.
TEST_F(Processed, AnErrorIsTheAnswerForGoodAlsoWhenItsCauseIsGoneAndAfterARestart) {
  const Octets request = AuthReq();
  clock_ = vectors::kNow - 25 * 3600;
  Start();
  const Served first = Refused(request);
  EXPECT_EQ(first.note.substr(0, 19), "Error messageTooNew");
  EXPECT_EQ(processor_->Process(request).answer, first.answer);
  clock_ = vectors::kNow;
  EXPECT_EQ(processor_->Process(request).answer, first.answer);
  Start();
  const Served again = processor_->Process(request);
  EXPECT_EQ(again.answer, first.answer);
  EXPECT_EQ(again.note, "answered again");
  EXPECT_EQ(View(), "");
}

TEST_F(Processed, AnErrorStandsWhateverTheMessageIs) {
  Start();
  const Octets authreq = AuthReq();
  for (Octets request :
       {Load("01-pinitreq").Hex("MessageWrapper"), AuthRevReq(authreq, {}), CapReq(authreq, {})}) {
    request.back() ^= 1;
    const Served first = Refused(request);
    EXPECT_EQ(processor_->Process(request).answer, first.answer);
  }
}

TEST_F(Processed, TheSameOctetsAtTheSameTimeGetOneError) {
  Start();
  Octets request = AuthReq();
  request.back() ^= 1;
  std::vector<Octets> answers(8);
  std::vector<std::thread> callers;
  for (Octets& answer : answers) {
    callers.emplace_back([&] { answer = processor_->Process(request).answer; });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(answers, std::vector<Octets>(answers.size(), answers.front()));
}

TEST_F(Processed, WhoCannotBeVerifiedTakesNobodysRrpid) {
  Start();
  const Octets request = AuthReq();
  Octets altered = request;
  altered.back() ^= 1;
  const Served refused = Refused(altered);
  EXPECT_EQ(Outcome(request, processor_->Process(request)).auth_code, 0);
  EXPECT_EQ(processor_->Process(altered).answer, refused.answer);
}

TEST_F(Processed, AnErrorThatTheLedgerHasNoRoomForIsNotGiven) {
  FillWithErrors(kMaxErrors - 1, vectors::kNow * 1000);
  Start();
  std::vector<Octets> requests(2, AuthReq());
  requests[0].back() ^= 1;
  requests[1].back() ^= 2;
  const Served first = Refused(requests[0]);
  const Served second = processor_->Process(requests[1]);
  ASSERT_TRUE(second.refusal);
  EXPECT_EQ(second.refusal->status_class, setcore::transport::StatusClass::kRetry);
  EXPECT_TRUE(second.answer.empty());
  EXPECT_EQ(processor_->Process(requests[0]).answer, first.answer);
  const Octets good = AuthReq();
  EXPECT_EQ(Outcome(good, processor_->Process(good)).auth_code, 0) << "no Error";
}

TEST_F(Processed, ErrorsAreForgottenWhenTheirRequestsAreTooOldForGood) {
  Octets request = AuthReq();
  request.back() ^= 1;
  FillWithErrors(kMaxErrors, (vectors::kNow - kErrorKept_s) * 1000);
  Start();
  EXPECT_TRUE(processor_->Process(request).refusal) << "kept so long";
  ++clock_;
  Refused(request);
}

// What is kept shorter than it may be processed would be an answer and then another one.
TEST_F(Processed, WhatIsDatedTooFarAheadGetsNoError) {
  Start();
  for (const setcore::Time ahead : {kErrorAhead_s - 1, kErrorAhead_s, kErrorAhead_s + 1}) {
    const Octets request = AuthReq();
    clock_ = vectors::kNow - ahead;
    const Served served = processor_->Process(request);
    EXPECT_EQ(served.refusal.has_value(), ahead > kErrorAhead_s) << ahead << served.note;
  }
}

TEST_F(Processed, AnErrorIsNotAnswered) {
  Start();
  const auto file = Load("23-error");
  for (const auto& line : file.lines()) {
    if (!line.name.ends_with("MessageWrapper")) continue;
    const Served served = processor_->Process(vectors::FromHex(line.value));
    EXPECT_TRUE(served.refusal) << line.name;
    EXPECT_TRUE(served.answer.empty());
  }
}

TEST_F(Processed, TheStoreKeepsNoAccountNumberInTheClear) {
  Start();
  const Octets request = AuthReq();
  EXPECT_EQ(Outcome(request, processor_->Process(request)).auth_code, 0);
  EXPECT_TRUE(processor_->Journal("192.0.2.1", request));
  processor_.reset();
  const std::string pan = Load("pki/pki").Text("pan");
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string contents((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(contents.find(pan), std::string::npos) << entry.path();
  }
}

TEST_F(Processed, RenewedRulesJudgeFromThenOn) {
  Start("[[rule]]\nauth_code = \"callIssuer\"\n");
  const auto code = [this] {
    const Octets request = AuthReq();
    return Outcome(request, processor_->Process(request)).auth_code;
  };
  EXPECT_EQ(code(), static_cast<int>(setcore::msg::AuthCode::kCallIssuer));
  processor_->Renew(Configure("[[rule]]\nauth_code = \"declined\"\n"));
  config_.reset();
  EXPECT_EQ(code(), static_cast<int>(setcore::msg::AuthCode::kDeclined));
  processor_->Renew(Configure(""));
  EXPECT_EQ(code(), 0);
}

TEST_F(Processed, ASecondGatewayOnOneStoreDoesNotStart) {
  Start();
  const auto second = Processor::Open(config_, random_);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("gateway.db: locked"), std::string::npos) << second.error();
}

}  // namespace
}  // namespace bridge::gateway
