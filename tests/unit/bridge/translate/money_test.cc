#include "bridge/translate/money.h"

#include <gtest/gtest.h>

#include "setcore/asn1/codec.h"
#include "setcore/order.h"
#include "vectors/vector_file.h"

namespace bridge {
namespace {

using schema::FaultCode;

vectors::File Vectors() { return vectors::Read(OPB_VECTORS "/common/purchamt.txt"); }

TEST(Money, EveryVectorTranslatesAndIsWrittenAsSetPurchAmt) {
  const auto file = Vectors();
  int cases = 0;
  for (; file.Has(std::to_string(cases) + ".amount"); ++cases) {
    const std::string n = std::to_string(cases);
    const auto value = ToPurchAmt(kIso4217A, file.Text(n + ".curr-code"), file.Text(n + ".amount"));
    ASSERT_TRUE(value) << n;
    EXPECT_EQ(setcore::initiation::FormatPurchAmt(*value), file.Text(n + ".purch-amt"));
    EXPECT_EQ(setcore::der::Encode(setcore::AmountOf(*value)), file.Hex(n + ".CurrencyAmount"));
    EXPECT_EQ(CurrencyCode(value->currency), file.Text(n + ".curr-code"));
  }
  EXPECT_EQ(cases, 11);
}

TEST(Money, EveryRefusedVectorIsAnIllegalAmount) {
  const auto file = Vectors();
  int cases = 0;
  for (; file.Has("refused." + std::to_string(cases)); ++cases) {
    const auto value = ToPurchAmt(kIso4217A, "USD", file.Text("refused." + std::to_string(cases)));
    ASSERT_FALSE(value) << cases;
    EXPECT_EQ(value.error().code, FaultCode::kAttValIllegal);
    EXPECT_EQ(value.error().att_name, "Amount");
  }
  EXPECT_EQ(cases, 8);
}

TEST(Money, AnAmountHasAtMostEighteenDigits) {
  EXPECT_TRUE(IsAmount("12345678901234567"));
  EXPECT_TRUE(IsAmount("123456789012345678"));
  EXPECT_FALSE(IsAmount("1234567890123456789"));
  EXPECT_TRUE(IsAmount(".123456789012345678"));
  EXPECT_FALSE(IsAmount("0.123456789012345678"));
}

TEST(Money, TheFirstIllegalAttributeIsNamed) {
  EXPECT_EQ(ToPurchAmt("IOTP", "usd", "x").error().att_name, "CurrCodeType");
  EXPECT_EQ(ToPurchAmt(kIso4217A, "usd", "x").error().att_name, "CurrCode");
  EXPECT_EQ(ToPurchAmt(kIso4217A, "USD", "x").error().att_name, "Amount");
}

TEST(Money, MisprintsOfTheCodeTypeAreRead) {
  for (const char* type : {"ISO4217-A", "ISO-4217-A", "ISO5217-A"}) EXPECT_TRUE(IsIso4217A(type));
  for (const char* type : {"", "iso4217-a", "ISO4217-N", "IOTP"}) EXPECT_FALSE(IsIso4217A(type));
}

TEST(Money, CurrencyCodesAreThreeCapitalsThatIsoNumbers) {
  EXPECT_EQ(CurrencyNumber("USD"), 840);
  EXPECT_EQ(CurrencyNumber("AUD"), 36);
  for (const char* code : {"", "US", "USDX", "usd", "US1", "QQQ", "U\xC3\x9C"}) {
    EXPECT_EQ(CurrencyNumber(code), std::nullopt) << code;
  }
  EXPECT_EQ(CurrencyCode(36), "AUD");
  EXPECT_EQ(CurrencyCode(1), std::nullopt);
}

TEST(Money, AmountTextIsThePlainDecimal) {
  EXPECT_EQ(AmountText({840, 12950, -2}), "129.50");
  EXPECT_EQ(AmountText({840, 1, -3}), "0.001");
  EXPECT_EQ(AmountText({840, 0, -2}), "0.00");
  EXPECT_EQ(AmountText({392, 1000, 0}), "1000");
  EXPECT_EQ(AmountText({392, 5, 2}), "500");
  EXPECT_EQ(AmountText({392, 0, 2}), "0");
}

TEST(Money, AmountTextAndTranslationAreInverse) {
  for (std::uint64_t amount : {0ULL, 1ULL, 9ULL, 10ULL, 12950ULL, 99999999999999999ULL}) {
    for (int exponent = 0; exponent >= -16; --exponent) {
      const PurchAmt value{840, amount, exponent};
      const std::string text = AmountText(value);
      if (!IsAmount(text)) continue;
      EXPECT_EQ(ToPurchAmt(kIso4217A, "USD", text), value) << text;
    }
  }
}

TEST(Money, AmountsCompareByValue) {
  EXPECT_EQ(CompareAmounts("1.5", "01.50"), std::strong_ordering::equal);
  EXPECT_EQ(CompareAmounts("0", ".0"), std::strong_ordering::equal);
  EXPECT_EQ(CompareAmounts("5.", "5"), std::strong_ordering::equal);
  EXPECT_EQ(CompareAmounts("9.99", "10"), std::strong_ordering::less);
  EXPECT_EQ(CompareAmounts("0.09", "0.1"), std::strong_ordering::less);
  EXPECT_EQ(CompareAmounts("0.011", "0.01"), std::strong_ordering::greater);
  EXPECT_EQ(CompareAmounts("123456789012345678", "99999999999999999"),
            std::strong_ordering::greater);
}

TEST(Money, TheReceiptAmountKeepsTheDecimalsOfTheAmount) {
  const auto file = vectors::Read(OPB_VECTORS "/common/ratio.txt");
  int cases = 0;
  for (; file.Has(std::to_string(cases) + ".amount"); ++cases) {
    const std::string n = std::to_string(cases);
    const setcore::Octets real = file.Hex(n + ".REAL");
    const setcore::Octets contents(real.begin() + 2, real.end());
    EXPECT_EQ(ReceiptAmount(file.Text(n + ".amount"), contents), file.Text(n + ".expanded-amount"));
  }
  EXPECT_EQ(cases, 10);
}

TEST(Money, WithoutARatioTheReceiptShowsTheAmount) {
  EXPECT_EQ(ReceiptAmount("129.50", std::nullopt), "129.50");
}

}  // namespace
}  // namespace bridge
