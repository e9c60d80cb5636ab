// The rules of single values, each at its bounds.
#include "bridge/wallet/profile_values.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bridge {
namespace {

TEST(ProfileValues, TextsAreTakenUpToTheirLongestOnly) {
  const struct {
    const TextRule& rule;
    std::size_t longest;
    std::string prefix;  // of a legal text
    std::string filler;  // one character
  } rows[] = {
      {rules::kWalletId, 32, "", "ü"},
      {rules::kInstrumentId, 32, "", "x"},
      {rules::kGatewayName, 32, "", "x"},
      {rules::kName, 128, "", "名"},
      {rules::kNarrative, 1024, "", "x"},
      {rules::kBrandId, 128, "", "x"},
      {rules::kOrgId, 128, "", "x"},
      {rules::kMerchantId, 30, "", "0"},
      {rules::kProtocolBrandId, 40, "", "x"},
      {rules::kProtocolBrandId, 64, "B::", "x"},
      {rules::kUrl, 512, "http://h/", "x"},
      {rules::kSecureUrl, 512, "https://h/", "x"},
      {rules::kHost, 253, "", "h"},
      {rules::kTransportId, 255, "", "t"},
      {rules::kBin, 12, "", "4"},
      {rules::kPan, 19, "", "4"},
      {rules::kFileName, 1024, "", "f"},
  };
  for (const auto& row : rows) {
    const auto of = [&](std::size_t characters) {
      std::string text = row.prefix;
      while (Characters(text) < characters) text += row.filler;
      return text;
    };
    EXPECT_FALSE(row.rule.legal("")) << row.rule.what;
    EXPECT_TRUE(row.rule.legal(of(row.prefix.size() + 1))) << row.rule.what;
    EXPECT_TRUE(row.rule.legal(of(row.longest - 1))) << row.rule.what;
    EXPECT_TRUE(row.rule.legal(of(row.longest))) << row.rule.what;
    EXPECT_FALSE(row.rule.legal(of(row.longest + 1))) << row.rule.what;
  }
}

TEST(ProfileValues, EachRuleKnowsGoodFromBad) {
  const struct {
    const TextRule& rule;
    std::string_view text;
    bool legal;
  } rows[] = {
      {rules::kLanguage, "en", true},
      {rules::kLanguage, "de-CH-1996", true},
      {rules::kLanguage, "i-klingon", true},
      {rules::kLanguage, "abcdefgh", true},
      {rules::kLanguage, "abcdefghi", false},
      {rules::kLanguage, "en-abcdefgh", true},
      {rules::kLanguage, "en-abcdefghi", false},
      {rules::kLanguage, "en-", false},
      {rules::kLanguage, "-en", false},
      {rules::kLanguage, "e1", false},
      {rules::kLanguage, "en_US", false},
      {rules::kLanguage, "aaaaaaaa-bbbbbbbb-cccccccc-ddddddd", true},     // 34
      {rules::kLanguage, "aaaaaaaa-bbbbbbbb-cccccccc-dddddddd", true},    // 35
      {rules::kLanguage, "aaaaaaaa-bbbbbbbb-cccccccc-ddddddd-e", false},  // 36
      {rules::kWalletId, " a", false},
      {rules::kWalletId, "a ", false},
      {rules::kWalletId, "a\nb", false},
      {rules::kWalletId, "a\x7f", false},
      {rules::kProtocolBrandId, "VISA:Gold:Shop", true},
      {rules::kProtocolBrandId, "VISA::Shop", true},
      {rules::kProtocolBrandId, "SET:VISA::Shop", false},
      {rules::kProtocolBrandId, "::Shop", false},
      {rules::kUrl, "ftp://h/x", false},
      {rules::kUrl, "http:///x", false},
      {rules::kUrl, "http://", false},
      {rules::kUrl, "http://h/a b", false},
      {rules::kSecureUrl, "http://h", false},
      {rules::kHost, "gateway.example", true},
      {rules::kHost, "2001:db8::1", true},
      {rules::kHost, "a/b", false},
      {rules::kTransportId, "a|b", false},
      {rules::kTransportId, " a", false},
      {rules::kTransportId, "a\xc3\xbc", false},
      {rules::kCurrency, "USD", true},
      {rules::kCurrency, "JPY", true},
      {rules::kCurrency, "usd", false},
      {rules::kCurrency, "US", false},
      {rules::kCurrency, "USDX", false},
      {rules::kCurrency, "ZQX", false},
      {rules::kPan, "40000a", false},
      {rules::kExpiry, "203001", true},
      {rules::kExpiry, "203012", true},
      {rules::kExpiry, "203000", false},
      {rules::kExpiry, "203013", false},
      {rules::kExpiry, "20301", false},
      {rules::kExpiry, "2030123", false},
      {rules::kExpiry, "2030-1", false},
  };
  for (const auto& row : rows) EXPECT_EQ(row.rule.legal(row.text), row.legal) << row.text;
}

TEST(ProfileValues, HexadecimalDigitsComeInPairs) {
  const auto octets = FromHex("00fFAa19");
  ASSERT_TRUE(octets);
  ASSERT_EQ(octets->size(), 4U);
  EXPECT_EQ(octets->data()[0], 0x00);
  EXPECT_EQ(octets->data()[1], 0xff);
  EXPECT_EQ(octets->data()[2], 0xaa);
  EXPECT_EQ(octets->data()[3], 0x19);
  for (const std::string_view wrong : {"0", "0g", " 00", "0x00", "00 "}) {
    EXPECT_FALSE(FromHex(wrong)) << wrong;
  }
}

TEST(ProfileValues, AmountsHaveNoMoreDecimalsThanTheirCurrency) {
  EXPECT_EQ(AmountDecimals("USD", "5"), 0U);
  EXPECT_EQ(AmountDecimals("USD", "5.0"), 1U);
  EXPECT_EQ(AmountDecimals("USD", "5.00"), 2U);
  EXPECT_FALSE(AmountDecimals("USD", "5.000"));
  EXPECT_EQ(AmountDecimals("JPY", "5"), 0U);
  EXPECT_FALSE(AmountDecimals("JPY", "5.0"));
  EXPECT_EQ(AmountDecimals("KWD", "5.000"), 3U);
  EXPECT_FALSE(AmountDecimals("KWD", "5.0000"));
  for (const std::string_view wrong : {"", "-1", "1,0", "1e3", "+1", " 1"}) {
    EXPECT_FALSE(AmountDecimals("USD", wrong)) << wrong;
  }
}

}  // namespace
}  // namespace bridge
