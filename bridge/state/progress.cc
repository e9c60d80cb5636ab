#include "bridge/state/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace bridge {
namespace {

// RFC 3538, 8.12, in the order of Milestone; no step of 20 without an Initiation Response (E-80).
constexpr std::array<int, 6> kPercent = {0, 20, 40, 60, 80, 100};

// RFC 2801, 7.16.2, in the order of CompletionCode; the last is one of 7.16.1, which a payment
// whose merchant gives up gets as well (RFC 3867, 2.6.1).
constexpr std::array<std::string_view, 13> kCodes = {
    "BrandNotSupp", "CurrNotSupp",      "ConsCancelled", "PaymtCancelled", "AuthError",
    "InsuffFunds",  "InstBrandInvalid", "InstNotValid",  "BadInstrument",  "Unspecified",
    "TimedOutRcvr", "TimedOutNoRcvr",   "MerchCancelled"};

constexpr std::array<std::pair<std::string_view, CompletionCode>, 2> kAliases = {{
    {"PaymentDecl", CompletionCode::kUnspecified},       // E-81
    {"PaymCancelled", CompletionCode::kPaymtCancelled},  // E-85
}};

// RFC 2801, 12.2, with as many characters as 7.16 allows.
bool IsUserDefined(std::string_view text) {
  constexpr std::size_t kMaxCode = 14;
  return (text.starts_with("x-") || text.starts_with("X-")) && text.size() > 2 &&
         text.size() <= kMaxCode;
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
  if (IsUserDefined(text)) return CompletionCode::kUnspecified;
  return std::nullopt;
}

std::string CodeText(std::string_view field, std::string_view name, int value) {
  return fmt::format("{}={}({})", field, name, value);  // D-75, E-82
}

std::string StatusDesc(const Description& description, Language language) {
  std::string text;
  const std::string_view sentence =
      description.text ? Sentence(*description.text, language) : std::string_view();
  for (const std::string_view part :
       {std::string_view(description.code_text), sentence, std::string_view(description.further)}) {
    if (part.empty()) continue;
    if (!text.empty()) text += ' ';
    text += part;
  }
  return Explained(text, language, description.detail);
}

}  // namespace bridge
