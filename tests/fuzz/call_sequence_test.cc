// The seeds of fuzz_call_sequence reach what they are named for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "fuzz/call_sequence/play.h"

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

}  // namespace
}  // namespace call_sequence
