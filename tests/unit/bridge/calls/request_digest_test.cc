#include "bridge/calls/request_digest.h"

#include <gtest/gtest.h>

#include <string>

#include "schema/reader.h"

namespace bridge {
namespace {

setcore::crypto::Sha256Digest Digest(const std::string& call) {
  const auto document = schema::Read("<IotpPaymentApiRequest>" + call + "</IotpPaymentApiRequest>");
  EXPECT_TRUE(document) << call;
  return RequestDigest(document->call());
}

std::string Continue(const std::string& attributes, const std::string& text) {
  return "<ContinueProcess PayId=\"P\" " + attributes +
         "><PaySchemePackagedContent Content=\"PCDATA\" Transform=\"BASE64\">" + text +
         "</PaySchemePackagedContent></ContinueProcess>";
}

// docs/architecture.md, "What is journaled".
TEST(RequestDigest, LeavesOutWhatIsNoSemanticInput) {
  const auto plain = Digest(Continue("", "YWJj"));
  EXPECT_EQ(Digest(Continue("Passphrase=\"secret\"", "YWJj")), plain);
}

TEST(RequestDigest, CountsADefaultAsWritten) {
  EXPECT_EQ(Digest(Continue("ProcessType=\"Payment\"", "YWJj")), Digest(Continue("", "YWJj")));
  EXPECT_NE(Digest(Continue("ProcessType=\"Inquiry\"", "YWJj")), Digest(Continue("", "YWJj")));
}

TEST(RequestDigest, TakesTheDecodedOctetsOfBase64) {
  EXPECT_EQ(Digest(Continue("", "YW\nJj")), Digest(Continue("", "YWJj")));
  EXPECT_NE(Digest(Continue("", "YWJk")), Digest(Continue("", "YWJj")));
}

TEST(RequestDigest, DoesNotCareForTheOrderOfAttributes) {
  const std::string one = "<ChangeProcessState PayId=\"P\" ProcessState=\"Failed\"/>";
  const std::string two = "<ChangeProcessState ProcessState=\"Failed\" PayId=\"P\"/>";
  EXPECT_EQ(Digest(one), Digest(two));
}

TEST(RequestDigest, TellsCallsAndValuesApart) {
  EXPECT_NE(Digest("<InquireProcessState PayId=\"P\"/>"),
            Digest("<InquireProcessState PayId=\"Q\"/>"));
  EXPECT_NE(Digest("<InquireProcessState PayId=\"P\"/>"),
            Digest("<ChangeProcessState PayId=\"P\" ProcessState=\"Failed\"/>"));
}

}  // namespace
}  // namespace bridge
