#include "bridge/texts/texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace bridge {
namespace {

using schema::FaultCode;

// Every sentence, by a name for messages.
std::vector<std::pair<std::string, std::function<std::string(Language)>>> All() {
  std::vector<std::pair<std::string, std::function<std::string(Language)>>> all;
  for (std::size_t i = 0; i < kStatusTexts; ++i) {
    all.emplace_back("Status " + std::to_string(i), [i](Language language) {
      return std::string(Sentence(static_cast<StatusText>(i), language));
    });
  }
  for (std::size_t i = 0; i < kProgressTexts; ++i) {
    all.emplace_back("Progress " + std::to_string(i), [i](Language language) {
      return std::string(Sentence(static_cast<ProgressText>(i), language));
    });
  }
  for (std::size_t i = 0; i < kLabelTexts; ++i) {
    all.emplace_back("Label " + std::to_string(i), [i](Language language) {
      return std::string(Sentence(static_cast<LabelText>(i), language));
    });
  }
  for (int i = 0; i <= static_cast<int>(FaultCode::kBusError); ++i) {
    all.emplace_back("Error " + std::string(schema::Name(static_cast<FaultCode>(i))),
                     [i](Language language) {
                       return std::string(Sentence(static_cast<FaultCode>(i), language));
                     });
  }
  return all;
}

std::set<std::string> Arguments(const std::string& pattern) {
  static const auto& braces = *new std::regex("[{]([^{}]*)[}]");
  std::set<std::string> names;
  for (std::sregex_iterator at(pattern.begin(), pattern.end(), braces), end; at != end; ++at) {
    names.insert((*at)[1]);
  }
  return names;
}

TEST(Texts, AreThere) { EXPECT_TRUE(LoadTexts()) << LoadTexts().error(); }

TEST(Texts, EverySentenceIsTranslatedWithTheSameArguments) {
  for (const auto& [name, sentence] : All()) {
    const std::string english = sentence(Language::kEnglish);
    EXPECT_FALSE(english.empty()) << name;
    for (const Language language : kLanguages) {
      if (language == Language::kEnglish) continue;
      EXPECT_NE(sentence(language), english) << name << ' ' << Tag(language);
      EXPECT_EQ(Arguments(sentence(language)), Arguments(english)) << name << ' ' << Tag(language);
    }
  }
}

TEST(Texts, OnlyProgressHasArguments) {
  for (const auto& [name, sentence] : All()) {
    if (name.starts_with("Progress")) continue;
    for (const Language language : kLanguages) EXPECT_EQ(Arguments(sentence(language)).size(), 0U);
  }
}

TEST(Texts, TheLanguageIsThatOfThePrimaryTag) {
  EXPECT_EQ(FindLanguage("de"), Language::kGerman);
  EXPECT_EQ(FindLanguage("DE-at"), Language::kGerman);
  EXPECT_EQ(FindLanguage("fr-CA"), Language::kFrench);
  EXPECT_EQ(FindLanguage("ja"), Language::kJapanese);
  EXPECT_EQ(FindLanguage("en-US"), Language::kEnglish);
  for (const char* tag : {"", "d", "den", "-de", "x-de", "es"}) {
    EXPECT_EQ(FindLanguage(tag), std::nullopt) << tag;
    EXPECT_EQ(LanguageOf(tag), Language::kEnglish) << tag;
  }
}

TEST(Texts, ArgumentsAreFilledInByName) {
  EXPECT_EQ(Fill(Sentence(ProgressText::kPaying, Language::kEnglish), Language::kEnglish,
                 {{"payee", "L'Atelier {x}"}, {"amount", "12.30"}, {"currency", "USD"}}),
            "Paying 12.30 USD to L'Atelier {x}.");
  EXPECT_EQ(Fill(Sentence(ProgressText::kPaying, Language::kFrench), Language::kFrench,
                 {{"payee", "XYZ"}, {"amount", "12.30"}, {"currency", "USD"}}),
            "Paiement de 12.30 USD \xC3\xA0 XYZ.");
}

TEST(Texts, ErrorDescIsTheSentenceAndItsDetail) {
  EXPECT_EQ(ErrorDesc(FaultCode::kAttMissing, Language::kEnglish, ""), "An attribute is missing.");
  EXPECT_EQ(ErrorDesc(FaultCode::kAttMissing, Language::kGerman, "PayId"),
            "Ein Attribut fehlt. (PayId)");
  EXPECT_EQ(ErrorDesc(FaultCode::kAttMissing, Language::kEnglish, std::string(300, 'x')).size(),
            256U);
}

// What is cut lies at 255, 256 and 257 characters.
struct Ending {
  const char* name;
  std::string cluster;     // what a reader sees as one character
  std::size_t characters;  // in it
};

class CutAtGrapheme : public testing::TestWithParam<Ending> {};

TEST_P(CutAtGrapheme, KeepsAWholeOneOrNothingOfIt) {
  const Ending& ending = GetParam();
  for (std::size_t before = 256 - ending.characters - 2; before <= 257; ++before) {
    const std::string text = std::string(before, 'a') + ending.cluster + "b";
    std::string kept(std::min<std::size_t>(before, 256), 'a');
    if (before + ending.characters <= 256) kept += ending.cluster;
    if (before + ending.characters + 1 <= 256) kept += "b";
    EXPECT_EQ(Cut(text, 256), kept) << before;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Texts, CutAtGrapheme,
    testing::Values(Ending{"Letter", "c", 1}, Ending{"Umlaut", "\xC3\xA4", 1},
                    Ending{"CombiningMark", "e\xCC\x81", 2},
                    Ending{"TwoMarks", "a\xCC\xA3\xCC\x82", 3},
                    Ending{"JoinedEmoji",
                           "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D"
                           "\xF0\x9F\x91\xA7",
                           5},
                    Ending{"Flag", "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA", 2}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Texts, WhatIsNotUtf8IsCutAllTheSame) {
  const std::string broken(600, '\xC3');
  EXPECT_LE(Cut(broken, 256).size(), 600U);
  EXPECT_EQ(Cut(std::string(300, '\x80'), 256).size(), 300U);  // no character begins in it
}

}  // namespace
}  // namespace bridge
