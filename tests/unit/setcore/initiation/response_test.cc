#include <gtest/gtest.h>

#include "setcore/initiation/initiation.h"

namespace setcore::initiation {
namespace {

std::string Text(const Initiation& response) {
  const Octets octets = Write(response, false);
  return {octets.begin(), octets.end()};
}

constexpr std::string_view kHead =
    "MIME-Version: 1.0\r\nContent-Transfer-Encoding: Binary\r\n"
    "SET-Initiation-Type: Payment-Initiation-Response\r\nSET-Version: 1.0\r\n";

TEST(InitiationResponse, ARefusalNamesFieldAndReason) {
  const std::vector<Field> request = {{"SET-LID-M", "00FF"}, {"SET-Echo-In-Response", "hello"}};
  const auto response = ComposeErrorResponse(request, {"SET-Brand", Reason::kMissing, "people"});
  EXPECT_EQ(Text(response), std::string(kHead) +
                                "SET-LID-M: 00FF\r\nSET-Echo-In-Response: hello\r\n"
                                "SET-Error-Field: SET-Brand\r\nSET-Error-Reason: missing\r\n\r\n");
  EXPECT_EQ(response.error_field, "SET-Brand");
}

TEST(InitiationResponse, ARefusalCopiesNothingThatIsIllegal) {
  const std::vector<Field> request = {{"SET-LID-M", "0"}, {"SET-Echo-In-Response", "a\r\nb"}};
  EXPECT_EQ(Text(ComposeErrorResponse(request, {})),
            std::string(kHead) +
                "SET-Error-Field: SET-Initiation-Type\r\nSET-Error-Reason: syntax\r\n\r\n");
}

TEST(InitiationResponse, AnUnknownFieldNameIsNotRepeated) {
  const auto response = ComposeErrorResponse({}, {"X-Evil", Reason::kSyntax, ""});
  EXPECT_EQ(response.error_field, "SET-Initiation-Type");
}

TEST(InitiationResponse, EveryResponseIsReadAgain) {
  for (const Reason reason :
       {Reason::kMissing, Reason::kSyntax, Reason::kUnsupported, Reason::kDuplicate,
        Reason::kInconsistent, Reason::kTooLarge, Reason::kCancelled}) {
    const auto octets = Write(ComposeErrorResponse({}, {"SET-PurchAmt", reason, ""}), false);
    EXPECT_EQ(Classify(octets).kind, Kind::kResponse);
    const auto read = Parse(octets, Profile::kResponse);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->error_field, "SET-PurchAmt");
    EXPECT_EQ(read->error_reason, Name(reason));
  }
}

TEST(InitiationResponse, TheFieldsOfAnUnreadableMessageAreNone) {
  const std::string bad = "no colon\r\n\r\n";
  EXPECT_TRUE(ReadFields(Octets(bad.begin(), bad.end())).empty());
  const std::string good = "set-lid-m: 00\r\nset-lid-m: 01\r\n\r\n";
  EXPECT_EQ(ReadFields(Octets(good.begin(), good.end())).front(), (Field{"SET-LID-M", "00"}));
}

}  // namespace
}  // namespace setcore::initiation
