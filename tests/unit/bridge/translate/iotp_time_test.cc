#include "bridge/translate/iotp_time.h"

#include <gtest/gtest.h>

#include <vector>

namespace bridge {
namespace {

using schema::FaultCode;

constexpr std::int64_t kNoon = 1768478400000;  // 2026-01-15T12:00:00Z

TEST(IotpTime, EveryFormOfTheSameMomentIsRead) {
  for (const char* text :
       {"2026-01-15T12:00:00Z", "2026-01-15T12:00:00", "2026-01-15T12:00:00.000Z",
        "2026-01-15T12:00:00.0Z", "2026-01-15T13:00:00.000Z+1", "2026-01-15T13:00:00.000Z+01",
        "2026-01-15T13:00:00+01:00", "2026-01-15T06:30:00-05:30", "2026-01-16T02:00:00+14",
        "2026-01-15T12:00:00.0009Z"}) {
    EXPECT_EQ(ParseIotpTime(text), kNoon) << text;
  }
}

TEST(IotpTime, WhatIsNoTimeIsRefused) {
  for (const char* text :
       {"", "2026-01-15", "2026-01-15 12:00:00Z", "2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z",
        "2026-01-15T24:00:00Z", "2026-01-15T12:60:00Z", "2026-01-15T12:00:60Z",
        "2026-01-15T12:00:00.Z", "2026-01-15T12:00:00ZZ", "2026-01-15T12:00:00+15",
        "2026-01-15T12:00:00+1:60", "2026-01-15T12:00:00Z ", "1969-12-31T23:59:59Z",
        "2026-1-15T12:00:00Z", "+026-01-15T12:00:00Z", "2026-01-15T12:00:00+"}) {
    EXPECT_EQ(ParseIotpTime(text), std::nullopt) << text;
  }
  EXPECT_TRUE(ParseIotpTime("2024-02-29T12:00:00Z"));
  EXPECT_TRUE(ParseIotpTime("1970-01-01T00:00:00Z"));
}

TEST(IotpTime, WritingAndReadingAreInverse) {
  EXPECT_EQ(FormatIotpTime(kNoon + 7), "2026-01-15T12:00:00.007Z");
  for (std::int64_t ms = 0; ms < 4'000'000'000'000; ms += 98'765'432'109) {
    EXPECT_EQ(ParseIotpTime(FormatIotpTime(ms)), ms);
  }
}

TEST(IotpTime, AnOfferHoldsFromOkFromToOkTo) {
  const std::string noon = FormatIotpTime(kNoon);
  const std::string before = FormatIotpTime(kNoon - 1);
  const std::string after = FormatIotpTime(kNoon + 1);
  EXPECT_EQ(CheckValidity(noon, noon, kNoon, "x"), std::nullopt);
  EXPECT_EQ(CheckValidity(before, after, kNoon, "x"), std::nullopt);

  struct Row {
    std::string from, to;
    FaultCode code;
    std::string attribute;
  };
  for (const Row& row : std::vector<Row>{{after, after, FaultCode::kValueTooLarge, "OkFrom"},
                                         {before, before, FaultCode::kValueTooSmall, "OkTo"},
                                         {after, before, FaultCode::kElInconsistent, "OkFrom"},
                                         {"soon", after, FaultCode::kAttValIllegal, "OkFrom"},
                                         {before, "", FaultCode::kAttValIllegal, "OkTo"}}) {
    const auto fault = CheckValidity(row.from, row.to, kNoon, "StartPaymentConsumer");
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->code, row.code);
    EXPECT_EQ(fault->att_name, row.attribute);
    EXPECT_EQ(fault->element_type, "StartPaymentConsumer");
  }
}

}  // namespace
}  // namespace bridge
