#include "bridge/translate/order_hash.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "vectors/vector_file.h"

namespace bridge {
namespace {

std::string Utf8(const setcore::Octets& octets) { return {octets.begin(), octets.end()}; }

TEST(OrderHash, EveryVectorHashesAsItSays) {
  const auto file = vectors::Read(OPB_VECTORS "/common/order-hash.txt");
  int cases = 0;
  for (const auto& line : file.lines()) {
    if (!line.name.ends_with(".count")) continue;
    const std::string name = line.name.substr(0, line.name.size() - 6);
    std::vector<OrderContent> contents;
    for (int i = 0; i < file.Int(name + ".count"); ++i) {
      const std::string content = name + ".content." + std::to_string(i);
      contents.push_back({std::nullopt, Utf8(file.Hex(content + ".data"))});
      if (file.Has(content + ".name")) contents.back().name = Utf8(file.Hex(content + ".name"));
    }
    EXPECT_EQ(OrderHash(contents), file.Text(name + ".od")) << name;
    EXPECT_TRUE(IsOrderHash(OrderHash(contents)));
    ++cases;
  }
  EXPECT_EQ(cases, 14);
}

TEST(OrderHash, TheOrderOfNamedContentsDoesNotMatter) {
  std::vector<OrderContent> contents = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  const std::string expected = OrderHash(contents);
  while (std::next_permutation(contents.begin(), contents.end(),
                               [](const auto& l, const auto& r) { return l.name < r.name; })) {
    EXPECT_EQ(OrderHash(contents), expected);
  }
}

TEST(OrderHash, ContentsOfEqualNameKeepTheirOrder) {
  const std::vector<OrderContent> one = {{"a", "1"}, {"a", "2"}};
  const std::vector<OrderContent> other = {{"a", "2"}, {"a", "1"}};
  EXPECT_NE(OrderHash(one), OrderHash(other));
}

TEST(OrderHash, AnyChangeOfNameOrderOrTextChangesIt) {
  const std::string base = OrderHash(std::vector<OrderContent>{{"a", "1"}, {"b", "2"}});
  EXPECT_NE(OrderHash(std::vector<OrderContent>{{"b", "1"}, {"a", "2"}}), base);
  EXPECT_NE(OrderHash(std::vector<OrderContent>{{"a", "1 "}, {"b", "2"}}), base);
  EXPECT_NE(OrderHash(std::vector<OrderContent>{{std::nullopt, "12"}}), base);
}

TEST(OrderHash, DuplicateNamesAreFound) {
  EXPECT_TRUE(HasDuplicateNames(std::vector<OrderContent>{{"a", ""}, {"b", ""}, {"a", ""}}));
  EXPECT_FALSE(HasDuplicateNames(std::vector<OrderContent>{{"a", ""}, {"A", ""}}));
  EXPECT_FALSE(HasDuplicateNames(std::vector<OrderContent>{{{}, ""}, {{}, ""}}));
}

TEST(OrderHash, AnOrderHashIsTwentyOctetsInBase64) {
  EXPECT_TRUE(IsOrderHash("2jmj7l5rSw0yVb/vlWAYkK/YBwk="));
  EXPECT_FALSE(IsOrderHash("2jmj7l5rSw0yVb/vlWAYkK/YBwkA"));
  EXPECT_FALSE(IsOrderHash("2jmj7l5rSw0yVb/vlWAYkK/YBwl="));
  EXPECT_FALSE(IsOrderHash("2jmj7l5rSw0yVb/vlWAYkK/YBwk"));
  EXPECT_FALSE(IsOrderHash("2jmj7l5rSw0yVb/vlWAYkK/YBwk= "));
  EXPECT_FALSE(IsOrderHash(""));
}

}  // namespace
}  // namespace bridge
