#include "setcore/initiation/purch_amt.h"

#include <gtest/gtest.h>

namespace setcore::initiation {
namespace {

TEST(PurchAmt, IsThreeIntegersWithOneSpaceBetweenThem) {
  EXPECT_EQ(FormatPurchAmt({840, 12950, -2}), "840 12950 -2");
  EXPECT_EQ(FormatPurchAmt({36, 0, 0}), "036 0 0");
  EXPECT_EQ(ParsePurchAmt("840 12950 -2"), (PurchAmt{840, 12950, -2}));
}

TEST(PurchAmt, ReadsWhatItWrites) {
  for (const std::uint16_t currency : {1, 36, 840, 999}) {
    for (const std::uint64_t amount : {std::uint64_t{0}, std::uint64_t{1}, kMaxAmount}) {
      for (int exponent = kMinExponent; exponent <= kMaxExponent; ++exponent) {
        const PurchAmt value{currency, amount, exponent};
        EXPECT_EQ(ParsePurchAmt(FormatPurchAmt(value)), value);
      }
    }
  }
}

TEST(PurchAmt, HasLimits) {
  EXPECT_TRUE(ParsePurchAmt("001 1 0"));
  EXPECT_FALSE(ParsePurchAmt("000 1 0"));
  EXPECT_TRUE(ParsePurchAmt("840 999999999999999999 0"));
  EXPECT_FALSE(ParsePurchAmt("840 1000000000000000000 0"));
  EXPECT_TRUE(ParsePurchAmt("840 1 -18"));
  EXPECT_FALSE(ParsePurchAmt("840 1 -19"));
  EXPECT_TRUE(ParsePurchAmt("840 1 18"));
  EXPECT_FALSE(ParsePurchAmt("840 1 19"));
}

TEST(PurchAmt, NothingElseIsRead) {
  for (const char* text : {"", "840", "840 1", "840 1 ", "840  1 0", " 840 1 0", "840 1 0 ",
                           "84 1 0", "0840 1 0", "840 -1 0", "840 +1 0", "840 1 +1", "840 1 -0",
                           "840 1 -", "840 1 - 1", "840 1.0 0", "USD 1 0", "840\t1\t0"}) {
    EXPECT_FALSE(ParsePurchAmt(text)) << text;
  }
}

}  // namespace
}  // namespace setcore::initiation
