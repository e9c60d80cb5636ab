// What people read: sentences in English, German, French and Japanese, kept in ICU resource bundles
// (root.txt is the English one) that are part of the module.  Load fails if a bundle lacks a
// sentence; everything after it cannot fail.
#ifndef BRIDGE_TEXTS_TEXTS_H_
#define BRIDGE_TEXTS_TEXTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

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
  kMeaninglessRatio,
  kOrderReceived,
  kCaptureRefused,
  kCancelledByConsumer,
  kCancelledByPaymentHandler,
  kTechnicalError,
  kOutcomeOpen,           // E-71
  kReversalUnderWay,      // E-73
  kReversalAfterCapture,  // D-72
  kReversalRefused,       // E-73
  kCompletionUnseen,
  kLatePRes,          // E-120
  kResolvedApproved,  // closed by the operator
  kResolvedDeclined,
  kInquired,  // the answer to an inquiry does not say that it is paid
};
inline constexpr std::size_t kStatusTexts = 19;

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
// names the bundle and the sentence that is missing.
tl::expected<void, std::string> LoadTexts();

// Sentence gives a pattern of ICU's MessageFormat; those of StatusText and FaultCode have no
// arguments and are sentences as they stand.
std::string_view Sentence(StatusText text, Language language);
std::string_view Sentence(ProgressText text, Language language);
std::string_view Sentence(LabelText text, Language language);
std::string_view Sentence(schema::FaultCode code, Language language);

using Argument = std::pair<std::string_view, std::string_view>;  // name, value

// Fill puts the arguments into a pattern.
std::string Fill(std::string_view pattern, Language language,
                 std::initializer_list<Argument> arguments);

// ErrorDesc is the sentence of an error code with the detail, if any, behind it in brackets, at
// most schema::kMaxDescription characters.  Details are English: they name elements, fields and
// clauses.
std::string ErrorDesc(schema::FaultCode code, Language language, std::string_view detail);

// Cut keeps at most `limit` characters of UTF-8 text and never a part of what a reader sees as one
// character (a base letter with its marks, a joined emoji).
std::string_view Cut(std::string_view utf8, std::size_t limit);

}  // namespace bridge

#endif  // BRIDGE_TEXTS_TEXTS_H_
