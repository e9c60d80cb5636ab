#include "bridge/translate/brand_id.h"

#include <gtest/gtest.h>

#include "vectors/vector_file.h"

namespace bridge {
namespace {

ProtocolBrandId Id(std::string_view text) {
  const auto parsed = ParseProtocolBrandId(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? parsed->id : ProtocolBrandId();
}

// "a -> b" or "a -> b -> c"
std::vector<std::string> Arrows(const std::string& line) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line.compare(i, 4, " -> ") == 0) {
      parts.emplace_back();
      i += 3;
    } else {
      parts.back() += line[i];
    }
  }
  return parts;
}

TEST(BrandId, EveryVectorMatchesAsItSays) {
  const auto file = vectors::Read(OPB_VECTORS "/common/brand-matching.txt");
  int cases = 0;
  for (; file.Has(std::to_string(cases)); ++cases) {
    const auto parts = Arrows(file.Text(std::to_string(cases)));
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(Matches(Id(parts[0]), Id(parts[1])), parts[2] == "yes") << cases;
  }
  EXPECT_EQ(cases, 56);
}

TEST(BrandId, EverySetBrandVectorIsMade) {
  const auto file = vectors::Read(OPB_VECTORS "/common/brand-matching.txt");
  int cases = 0;
  for (const auto& [kind, name, value] : file.lines()) {
    if (name != "set-brand") continue;
    const auto parts = Arrows(value);
    EXPECT_EQ(Id(parts[0]).SetBrand(), parts[1]);
    ++cases;
  }
  EXPECT_EQ(cases, 6);
}

TEST(BrandId, EveryRefusedVectorIsRefused) {
  const auto file = vectors::Read(OPB_VECTORS "/common/brand-matching.txt");
  int cases = 0;
  for (const auto& [kind, name, value] : file.lines()) {
    if (name != "refused") continue;
    EXPECT_FALSE(ParseProtocolBrandId(value)) << value;
    ++cases;
  }
  EXPECT_EQ(cases, 4);
}

TEST(BrandId, TrailingColonsAreDroppedAndReported) {
  for (const char* text : {"VISA:", "VISA::", "VISA:Gold:"}) {
    ASSERT_TRUE(ParseProtocolBrandId(text)) << text;
    EXPECT_TRUE(ParseProtocolBrandId(text)->trailing_colons);
  }
  EXPECT_FALSE(ParseProtocolBrandId("VISA::UC")->trailing_colons);
  EXPECT_FALSE(ParseProtocolBrandId("VI\nSA"));
}

TEST(BrandId, TextIsTheSpellingThatWasParsed) {
  for (const char* text : {"VISA", "VISA:Gold", "VISA:Gold:WalMart", "VISA::UC_VISA"}) {
    EXPECT_EQ(Id(text).Text(), text);
  }
}

TEST(BrandId, ACertificateMatchesInAllThreeParts) {
  EXPECT_TRUE(MatchesCertificate(Id("VISA"), "VISA", ""));
  EXPECT_TRUE(MatchesCertificate(Id("VISA"), "visa:Gold", "UC"));
  EXPECT_TRUE(MatchesCertificate(Id("VISA:Gold"), "VISA:Gold", "UC"));
  EXPECT_TRUE(MatchesCertificate(Id("VISA:Gold:UC"), "VISA:Gold", "UC"));
  EXPECT_FALSE(MatchesCertificate(Id("VISA"), "MasterCard", ""));
  EXPECT_FALSE(MatchesCertificate(Id("VISA:Gold"), "VISA", ""));
  EXPECT_FALSE(MatchesCertificate(Id("VISA::UC"), "VISA", ""));
  EXPECT_FALSE(MatchesCertificate(Id("VISA::UC"), "VISA:Gold", "UC"));
  EXPECT_FALSE(MatchesCertificate(Id("VISA"), "", ""));
  EXPECT_FALSE(MatchesCertificate(Id("VISA"), "VISA:Gold:UC", ""));
}

TEST(BrandId, AnOrderWithoutCertificateMatchesInProductAndShowsNoPcn) {
  EXPECT_TRUE(MatchesOrder(Id("VISA"), "visa"));
  EXPECT_TRUE(MatchesOrder(Id("VISA:Gold"), "Visa:Gold"));
  EXPECT_FALSE(MatchesOrder(Id("VISA"), "MasterCard"));
  EXPECT_FALSE(MatchesOrder(Id("VISA"), "VISA:Gold"));
  EXPECT_FALSE(MatchesOrder(Id("VISA:Gold"), "VISA"));
  EXPECT_FALSE(MatchesOrder(Id("VISA:Gold"), "VISA:gold"));
  EXPECT_FALSE(MatchesOrder(Id("VISA::UC"), "VISA"));
  EXPECT_FALSE(MatchesOrder(Id("VISA::UC"), "VISA::UC"));
  EXPECT_FALSE(MatchesOrder(Id("VISA"), ""));
}

TEST(BrandId, NicosIsReadInAllItsSpellings) {
  EXPECT_EQ(CanonicalBrandId("MICOS"), "NICOS");
  EXPECT_EQ(CanonicalBrandId("Nicos"), "NICOS");
  EXPECT_EQ(CanonicalBrandId("nicos"), "nicos");
  EXPECT_EQ(CanonicalBrandId("visa"), "visa");
}

TEST(BrandId, RegisteredBrandsMapAsTheCorrectedTableSays) {
  EXPECT_EQ(DefaultProtocolBrandId("NICOS"), "NICOS");
  EXPECT_EQ(DefaultProtocolBrandId("MICOS"), "NICOS");
  EXPECT_EQ(DefaultProtocolBrandId("Maestro"), "Maestro");
  for (const char* brand : {"Amex", "Dankort", "JCB", "MasterCard", "VISA", "MyBrand"}) {
    EXPECT_EQ(DefaultProtocolBrandId(brand), brand);
    EXPECT_TRUE(PaysBySet(brand)) << brand;
  }
  for (const char* brand : {"atCredits", "EZpay", "GeldKarte", "Mondex", "paybox"}) {
    EXPECT_EQ(DefaultProtocolBrandId(brand), std::nullopt) << brand;
    EXPECT_FALSE(PaysBySet(brand)) << brand;
  }
  for (const char* brand : {"", ":x"}) {
    EXPECT_EQ(DefaultProtocolBrandId(brand), std::nullopt) << brand;
    EXPECT_TRUE(PaysBySet(brand)) << brand;
  }
}

}  // namespace
}  // namespace bridge
