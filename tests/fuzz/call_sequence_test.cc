// The seeds of fuzz_call_sequence reach what they are named for, and its laws bite.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "fuzz/call_sequence/laws.h"
#include "fuzz/call_sequence/play.h"
#include "schema/reader.h"

namespace call_sequence {
namespace {

std::string ReadSeed(const std::string& name) {
  std::ifstream in(OPB_SEEDS "/" + name, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

TEST(CallSequenceSeeds, ReachWhatTheyAreNamedFor) {
  const std::map<std::string, std::vector<std::string>> expected = {
      {"purchase",
       {"m CompletedOk", "c CompletedOk", "p CompletedOk", "CheckPaymentReceiptResponse",
        "ExpandPaymentReceiptResponse"}},
      {"purchase-sale", {"d CompletedOk", "q CompletedOk"}},
      {"purchase-plain-card", {"c CompletedOk", "p CompletedOk"}},
      {"declined", {"c Failed", "p Failed", "refused BusError"}},
      {"reversal", {"p CompletedOk", "p Failed"}},
      {"reversal-silent", {"p CompletedOk", "p Failed"}},
      {"silent-then-answers", {"refused TransportError", "p CompletedOk"}},
      {"answer-lost", {"refused TransportError", "p CompletedOk"}},
      {"cancelled-while-open", {"refused TransportError", "p Failed"}},
      {"bad-answers", {"refused TransportError", "p CompletedOk"}},
      {"gateway-error", {"c Failed", "p Failed"}},
      {"crash-in-exchange", {"crashed in an exchange", "p CompletedOk"}},
      {"crash-everywhere", {"c CompletedOk", "p CompletedOk"}},
      {"resume-consumer", {"c Suspended", "ResumePaymentConsumerResponse", "c CompletedOk"}},
      {"resume-handler", {"ResumePaymentPaymentHandlerResponse", "p CompletedOk"}},
      {"resume-after-reopen",
       {"ResumePaymentConsumerResponse", "ResumePaymentPaymentHandlerResponse", "c CompletedOk"}},
      {"inquiry", {"StartPaymentInquiryResponse", "InquirePaymentStatusResponse", "c CompletedOk"}},
      {"two-payments", {"c CompletedOk", "d CompletedOk", "p CompletedOk", "q CompletedOk"}},
      {"clock-jumps", {"c CompletedOk", "p CompletedOk"}},
      {"removal", {"RemovePaymentLogResponse"}},
      {"kept-long-enough", {"c CompletedOk", "refused AttValIllegal"}},
      {"passphrase",
       {"refused AttMissing", "refused AttValIllegal", "refused SystemBusy", "d CompletedOk"}},
      {"bent-requests", {"refused ElContIllegal", "refused AttValIllegal", "c ProcessError"}},
      {"called-back", {"c Failed", "refused BusError"}},
      {"instruments",
       {"ManagePaymentSoftwareResponse", "PaymentInstrumentInquiryResponse",
        "InquirePendingPaymentResponse"}},
  };
  Wallets wallets;
  for (const auto& [name, sights] : expected) {
    SCOPED_TRACE(name);
    const std::string seed = ReadSeed(name);
    EXPECT_NE(seed, "");
    Play play(wallets);
    play.Run(seed);
    wallets.Reset();
    for (const std::string& sight : sights) EXPECT_THAT(play.sights(), testing::Contains(sight));
  }
}

TEST(CallSequencePlay, TheSameProgramTakesTheSameCourse) {
  Wallets wallets;
  std::vector<std::string> messages;
  for (int i = 0; i < 2; ++i) {
    Play play(wallets);
    play.Run(ReadSeed("answer-lost"));
    messages.push_back(play.last_message());
    wallets.Reset();
  }
  EXPECT_NE(messages[0], "");
  EXPECT_EQ(messages[0], messages[1]);
}

// A call of the consumer and what came of it.
void Judge(std::string_view call, std::string_view response, const Shown& before,
           const Shown& after, std::string_view wanted = "Failed", bool inquiry = false) {
  const auto document = schema::ReadResponse(response);
  ASSERT_TRUE(document);
  CheckMove({kConsumer, {}, call, wanted, "C-0", response, document->call(), inquiry}, before,
            after);
}

constexpr std::string_view kAnswered =
    "<IotpPaymentApiResponse><ContinueProcessResponse ContStatus='End'/></IotpPaymentApiResponse>";
constexpr std::string_view kNotNow =
    "<IotpPaymentApiResponse><ErrorResponse ErrorCode='SystemBusy' ErrorDesc='-' "
    "Severity='TransientError'><ErrorLocation ElementType='ContinueProcess'/></ErrorResponse>"
    "</IotpPaymentApiResponse>";

TEST(CallSequenceLawsDeathTest, HoldProcessStateToItsTable) {
  const Shown nothing;
  const Shown begun{"InProgress", 40, {}, 0, 0};
  const Shown later{"InProgress", 60, {}, 0, 0};
  const Shown failed{"Failed", 60, {}, 0, 0};
  const Shown broken{"ProcessError", 60, {}, 0, 0};
  const Shown done{"CompletedOk", 100, {}, 0, 0};
  Judge("StartPaymentConsumer", kAnswered, nothing, begun);
  Judge("ContinueProcess", kAnswered, begun, later);
  Judge("ChangeProcessState", kAnswered, later, failed);
  Judge("ChangeProcessState", kAnswered, later, failed, "Failed", true);
  Judge("ChangeProcessState", kAnswered, later, broken, "ProcessError");
  Judge("RemovePaymentLog", kAnswered, failed, nothing);
  EXPECT_DEATH(Judge("ContinueProcess", kAnswered, later, begun), "PercentComplete");
  EXPECT_DEATH(Judge("ContinueProcess", kAnswered, later, done), "along the table");
  EXPECT_DEATH(Judge("ChangeProcessState", kAnswered, done, failed), "along the table");
  EXPECT_DEATH(Judge("ChangeProcessState", kAnswered, later, broken, "ProcessError", true),
               "along the table");
  EXPECT_DEATH(Judge("InquireProcessState", kAnswered, nothing, begun), "along the table");
  EXPECT_DEATH(Judge("ContinueProcess", kAnswered, failed, nothing), "kept until");
  EXPECT_DEATH(Judge("ContinueProcess", kNotNow, later, failed), "TransientError");
}

TEST(CallSequenceLawsDeathTest, HoldARepeatedRequestToItsAnswer) {
  const auto document = schema::ReadResponse(kAnswered);
  ASSERT_TRUE(document);
  const auto made = [&](std::string_view response) {
    return Made{kConsumer, "<a/>", "ContinueProcess", {}, "C-0", response, document->call()};
  };
  Answers answers;
  answers.Check(made(kAnswered), true);
  answers.Check(made(kAnswered), false);
  EXPECT_DEATH(answers.Check(made(kNotNow), false), "the same octets");
  answers.Forget(kConsumer, "C-0");
  answers.Check(made(kNotNow), false);
}

TEST(CallSequenceLawsDeathTest, HoldTheLedgersToEachOther) {
  Wallets wallets;
  Play(wallets).Run(ReadSeed("purchase"));
  for (const std::size_t wallet : {kConsumer, kHandler}) {
    sqlite3* store = nullptr;
    ASSERT_EQ(sqlite3_open((wallets.path(wallet) + "/wallet.db").c_str(), &store), SQLITE_OK);
    const auto run = [&](const char* sql) {
      EXPECT_EQ(sqlite3_exec(store, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    };
    CheckLedgers(wallets, wallet);
    run("UPDATE payment SET amount = '157.54'");
    EXPECT_DEATH(CheckLedgers(wallets, wallet), "agree on the amount");
    run("UPDATE payment SET xid = x'00'");
    EXPECT_DEATH(CheckLedgers(wallets, wallet), "has been authorized");
    sqlite3_close(store);
  }
}

TEST(CallSequenceLawsDeathTest, HoldSecretsBack) {
  RequireNoSecret("nothing");
  EXPECT_DEATH(RequireNoSecret("pan=4000000000000002"), "no secret");
  EXPECT_DEATH(RequireNoSecret("correct horse battery staple"), "no secret");
}

}  // namespace
}  // namespace call_sequence
