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
  for (std::size_t i = 1; i < kDetailTexts; ++i) {
    all.emplace_back("Detail " + std::string(Name(static_cast<DetailText>(i))),
                     [i](Language language) {
                       return std::string(Sentence(static_cast<DetailText>(i), language));
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

TEST(Texts, OnlyProgressAndDetailsHaveArguments) {
  for (const auto& [name, sentence] : All()) {
    if (name.starts_with("Progress") || name.starts_with("Detail")) continue;
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
  EXPECT_EQ(ErrorDesc(FaultCode::kAttMissing, Language::kEnglish, {}), "An attribute is missing.");
  const Detail only = {DetailText::kOnlyValue, {{"value", "Debit"}}};
  EXPECT_EQ(ErrorDesc(FaultCode::kAttValIllegal, Language::kGerman, only),
            "Der Wert eines Attributs ist unzul\xC3\xA4ssig. (hier ist nur Debit m\xC3\xB6glich)");
  EXPECT_EQ(ErrorDesc(FaultCode::kBusError, Language::kEnglish, Detail::Said("as stored {x}")),
            "The payment does not allow this. (as stored {x})");
}

// What a detail may be filled with: every argument that one of the sentences has.
Detail Filled(DetailText text, const std::string& value) {
  Detail detail = text;
  for (const std::string& name : Arguments(std::string(Sentence(text, Language::kEnglish)))) {
    // The names of arguments are literals.
    static auto& names = *new std::set<std::string>;
    detail.arguments.emplace_back(*names.insert(name).first, value);
  }
  return detail;
}

// The parts of a pattern between its arguments.
std::vector<std::string> Pieces(const std::string& pattern) {
  static const auto& braces = *new std::regex("[{][^{}]*[}]");
  std::vector<std::string> pieces;
  for (std::sregex_token_iterator at(pattern.begin(), pattern.end(), braces, -1), end; at != end;
       ++at) {
    if (at->length() > 0) pieces.push_back(*at);
  }
  return pieces;
}

TEST(Texts, EveryDetailIsToldInTheLanguageAskedFor) {
  for (std::size_t i = 1; i < kDetailTexts; ++i) {
    const auto text = static_cast<DetailText>(i);
    const Detail detail = Filled(text, "<VALUE>");
    for (const Language language : kLanguages) {
      const std::string words = Words(detail, language);
      for (const std::string& piece : Pieces(std::string(Sentence(text, language)))) {
        EXPECT_NE(words.find(piece), std::string::npos) << words << ": " << piece;
      }
      EXPECT_EQ(words.find('{'), std::string::npos) << words;
      if (language == Language::kEnglish) continue;
      for (const std::string& piece : Pieces(std::string(Sentence(text, Language::kEnglish)))) {
        if (std::ranges::count(piece, ' ') < 2) continue;  // "SET error", ": ", " and "
        EXPECT_EQ(words.find(piece), std::string::npos) << words << ": " << piece;
      }
    }
  }
}

std::size_t Characters(const std::string& utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char octet) { return (octet & 0xC0) != 0x80; }));
}

TEST(Texts, EveryErrorDescIsShortHoweverLongTheValues) {
  for (const std::size_t length : {0U, 119U, 120U, 121U, 4000U}) {
    std::string value;
    for (std::size_t i = 0; i < length; ++i) value += "\xC3\xA4";
    for (std::size_t i = 0; i < kDetailTexts; ++i) {
      const Detail detail = Filled(static_cast<DetailText>(i), value);
      for (const Language language : kLanguages) {
        EXPECT_LE(Characters(ErrorDesc(FaultCode::kTransportError, language, detail)), 256U);
        EXPECT_LE(Characters(Explained(std::string(300, 'a'), language, detail)), 256U);
      }
    }
  }
}

// The longest sentence of a code with the longest detail that has no values: nothing is cut.
TEST(Texts, WhatHasNoValuesFitsIntoErrorDesc) {
  for (const Language language : kLanguages) {
    std::size_t longest = 0;
    for (int code = 0; code <= static_cast<int>(FaultCode::kBusError); ++code) {
      longest = std::max(longest,
                         Characters(std::string(Sentence(static_cast<FaultCode>(code), language))));
    }
    for (std::size_t i = 1; i < kDetailTexts; ++i) {
      const std::string detail(Sentence(static_cast<DetailText>(i), language));
      if (!Arguments(detail).empty()) continue;
      EXPECT_LE(longest + Characters(detail) + 3, 256U) << detail;
    }
  }
}

TEST(Texts, AValueIsCutBeforeItPushesTheRestOut) {
  for (const std::size_t length : {119U, 120U, 121U}) {
    const Detail detail = {DetailText::kOtherBrand,
                           {{"selected", std::string(length, 'x')}, {"found", "VISA"}}};
    const std::string kept =
        std::string(std::min<std::size_t>(length, 120), 'x') + (length > 120 ? "\xE2\x80\xA6" : "");
    EXPECT_EQ(ErrorDesc(FaultCode::kAttNotValid, Language::kEnglish, detail),
              "An attribute is not valid. (" + kept + " was selected, but VISA came)");
    EXPECT_EQ(Words(detail, Language::kEnglish),
              std::string(length, 'x') + " was selected, but VISA came");
  }
}

TEST(Texts, ControlCharactersInValuesBecomeSpaces) {
  const Detail detail = {DetailText::kNamedTwice, {{"name", "a\r\nb\tc\x7F{d}"}}};
  EXPECT_EQ(Words(detail, Language::kEnglish), "a  b c {d} stands here twice");
}

TEST(Texts, CausesAreToldInTheSameLanguage) {
  const auto at = [](const char* address) {
    return Detail(DetailText::kAtAddress, {{"address", address}},
                  {Detail::Said("Connection refused")});
  };
  const Detail failed = {DetailText::kConnectFailed, {}, {at("127.0.0.1"), at("::1")}};
  EXPECT_EQ(Words(failed, Language::kEnglish),
            "the attempt to connect failed: at 127.0.0.1: Connection refused; at ::1: Connection "
            "refused");
  EXPECT_EQ(Words(failed, Language::kGerman),
            "der Verbindungsversuch ist gescheitert: unter 127.0.0.1: Connection refused; unter "
            "::1: Connection refused");
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
