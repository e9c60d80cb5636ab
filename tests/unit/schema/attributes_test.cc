#include "schema/attributes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace schema {
namespace {

using enum AttributeKind;

TEST(Attributes, TheTableIsSortedAndEachElementIsFound) {
  const auto elements = Elements();
  EXPECT_TRUE(std::is_sorted(elements.begin(), elements.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const ElementRule& rule : elements) EXPECT_EQ(FindElement(rule.name), &rule) << rule.name;
  EXPECT_EQ(FindElement("Foo"), nullptr);
  EXPECT_EQ(FindElement(""), nullptr);
}

TEST(Attributes, DefaultsConformToTheirKind) {
  for (const ElementRule& rule : Elements()) {
    for (const AttributeRule& attribute : rule.attributes) {
      if (attribute.default_value.empty()) continue;
      EXPECT_TRUE(Conforms(attribute.kind, attribute.default_value)) << attribute.name;
      EXPECT_EQ(attribute.presence, Presence::kOptional) << attribute.name;
    }
  }
}

struct Case {
  AttributeKind kind;
  std::string_view value;
  bool conforms;
};

TEST(Attributes, ValuesAreJudgedByTheirKind) {
  constexpr Case kCases[] = {
      {kText, "", true},
      {kFilled, "", false},
      {kFilled, "x", true},
      {kToken, "", false},
      {kToken, "a b", false},
      {kToken, "-a.b:c_9", true},
      {kToken, "\xC3\xA9", true},
      {kToken, "\xC3\x97", false},
      {kTokens, "", false},
      {kTokens, "en de-CH", true},
      {kTokens, "en !", false},
      {kPaymentName, "Payment:SET-OD", true},
      {kPaymentName, "Payment:", false},
      {kPaymentName, "SET-OD", false},
      {kPaymentName, "payment:SET-OD", false},
      {kAmount, "245.35", true},
      {kAmount, "0.001", true},
      {kAmount, ".5", true},
      {kAmount, "5.", true},
      {kAmount, "", false},
      {kAmount, ".", false},
      {kAmount, "1.2.3", false},
      {kAmount, "-1", false},
      {kAmount, "1,5", false},
      {kAmount, " 1", false},
      {kAmount, "1e3", false},
      {kNumber, "0", true},
      {kNumber, "999999999", true},
      {kNumber, "1000000000", false},
      {kNumber, "", false},
      {kNumber, "-1", false},
      {kPercent, "0", true},
      {kPercent, "99", true},
      {kPercent, "100", true},
      {kPercent, "101", false},
      {kPercent, "", false},
      {kPayDirection, "Debit", true},
      {kPayDirection, "debit", false},
      {kProcessState, "CompletedOk", true},
      {kProcessState, "CompletedOK", false},
      {kTransform, "BASE64", true},
      {kContStatus, "", false},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Conforms(c.kind, c.value), c.conforms) << static_cast<int>(c.kind) << " " << c.value;
  }
}

TEST(Attributes, MomentsAreThoseOfTheCalendar) {
  for (const std::string_view good :
       {"2026-11-21T12:34:56.789Z", "2026-11-21T12:34:56Z", "2026-11-21T12:34Z",
        "2026-11-21T12:34:56", "2026-11-21T12:34:56+01:00", "2026-11-21T12:34:56-08",
        "2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2016-12-31T23:59:60Z"}) {
    EXPECT_TRUE(Conforms(kMoment, good)) << good;
  }
  for (const std::string_view bad : {"",
                                     "2026",
                                     "2026-11-21",
                                     "2026-11-21 12:34:56Z",
                                     "2026-13-01T00:00:00Z",
                                     "2026-00-01T00:00:00Z",
                                     "2026-11-31T00:00:00Z",
                                     "2026-11-00T00:00:00Z",
                                     "2023-02-29T00:00:00Z",
                                     "1900-02-29T00:00:00Z",
                                     "2026-11-21T24:00:00Z",
                                     "2026-11-21T12:60:00Z",
                                     "2026-11-21T12:34:61Z",
                                     "2026-11-21T12:34:56.Z",
                                     "2026-11-21T12:34:56Zx",
                                     "2026-11-21T12:34:56+24:00",
                                     "2026-11-21T12:34:56+01:60",
                                     "26-11-21T12:34:56Z",
                                     "2026-11-21T12:34:56-0",
                                     "+026-11-21T12:34:56Z"}) {
    EXPECT_FALSE(Conforms(kMoment, bad)) << bad;
  }
}

}  // namespace
}  // namespace schema
