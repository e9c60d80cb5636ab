#include "bridge/texts/texts.h"

#include <fmt/format.h>
#include <unicode/brkiter.h>
#include <unicode/msgfmt.h>
#include <unicode/udata.h>
#include <unicode/unistr.h>
#include <unicode/ures.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "schema/writer.h"

extern "C" const struct {
  double alignment;
  std::uint8_t octets[1];
} setbridge_dat;

namespace bridge {
namespace {

constexpr char kPackage[] = "setbridge";

struct Bundle {
  const char* name;  // of the resource
  std::string_view tag;
};

// In the order of Language.
constexpr std::array<Bundle, 4> kBundles = {
    {{"root", "en"}, {"de", "de"}, {"fr", "fr"}, {"ja", "ja"}}};

// In the order of StatusText.
constexpr std::array<std::string_view, kStatusTexts> kStatusNames = {"Authorized",
                                                                     "Captured",
                                                                     "Declined",
                                                                     "OrderRejected",
                                                                     "OrderDiffers",
                                                                     "MeaninglessRatio",
                                                                     "OrderReceived",
                                                                     "CaptureRefused",
                                                                     "CancelledByConsumer",
                                                                     "CancelledByPaymentHandler",
                                                                     "EndedByMerchant",
                                                                     "EndedEarly",
                                                                     "EndedThoughPaid",
                                                                     "TimedOut",
                                                                     "TechnicalError",
                                                                     "OutcomeOpen",
                                                                     "ReversalUnderWay",
                                                                     "ReversalAfterCapture",
                                                                     "ReversalRefused",
                                                                     "CaptureUnderWay",
                                                                     "CompletionUnseen",
                                                                     "LatePRes",
                                                                     "ResolvedApproved",
                                                                     "ResolvedDeclined",
                                                                     "Inquired"};

// In the order of ProgressText.
constexpr std::array<std::string_view, kProgressTexts> kProgressNames = {
    "Paying", "PayingUnnamed", "Suspended", "CompletedOk", "Failed", "ProcessError"};

// In the order of LabelText.
constexpr std::array<std::string_view, kLabelTexts> kLabelNames = {
    "ProtocolName", "PaymentLimit", "Expiration", "Identifier",
    "LogEntries",   "PayAmount",    "PayParty",   "PayTime"};

constexpr std::size_t kFaultCodes = static_cast<std::size_t>(schema::FaultCode::kBusError) + 1;

struct Sentences {
  std::array<std::string, kStatusTexts> status;
  std::array<std::string, kProgressTexts> progress;
  std::array<std::string, kLabelTexts> label;
  std::array<std::string, kFaultCodes> error;
  std::array<std::string, kDetailTexts> detail;  // the first, of kNone, is empty
};

struct CloseBundle {
  void operator()(UResourceBundle* bundle) const { ures_close(bundle); }
};
using OpenBundle = std::unique_ptr<UResourceBundle, CloseBundle>;

tl::expected<void, std::string> ReadTable(UResourceBundle* bundle, const char* table,
                                          std::span<std::string> sentences,
                                          std::string_view (*name_of)(std::size_t)) {
  UErrorCode code = U_ZERO_ERROR;
  const OpenBundle inner(ures_getByKey(bundle, table, nullptr, &code));
  if (U_FAILURE(code)) return tl::unexpected(fmt::format("{}: {}", table, u_errorName(code)));
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    std::int32_t size = 0;
    const std::string key(name_of(i));
    const UChar* text = ures_getStringByKey(inner.get(), key.c_str(), &size, &code);
    if (U_FAILURE(code)) {
      return tl::unexpected(fmt::format("{}/{}: {}", table, key, u_errorName(code)));
    }
    icu::UnicodeString(false, text, size).toUTF8String(sentences[i]);
  }
  const std::int32_t held = ures_getSize(inner.get());
  if (static_cast<std::size_t>(held) == sentences.size()) return {};
  return tl::unexpected(
      fmt::format("{}: {} sentences instead of {}", table, held, sentences.size()));
}

tl::expected<void, std::string> ReadBundle(const Bundle& bundle, Sentences& sentences) {
  UErrorCode code = U_ZERO_ERROR;
  const OpenBundle open(ures_openDirect(kPackage, bundle.name, &code));
  if (U_FAILURE(code)) return tl::unexpected<std::string>(u_errorName(code));
  auto read = ReadTable(open.get(), "Status", sentences.status,
                        [](std::size_t at) { return kStatusNames[at]; });
  if (!read) return read;
  read = ReadTable(open.get(), "Progress", sentences.progress,
                   [](std::size_t at) { return kProgressNames[at]; });
  if (!read) return read;
  read = ReadTable(open.get(), "Label", sentences.label,
                   [](std::size_t at) { return kLabelNames[at]; });
  if (!read) return read;
  read = ReadTable(open.get(), "Error", sentences.error,
                   [](std::size_t at) { return schema::Name(static_cast<schema::FaultCode>(at)); });
  if (!read) return read;
  return ReadTable(open.get(), "Detail", std::span(sentences.detail).subspan(1),
                   [](std::size_t at) { return Name(static_cast<DetailText>(at + 1)); });
}

struct Loaded {
  std::array<Sentences, kBundles.size()> languages;
  std::string error;
};

Loaded* Load() {
  auto loaded = std::make_unique<Loaded>();
  UErrorCode code = U_ZERO_ERROR;
  udata_setAppData(kPackage, &setbridge_dat, &code);
  if (U_FAILURE(code)) loaded->error = "ICU does not take the texts";
  for (std::size_t i = 0; i < kBundles.size() && loaded->error.empty(); ++i) {
    if (auto read = ReadBundle(kBundles[i], loaded->languages[i]); !read) {
      loaded->error = fmt::format("texts, bundle {}: {}", kBundles[i].name, read.error());
    }
  }
  return loaded.release();
}

// For the life of the process, as the bundles are.
const Loaded& Texts() {
  static const Loaded& loaded = *Load();
  return loaded;
}

const Sentences& In(Language language) {
  return Texts().languages[static_cast<std::size_t>(language)];
}

icu::UnicodeString Wide(std::string_view utf8) {
  return icu::UnicodeString::fromUTF8({utf8.data(), static_cast<std::int32_t>(utf8.size())});
}

// What came from elsewhere, as one line of at most `longest` characters.
std::string Shown(std::string_view value, std::size_t longest) {
  std::string shown(Cut(value, longest));
  if (shown.size() < value.size()) shown += "…";
  std::ranges::replace_if(
      shown, [](unsigned char octet) { return octet < 0x20 || octet == 0x7F; }, ' ');
  return shown;
}

std::string Words(const Detail& detail, Language language, std::size_t longest_value) {
  if (detail.text == DetailText::kNone) return Shown(detail.said, longest_value);
  const std::string_view pattern = Sentence(detail.text, language);
  std::vector<std::string> values;
  for (const DetailArgument& argument : detail.arguments) {
    values.push_back(Shown(argument.value, longest_value));
  }
  std::string cause;
  for (const Detail& part : detail.causes) {
    cause += (cause.empty() ? "" : "; ") + Words(part, language, longest_value);
  }
  std::vector<Argument> arguments;
  for (std::size_t i = 0; i < values.size(); ++i) {
    arguments.emplace_back(detail.arguments[i].name, values[i]);
  }
  if (!detail.causes.empty()) arguments.emplace_back("cause", cause);
  return arguments.empty() ? std::string(pattern) : Fill(pattern, language, arguments);
}

}  // namespace

std::string_view Tag(Language language) { return kBundles[static_cast<std::size_t>(language)].tag; }

std::optional<Language> FindLanguage(std::string_view tag) {
  const std::string_view primary = tag.substr(0, tag.find('-'));
  for (const Language language : kLanguages) {
    const bool same = std::ranges::equal(primary, Tag(language), [](char given, char ours) {
      return (given >= 'A' && given <= 'Z' ? given + ('a' - 'A') : given) == ours;
    });
    if (same) return language;
  }
  return std::nullopt;
}

Language LanguageOf(std::string_view tag) { return FindLanguage(tag).value_or(Language::kEnglish); }

tl::expected<void, std::string> LoadTexts() {
  if (!Texts().error.empty()) return tl::unexpected(Texts().error);
  return {};
}

std::string_view Sentence(StatusText text, Language language) {
  return In(language).status[static_cast<std::size_t>(text)];
}

std::string_view Sentence(LabelText text, Language language) {
  return In(language).label[static_cast<std::size_t>(text)];
}

std::string_view Sentence(ProgressText text, Language language) {
  return In(language).progress[static_cast<std::size_t>(text)];
}

std::string_view Sentence(schema::FaultCode code, Language language) {
  return In(language).error[static_cast<std::size_t>(code)];
}

std::string_view Sentence(DetailText text, Language language) {
  return In(language).detail[static_cast<std::size_t>(text)];
}

std::string Fill(std::string_view pattern, Language language, std::span<const Argument> arguments) {
  UErrorCode code = U_ZERO_ERROR;
  const std::string tag(Tag(language));
  const icu::MessageFormat format(Wide(pattern), icu::Locale(tag.c_str()), code);
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, value] : arguments) {
    names.push_back(Wide(name));
    values.emplace_back(Wide(value));
  }
  icu::UnicodeString filled;
  format.format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), filled, code);
  std::string utf8;
  if (U_FAILURE(code)) return std::string(pattern);
  return filled.toUTF8String(utf8);
}

std::string Fill(std::string_view pattern, Language language,
                 std::initializer_list<Argument> arguments) {
  return Fill(pattern, language, std::span(arguments.begin(), arguments.size()));
}

std::string Words(const Detail& detail, Language language) {
  return Words(detail, language, std::numeric_limits<std::size_t>::max());
}

std::string Explained(std::string_view sentence, Language language, const Detail& detail) {
  std::string text(sentence);
  const std::size_t longest =
      detail.text == DetailText::kNone ? schema::kMaxDescription : kMaxDetailValue;
  if (const std::string words = Words(detail, language, longest); !words.empty()) {
    text += fmt::format("{}({})", text.empty() ? "" : " ", words);
  }
  return std::string(Cut(text, schema::kMaxDescription));
}

std::string ErrorDesc(schema::FaultCode code, Language language, const Detail& detail) {
  return Explained(Sentence(code, language), language, detail);
}

std::string_view Cut(std::string_view utf8, std::size_t limit) {
  if (utf8.size() <= limit) return utf8;
  std::size_t characters = 0;
  std::size_t end = utf8.size();
  for (std::size_t at = 0; at < utf8.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(utf8[at]) & 0xC0) != 0x80;
    if (starts && characters++ == limit) {
      end = at;
      break;
    }
  }
  if (end == utf8.size()) return utf8;
  UErrorCode code = U_ZERO_ERROR;
  UText text = UTEXT_INITIALIZER;
  utext_openUTF8(&text, utf8.data(), static_cast<std::int64_t>(utf8.size()), &code);
  const std::unique_ptr<icu::BreakIterator> seen(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), code));
  if (U_SUCCESS(code)) {
    seen->setText(&text, code);
    const auto at = static_cast<std::int32_t>(end);
    if (U_SUCCESS(code) && !seen->isBoundary(at)) {
      end = static_cast<std::size_t>(std::max(seen->preceding(at), 0));
    }
  }
  utext_close(&text);
  return utf8.substr(0, end);
}

}  // namespace bridge
