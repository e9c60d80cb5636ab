// common/der.txt and common/ratio.txt, both ways.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/real.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/certificate_extensions.h"
#include "setcore/messages/codes.h"
#include "setcore/messages/common.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/wrapper.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

// Decodes as T and encodes again; nothing if it is refused.
template <class T>
Result<Octets> Again(OctetView octets) {
  const Result<T> value = der::Decode<T>(octets);
  if (!value) return tl::unexpected<Error>(value.error());
  return der::Encode(*value);
}

using Codec = std::function<Result<Octets>(OctetView)>;

const std::map<std::string, Codec>& Codecs() {
  static const auto& codecs = *new std::map<std::string, Codec>{
      {"MessageHeader", Again<msg::MessageHeader>},
      {"BrandID", Again<msg::BrandID>},
      {"FloatingPoint", Again<der::FloatingPoint>},
      {"CurrencyAmount", Again<msg::CurrencyAmount>},
      {"CertificateTypeSyntax", Again<msg::CertificateTypeSyntax>},
      {"CardCertRequiredSyntax", Again<msg::CardCertRequiredSyntax>},
      {"InstallRecurData", Again<msg::InstallRecurData>},
      {"CapToken", Again<msg::CapToken>},
      {"MerchData", Again<msg::MerchData>},
      {"AuthReqPayload", Again<msg::AuthReqPayload>},
      {"Error", Again<msg::ErrorMessage>},
      {"RRPID", Again<msg::RRPID>},
      {"Language", Again<msg::Language>},
      {"Date", Again<msg::Date>},
      {"CompletionCode", Again<msg::CompletionCode>},
  };
  return codecs;
}

TEST(DerVectors, EveryOkEncodingIsReadAndWrittenBack) {
  const auto file = vectors::Load("common/der.txt");
  int seen = 0;
  for (; file.Has("ok." + std::to_string(seen) + ".type"); ++seen) {
    const std::string name = "ok." + std::to_string(seen);
    const Octets octets = file.Hex(name + ".der");
    const auto again = Codecs().at(file.Text(name + ".type"))(octets);
    ASSERT_TRUE(again) << name << ": " << again.error().detail;
    EXPECT_EQ(*again, octets) << name;
  }
  EXPECT_EQ(seen, 19);
}

TEST(DerVectors, EveryBadEncodingIsRefusedAsDecodingFailure) {
  const auto file = vectors::Load("common/der.txt");
  int seen = 0;
  for (; file.Has("bad." + std::to_string(seen) + ".type"); ++seen) {
    const std::string name = "bad." + std::to_string(seen);
    const auto again = Codecs().at(file.Text(name + ".type"))(file.Hex(name + ".der"));
    ASSERT_FALSE(again) << name << " " << file.Text(name + ".why");
    EXPECT_EQ(again.error().code, ErrorCode::kDecodingFailure);
  }
  EXPECT_EQ(seen, 16);
}

TEST(DerVectors, TheOkValuesAreThoseOfTheVectors) {
  const auto file = vectors::Load("common/der.txt");
  const auto at = [&](int i) { return file.Hex("ok." + std::to_string(i) + ".der"); };
  EXPECT_EQ(der::Decode<msg::BrandID>(at(1))->Utf8(), "VISA");
  EXPECT_EQ(der::Decode<msg::BrandID>(at(2))->Utf8(), "\u65e5\u672c");
  const auto amount = der::Decode<msg::CurrencyAmount>(at(10));
  EXPECT_EQ(amount->currency, 840);
  EXPECT_EQ(amount->amount, 128);
  EXPECT_EQ(amount->amt_exp10, -2);
  EXPECT_EQ(der::Decode<msg::CertificateTypeSyntax>(at(12))->bits, 1U);
  EXPECT_EQ(der::Decode<msg::CertificateTypeSyntax>(at(13))->bits, 1U << 8);
  const auto recur = der::Decode<msg::InstallRecurData>(at(14));
  EXPECT_EQ(std::get<msg::InstallTotalTrans>(recur->install_recur_ind), 3);
  const auto error = der::Decode<msg::ErrorMessage>(at(18));
  EXPECT_EQ(std::get<msg::ErrorTBS>(error->value).error_code, ErrorCode::kSignatureRequired);
}

TEST(RatioVectors, EveryRatioIsTheNearestDouble) {
  const auto file = vectors::Load("common/ratio.txt");
  int seen = 0;
  for (; file.Has(std::to_string(seen) + ".ratio"); ++seen) {
    const std::string name = std::to_string(seen);
    const std::string ratio = file.Text(name + ".ratio");
    const auto slash = ratio.find('/');
    const auto real = der::NearestRatio(
        {std::stoll(ratio.substr(0, slash)), std::stoll(ratio.substr(slash + 1)), 0});
    ASSERT_TRUE(real) << ratio;
    EXPECT_EQ(der::MustEncode(*real), file.Hex(name + ".REAL")) << ratio;
    EXPECT_EQ(der::Decode<der::FloatingPoint>(file.Hex(name + ".REAL")).value(), *real);
  }
  EXPECT_GE(seen, 10);
}

TEST(RatioVectors, EveryAmountIsExpandedExactly) {
  const auto file = vectors::Load("common/ratio.txt");
  for (int i = 0; file.Has(std::to_string(i) + ".ratio"); ++i) {
    const std::string name = std::to_string(i);
    const auto real = der::Decode<der::FloatingPoint>(file.Hex(name + ".REAL"));
    ASSERT_TRUE(real);
    EXPECT_EQ(der::Expand(file.Text(name + ".amount"), *real).value_or("refused"),
              file.Text(name + ".expanded-amount"))
        << name;
  }
}

}  // namespace
}  // namespace setcore
