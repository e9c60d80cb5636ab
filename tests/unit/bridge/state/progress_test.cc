#include "bridge/state/progress.h"

#include <gtest/gtest.h>

#include "bridge/texts/texts.h"

namespace bridge {
namespace {

TEST(Progress, PercentCompleteFollowsTheTable) {
  EXPECT_EQ(PercentComplete(Milestone::kStarted), 0);
  EXPECT_EQ(PercentComplete(Milestone::kInitiationResponse), 20);
  EXPECT_EQ(PercentComplete(Milestone::kPInitReq), 40);
  EXPECT_EQ(PercentComplete(Milestone::kPInitRes), 60);
  EXPECT_EQ(PercentComplete(Milestone::kPReq), 80);
  EXPECT_EQ(PercentComplete(Milestone::kPRes), 100);
}

TEST(Progress, EveryCompletionCodeIsSpelledAsRfc2801Does) {
  const char* names[] = {"BrandNotSupp",  "CurrNotSupp", "ConsCancelled",    "PaymtCancelled",
                         "AuthError",     "InsuffFunds", "InstBrandInvalid", "InstNotValid",
                         "BadInstrument", "Unspecified", "TimedOutRcvr",     "TimedOutNoRcvr",
                         "MerchCancelled"};
  for (int i = 0; i < 13; ++i) {
    EXPECT_EQ(Name(static_cast<CompletionCode>(i)), names[i]);
    EXPECT_EQ(ParseCompletionCode(names[i]), static_cast<CompletionCode>(i));
  }
  EXPECT_EQ(ParseCompletionCode("PaymentDecl"), CompletionCode::kUnspecified);
  EXPECT_EQ(ParseCompletionCode("PaymCancelled"), CompletionCode::kPaymtCancelled);
  EXPECT_EQ(ParseCompletionCode("x-acme"), CompletionCode::kUnspecified);
  EXPECT_EQ(ParseCompletionCode("X-fourteenchar"), CompletionCode::kUnspecified);
  EXPECT_EQ(ParseCompletionCode("x-fifteencharac"), std::nullopt);
  EXPECT_EQ(ParseCompletionCode("x-"), std::nullopt);
  EXPECT_EQ(ParseCompletionCode("BackOrdered"), std::nullopt);
  EXPECT_EQ(ParseCompletionCode("unspecified"), std::nullopt);
  EXPECT_EQ(ParseCompletionCode(""), std::nullopt);
}

TEST(Progress, StatusDescNamesTheSetCode) {
  const Description declined{
      Language::kGerman, StatusText::kDeclined, CodeText("AuthCode", "declined", 2), {}, {}};
  EXPECT_EQ(declined.code_text, "AuthCode=declined(2)");
  EXPECT_EQ(StatusDesc(declined, Language::kEnglish),
            "AuthCode=declined(2) The card issuer has declined the payment.");
  EXPECT_EQ(StatusDesc(declined, Language::kGerman),
            "AuthCode=declined(2) Der Kartenherausgeber hat die Zahlung abgelehnt.");
}

std::string Further(std::string words) {
  return StatusDesc({Language::kEnglish, std::nullopt, {}, std::move(words), {}},
                    Language::kEnglish);
}

TEST(Progress, StatusDescExplainsItselfInTheLanguageAskedFor) {
  const Description failed{
      Language::kEnglish, StatusText::kTechnicalError, {}, {}, DetailText::kOtherSigner};
  EXPECT_EQ(
      StatusDesc(failed, Language::kEnglish),
      "The payment has ended with a technical error. (it is not the certificate that began this "
      "purchase)");
  EXPECT_EQ(StatusDesc(failed, Language::kGerman),
            "Die Zahlung endete mit einem technischen Fehler. (es ist nicht das Zertifikat, mit "
            "dem dieser Kauf begann)");
  const Detail alone = {DetailText::kOnlyValue, {{"value", std::string(300, 'x')}}};
  EXPECT_LE(StatusDesc({Language::kEnglish, std::nullopt, {}, std::string(300, 'a'), alone},
                       Language::kEnglish)
                .size(),
            256U);
}

TEST(Progress, StatusDescIsCutAtACharacterBorder) {
  EXPECT_EQ(Further("").size(), 0U);
  EXPECT_EQ(Further(std::string(255, 'a')).size(), 255U);
  EXPECT_EQ(Further(std::string(256, 'a')).size(), 256U);
  EXPECT_EQ(Further(std::string(257, 'a')).size(), 256U);
  std::string umlauts;
  for (int i = 0; i < 257; ++i) umlauts += "\xC3\xA4";
  EXPECT_EQ(Further(umlauts).size(), 512U);
}

}  // namespace
}  // namespace bridge
