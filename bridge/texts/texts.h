// What people read: sentences in English, German, French and Japanese, kept in ICU resource bundles
// (root.txt is the English one) that are part of the module.  Load fails if a bundle lacks a
// sentence or has one that nobody says; everything after it cannot fail.
#ifndef BRIDGE_TEXTS_TEXTS_H_
#define BRIDGE_TEXTS_TEXTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "bridge/texts/detail.h"
#include "schema/fault.h"

namespace bridge {

enum class Language : std::uint8_t { kEnglish, kGerman, kFrench, kJapanese };
inline constexpr std::array kLanguages = {Language::kEnglish, Language::kGerman, Language::kFrench,
                                          Language::kJapanese};

// Tag is the language's xml:lang.
std::string_view Tag(Language language);

// FindLanguage gives the language that an RFC 1766 tag names ("de", "DE-at"), if it is one of ours.
std::optional<Language> FindLanguage(std::string_view tag);

// LanguageOf is FindLanguage, and English for everybody else.
Language LanguageOf(std::string_view tag);

// StatusText names a sentence for StatusDesc.
enum class StatusText : std::uint8_t {
  kAuthorized,
  kCaptured,
  kDeclined,
  kOrderRejected,
  kOrderDiffers,  // E-111
  kMeaninglessRatio,
  kOrderReceived,
  kCaptureRefused,
  kCancelledByConsumer,
  kCancelledByPaymentHandler,
  kEndedByMerchant,
  kEndedEarly,       // by whom and why, no CompletionCode says
  kEndedThoughPaid,  // E-71, E-120
  kTimedOut,
  kTechnicalError,
  kOutcomeOpen,           // E-71
  kReversalUnderWay,      // E-73
  kReversalAfterCapture,  // D-72
  kReversalRefused,       // E-73
  kCaptureUnderWay,
  kCompletionUnseen,
  kLatePRes,          // E-120
  kResolvedApproved,  // closed by the operator
  kResolvedDeclined,
  kInquired,  // the answer to an inquiry does not say that it is paid
};
inline constexpr std::size_t kStatusTexts = 25;

// ProgressText names a sentence for a CallBack while there is no StatusDesc.
enum class ProgressText : std::uint8_t {
  kPaying,         // amount, currency, payee
  kPayingUnnamed,  // amount, currency
  kSuspended,
  kCompletedOk,
  kFailed,
  kProcessError,
};
inline constexpr std::size_t kProgressTexts = 6;

// LabelText names a short text beside a value.
enum class LabelText : std::uint8_t {
  kProtocolName,
  kPaymentLimit,
  kExpiration,
  kIdentifier,
  kLogEntries,
  kPayAmount,
  kPayParty,
  kPayTime,
};
inline constexpr std::size_t kLabelTexts = 8;

// LoadTexts reads the bundles, the first time; later calls cost nothing.  Any thread.  The error
// names the bundle and the sentence or the table that is wrong.
tl::expected<void, std::string> LoadTexts();

// Sentence gives a pattern of ICU's MessageFormat; those without arguments, which all of StatusText
// and FaultCode are, are sentences as they stand.  kNone is empty.
std::string_view Sentence(StatusText text, Language language);
std::string_view Sentence(ProgressText text, Language language);
std::string_view Sentence(LabelText text, Language language);
std::string_view Sentence(schema::FaultCode code, Language language);
std::string_view Sentence(DetailText text, Language language);

using Argument = std::pair<std::string_view, std::string_view>;  // name, value

// Fill puts the arguments into a pattern.
std::string Fill(std::string_view pattern, Language language, std::span<const Argument> arguments);
std::string Fill(std::string_view pattern, Language language,
                 std::initializer_list<Argument> arguments);

// Words puts a detail into words, control characters of its values as spaces.  English is what the
// log says.
std::string Words(const Detail& detail, Language language);

// Characters that a value in a detail may have before it is cut and ends in "…": no value pushes
// the rest of a sentence out of ErrorDesc.
inline constexpr std::size_t kMaxDetailValue = 120;

// Explained is a sentence with the detail, if any, behind it in brackets, at most
// schema::kMaxDescription characters.  What stands in the detail for {cause} is in the language of
// who said it: setcore and the TOML reader speak English, the operating system that of the process.
std::string Explained(std::string_view sentence, Language language, const Detail& detail);

// ErrorDesc is the sentence of an error code, explained.
std::string ErrorDesc(schema::FaultCode code, Language language, const Detail& detail);

// Cut keeps at most `limit` characters of UTF-8 text and never a part of what a reader sees as one
// character (a base letter with its marks, a joined emoji).
std::string_view Cut(std::string_view utf8, std::size_t limit);

}  // namespace bridge

#endif  // BRIDGE_TEXTS_TEXTS_H_
