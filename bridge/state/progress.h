// PercentComplete (RFC 3538, 8.12), CompletionCode (RFC 2801, 7.16.2; RFC 3538, 8.11) and
// StatusDesc (RFC 3538, 8.4.5).  Tables; nothing here fails.
#ifndef BRIDGE_STATE_PROGRESS_H_
#define BRIDGE_STATE_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bridge/texts/texts.h"

namespace bridge {

// Milestone is the SET message that a payment has reached: created or processed, whichever of the
// two the role does (8.12).
enum class Milestone : std::uint8_t {
  kStarted,
  kInitiationResponse,
  kPInitReq,
  kPInitRes,
  kPReq,
  kPRes,
};

// PercentComplete gives 0, 20, 40, 60, 80 or 100.
int PercentComplete(Milestone milestone);

// CompletionCode is IOTP's, not SET's (E-89).
enum class CompletionCode : std::uint8_t {
  kBrandNotSupp,
  kCurrNotSupp,
  kConsCancelled,
  kPaymtCancelled,
  kAuthError,
  kInsuffFunds,
  kInstBrandInvalid,
  kInstNotValid,
  kBadInstrument,
  kUnspecified,
  kTimedOutRcvr,
  kTimedOutNoRcvr,
  kMerchCancelled,
};

// Name spells the code as RFC 2801 does.
std::string_view Name(CompletionCode code);

// ParseCompletionCode takes RFC 2801's names, the variants of E-81 (PaymentDecl) and E-85
// (PaymCancelled), and as kUnspecified codes that users have defined (RFC 2801, 12.2), whose
// meaning nobody has told.
std::optional<CompletionCode> ParseCompletionCode(std::string_view text);

// Longest StatusDesc, in characters (RFC 3867, Table 3).
inline constexpr std::size_t kMaxStatusDesc = 256;

// CodeText is the "AuthCode=declined(2)" part: `field` is AuthCode, CapCode or CompletionCode
// (SET's), `name` the identifier of the ASN.1.
std::string CodeText(std::string_view field, std::string_view name, int value);

// Description is what StatusDesc says, before it is put into words.
struct Description {
  Language language = Language::kEnglish;  // of the wallet
  std::optional<StatusText> text;
  std::string code_text;
  std::string further;
  Detail detail;
};

// StatusDesc joins code text, sentence, further words (a merchant's name, an operator's reason) and
// the detail in brackets, and cuts the end, at what a reader sees as a character, to kMaxStatusDesc
// characters.
std::string StatusDesc(const Description& description, Language language);

}  // namespace bridge

#endif  // BRIDGE_STATE_PROGRESS_H_
