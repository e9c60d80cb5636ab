#include "bridge/state/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace bridge {
namespace {

// RFC 3538, 8.12, in the order of Milestone; no step of 20 without an Initiation Response (E-80).
constexpr std::array<int, 6> kPercent = {0, 20, 40, 60, 80, 100};

// RFC 2801, 7.16.2, in the order of CompletionCode.
constexpr std::array<std::string_view, 12> kCodes = {
    "BrandNotSupp",  "CurrNotSupp", "ConsCancelled",    "PaymtCancelled",
    "AuthError",     "InsuffFunds", "InstBrandInvalid", "InstNotValid",
    "BadInstrument", "Unspecified", "TimedOutRcvr",     "TimedOutNoRcvr"};

constexpr std::array<std::pair<std::string_view, CompletionCode>, 2> kAliases = {{
    {"PaymentDecl", CompletionCode::kUnspecified},       // E-81
    {"PaymCancelled", CompletionCode::kPaymtCancelled},  // E-85
}};

struct Sentence {
  std::string_view english;
  std::string_view german;
};

// In the order of StatusText.
constexpr std::array<Sentence, 19> kSentences = {{
    {"The payment is authorized.", "Die Zahlung ist autorisiert."},
    {"The payment is made.", "Die Zahlung ist ausgeführt."},
    {"The card issuer has declined the payment.",
     "Der Kartenherausgeber hat die Zahlung abgelehnt."},
    {"The order was refused: brand, order or amount differ from the offer.",
     "Die Bestellung wurde zurückgewiesen: Marke, Bestellung oder Betrag weichen vom Angebot ab."},
    {"An amount of zero cannot be paid.", "Ein Betrag von null kann nicht bezahlt werden."},
    {"The order was received, the authorization is pending.",
     "Die Bestellung ist eingegangen, die Autorisierung steht aus."},
    {"The acquirer has refused to capture the payment.",
     "Der Acquirer hat die Verbuchung der Zahlung abgelehnt."},
    {"The consumer has cancelled the payment.", "Der Käufer hat die Zahlung abgebrochen."},
    {"The payment handler has cancelled the payment.",
     "Die Zahlungsstelle hat die Zahlung abgebrochen."},
    {"The payment has ended with a technical error.",
     "Die Zahlung endete mit einem technischen Fehler."},
    {"The outcome at the acquirer is still open; the request is noted.",
     "Das Ergebnis beim Acquirer steht noch aus; der Wunsch ist vermerkt."},
    {"The reversal is under way.", "Die Stornierung läuft."},
    {"The payment is captured and cannot be reversed by this release.",
     "Die Zahlung ist verbucht und kann von dieser Version nicht storniert werden."},
    {"The acquirer has not reversed the authorization.",
     "Der Acquirer hat die Autorisierung nicht storniert."},
    {"No payment response has been seen.", "Es liegt keine Zahlungsantwort vor."},
    {"A payment response came late: the card may have been charged.",
     "Eine Zahlungsantwort kam verspätet: Die Karte könnte belastet worden sein."},
    {"The operator has recorded that the payment was approved.",
     "Der Betreiber hat die Zahlung als genehmigt vermerkt."},
    {"The operator has recorded that the payment was declined.",
     "Der Betreiber hat die Zahlung als abgelehnt vermerkt."},
    {"The acquirer's late answer contradicts what the operator has recorded.",
     "Die späte Antwort des Acquirers widerspricht dem Vermerk des Betreibers."},
}};

bool IsGerman(std::string_view tag) {
  return tag.size() >= 2 && (tag[0] | 0x20) == 'd' && (tag[1] | 0x20) == 'e' &&
         (tag.size() == 2 || tag[2] == '-');
}

// CutCharacters keeps at most `limit` characters of UTF-8 text.
std::string_view CutCharacters(std::string_view text, std::size_t limit) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (starts && characters++ == limit) return text.substr(0, at);
  }
  return text;
}

}  // namespace

int PercentComplete(Milestone milestone) { return kPercent[static_cast<std::size_t>(milestone)]; }

std::string_view Name(CompletionCode code) { return kCodes[static_cast<std::size_t>(code)]; }

std::optional<CompletionCode> ParseCompletionCode(std::string_view text) {
  const auto found = std::find(kCodes.begin(), kCodes.end(), text);
  if (found != kCodes.end()) return static_cast<CompletionCode>(found - kCodes.begin());
  for (const auto& [alias, code] : kAliases) {
    if (alias == text) return code;
  }
  return std::nullopt;
}

std::string_view StatusSentence(StatusText text, std::string_view tag) {
  const Sentence& sentence = kSentences[static_cast<std::size_t>(text)];
  return IsGerman(tag) ? sentence.german : sentence.english;
}

std::string_view StatusLanguage(std::string_view tag) { return IsGerman(tag) ? "de" : "en"; }

std::string CodeText(std::string_view field, std::string_view name, int value) {
  return fmt::format("{}={}({})", field, name, value);  // D-75, E-82
}

std::string StatusDesc(std::string_view code_text, std::string_view sentence,
                       std::string_view further) {
  std::string text;
  for (const std::string_view part : {code_text, sentence, further}) {
    if (part.empty()) continue;
    if (!text.empty()) text += ' ';
    text += part;
  }
  return std::string(CutCharacters(text, kMaxStatusDesc));
}

}  // namespace bridge
