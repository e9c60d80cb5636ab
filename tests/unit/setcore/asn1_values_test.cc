// Times against the calendar, ratios against exact arithmetic.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "setcore/asn1/codec.h"
#include "setcore/asn1/real.h"
#include "setcore/asn1/time_text.h"
#include "vectors/vector_file.h"

namespace setcore {
namespace {

TEST(TimeText, KnownInstants) {
  EXPECT_EQ(der::ParseGeneralizedTime("19700101000000Z"), 0);
  EXPECT_EQ(der::ParseGeneralizedTime("20260115120000Z"), 1768478400);
  EXPECT_EQ(der::ParseGeneralizedTime("19691231235959Z"), -1);
  EXPECT_EQ(der::ParseUtcTime("260115120000Z"), 1768478400);
  EXPECT_EQ(der::ParseUtcTime("500101000000Z"), der::ParseGeneralizedTime("19500101000000Z"));
  EXPECT_EQ(der::ParseUtcTime("491231235959Z"), der::ParseGeneralizedTime("20491231235959Z"));
}

TEST(TimeText, TheCalendarDecides) {
  for (const char* good : {"20240229000000Z", "20000229000000Z", "20261231235959Z",
                           "00010101000000Z", "99991231235959Z"}) {
    const auto time = der::ParseGeneralizedTime(good);
    ASSERT_TRUE(time) << good;
    EXPECT_EQ(der::FormatGeneralizedTime(*time), good);
  }
  for (const char* bad :
       {"20260229000000Z", "21000229000000Z", "20260231000000Z", "20260431000000Z",
        "20261301000000Z", "20260001000000Z", "20260100000000Z", "20260132000000Z",
        "20260101240000Z", "20260101006000Z", "20260101000060Z", "00000101000000Z",
        "2026011512000 Z", "20260115120000z", "20260115120000", "+2260115120000Z", ""}) {
    EXPECT_FALSE(der::ParseGeneralizedTime(bad)) << bad;
  }
  EXPECT_FALSE(der::ParseUtcTime("260230120000Z"));
  EXPECT_FALSE(der::ParseUtcTime("2601151200Z"));
}

TEST(TimeText, YearsOutsideTheFormsAreNotWritten) {
  const Time first = *der::ParseGeneralizedTime("00010101000000Z");
  const Time last = *der::ParseGeneralizedTime("99991231235959Z");
  EXPECT_TRUE(der::FormatGeneralizedTime(first));
  EXPECT_FALSE(der::FormatGeneralizedTime(first - 1));
  EXPECT_TRUE(der::FormatGeneralizedTime(last));
  EXPECT_FALSE(der::FormatGeneralizedTime(last + 1));
  EXPECT_EQ(der::FormatUtcTime(*der::ParseGeneralizedTime("20491231235959Z")), "491231235959Z");
  EXPECT_FALSE(der::FormatUtcTime(*der::ParseGeneralizedTime("20500101000000Z")));
  EXPECT_FALSE(der::FormatUtcTime(*der::ParseGeneralizedTime("19491231235959Z")));
  EXPECT_FALSE(der::Encode(der::Date{last + 1}));
}

TEST(TimeText, EveryDayOfFourHundredYearsComesBack) {
  const Time start = *der::ParseGeneralizedTime("18000101000000Z");
  for (int day = 0; day < 146097; ++day) {
    const Time time = start + day * 86400LL + day % 86400;
    const auto text = der::FormatGeneralizedTime(time);
    ASSERT_TRUE(text);
    ASSERT_EQ(der::ParseGeneralizedTime(*text), time) << *text;
  }
}

// Contents octets of a double, the slow way.
Octets Reference(double value) {
  if (value == 0) return {};
  int exponent = 0;
  auto mantissa = static_cast<std::uint64_t>(std::ldexp(std::frexp(value, &exponent), 53));
  exponent -= 53;
  while (mantissa % 2 == 0) {
    mantissa /= 2;
    ++exponent;
  }
  Octets octets{0x80, static_cast<std::uint8_t>(exponent)};
  Octets reversed;
  for (; mantissa != 0; mantissa /= 256) reversed.push_back(static_cast<std::uint8_t>(mantissa));
  octets.insert(octets.end(), reversed.rbegin(), reversed.rend());
  return octets;
}

TEST(Ratio, EqualsTheDivisionOfDoublesWhereThatIsExactlyRounded) {
  std::uint64_t state = 42;
  const auto next = [&state] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::int64_t>(state >> 24 & 0xFFFFFFFFF);  // below 2**53: exact as double
  };
  for (int i = 0; i < 20000; ++i) {
    const std::int64_t num = next();
    const std::int64_t den = next() % 100000 + 1;
    const auto ratio = der::NearestRatio({num, den, 0});
    ASSERT_TRUE(ratio);
    ASSERT_EQ(ratio->contents, Reference(static_cast<double>(num) / static_cast<double>(den)))
        << num << "/" << den;
  }
}

TEST(Ratio, ExponentsOfTheAmountsAreExact) {
  EXPECT_EQ(der::NearestRatio({1, 1, -1}), der::NearestRatio({1, 10, 0}));
  EXPECT_EQ(der::NearestRatio({150, 15, -2}), der::NearestRatio({1, 10, 0}));
  EXPECT_EQ(der::NearestRatio({INT64_MAX, INT64_MAX, 0}), der::NearestRatio({1, 1, 0}));
  EXPECT_TRUE(der::NearestRatio({INT64_MAX, 1, 18}));
  EXPECT_TRUE(der::NearestRatio({1, INT64_MAX, -18}));
  EXPECT_FALSE(der::NearestRatio({1, 1, 19}));
  EXPECT_FALSE(der::NearestRatio({1, 1, -19}));
  EXPECT_FALSE(der::NearestRatio({1, 0, 0}));
  EXPECT_FALSE(der::NearestRatio({-1, 1, 0}));
  EXPECT_EQ(der::NearestRatio({0, 5, 0})->contents, Octets{});
}

std::string Expanded(const std::string& amount, std::int64_t num, std::int64_t den) {
  return der::Expand(amount, *der::NearestRatio({num, den, 0})).value_or("refused");
}

TEST(Expand, RoundsTheExactProductHalfToEven) {
  EXPECT_EQ(Expanded("0.05", 1, 10), "0.01");  // D-16: the double of 1/10 is above 1/10
  EXPECT_EQ(Expanded("0.01", 1, 2), "0.00");   // a tie goes to even
  EXPECT_EQ(Expanded("0.03", 1, 2), "0.02");
  EXPECT_EQ(Expanded("0.05", 1, 2), "0.02");
  EXPECT_EQ(Expanded("157.53", 1, 1), "157.53");
  EXPECT_EQ(Expanded("999999999999999999", 1, 1), "999999999999999999");
  EXPECT_EQ(Expanded("1", 0, 1), "0");
}

TEST(Expand, RefusesWhatIsNoAmount) {
  const auto one = *der::NearestRatio({1, 1, 0});
  for (const char* bad : {"", ".", "-1", "1.2.3", "1e3", "1,0", "1234567890123456789"}) {
    EXPECT_FALSE(der::Expand(bad, one)) << bad;
  }
  EXPECT_TRUE(der::Expand("123456789012345678", one));
}

TEST(Expand, SurvivesEveryRatioThatDerAllows) {
  const auto expand = [](const char* contents) {
    return der::Expand("1.00", der::FloatingPoint{vectors::FromHex(contents)});
  };
  EXPECT_FALSE(expand("c00001"));                     // negative
  EXPECT_FALSE(expand("807f01"));                     // 2**127: beyond 128 bits
  EXPECT_EQ(expand("808001").value_or("-"), "0.00");  // 2**-128
  EXPECT_EQ(expand("81800001").value_or("-"), "0.00");
  EXPECT_FALSE(expand("817fff01"));
  EXPECT_FALSE(expand("827fffff01"));
  EXPECT_EQ(expand("8280000001").value_or("-"), "0.00");
  EXPECT_EQ(expand("80c0ffffffffffffffff").value_or("-"), "1.00");  // just below 1
  EXPECT_FALSE(expand("80c001ffffffffffffffff"));                   // a mantissa of 65 bits
}

TEST(Real, OnlyTheOneDerFormOfBaseTwoIsAccepted) {
  for (const char* good : {"", "800001", "80ff01", "c00001", "81008001", "8203000001"}) {
    EXPECT_EQ(der::RealFault(vectors::FromHex(good)), nullptr) << good;
  }
  for (const char* bad :
       {"80", "8000", "800002", "80000001", "8100 0101", "81ff8001", "900001", "840001", "40", "41",
        "42", "43", "033130", "83010001", "83040000000101", "8304"}) {
    std::string hex = bad;
    std::erase(hex, ' ');
    EXPECT_NE(der::RealFault(vectors::FromHex(hex)), nullptr) << bad;
  }
}

}  // namespace
}  // namespace setcore
