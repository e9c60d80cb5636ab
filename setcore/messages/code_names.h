// The ASN.1 names of SET's result codes, each list in the order of its numbers (set-messages.asn,
// sections 2, 6 and 8 to 11; numbers O-9): what `Name` gives and what `decode` prints.
#ifndef SETCORE_MESSAGES_CODE_NAMES_H_
#define SETCORE_MESSAGES_CODE_NAMES_H_

#include <string_view>

namespace setcore::msg {

// Their numbers start at 1.
inline constexpr std::string_view kErrorCodes[] = {
    "unspecifiedFailure",    "messageNotSupported", "decodingFailure",
    "invalidCertificate",    "expiredCertificate",  "revokedCertificate",
    "missingCertificate",    "signatureFailure",    "badMessageHeader",
    "wrapperMsgMismatch",    "versionTooOld",       "versionTooNew",
    "unrecognizedExtension", "messageTooBig",       "signatureRequired",
    "messageTooOld",         "messageTooNew",       "thumbsMismatch",
    "unknownRRPID",          "unknownXID",          "unknownLID",
    "challengeMismatch"};

inline constexpr std::string_view kCompletionCodes[] = {
    "meaninglessRatio",       "orderRejected",    "orderReceived",  "orderNotReceived",
    "authorizationPerformed", "capturePerformed", "creditPerformed"};

inline constexpr std::string_view kAuthCodes[] = {"approved",
                                                  "unspecifiedFailure",
                                                  "declined",
                                                  "noReply",
                                                  "callIssuer",
                                                  "amountError",
                                                  "expiredCard",
                                                  "invalidTransaction",
                                                  "systemError",
                                                  "piPreviouslyUsed",
                                                  "recurringTooSoon",
                                                  "recurringExpired",
                                                  "piAuthMismatch",
                                                  "installRecurMismatch",
                                                  "captureNotSupported",
                                                  "signatureRequired",
                                                  "cardMerchBrandMismatch"};

inline constexpr std::string_view kCapCodes[] = {
    "success",         "unspecifiedFailure", "duplicateRequest", "authExpired",
    "authDataMissing", "invalidAuthData",    "capTokenMissing",  "invalidCapToken",
    "batchUnknown",    "batchClosed",        "unknownXID",       "unknownLID"};

inline constexpr std::string_view kCapRevOrCredCodes[] = {
    "success",          "unspecifiedFailure", "duplicateRequest", "originalProcessed",
    "originalNotFound", "capPurged",          "missingCapData",   "invalidCapData",
    "missingCapToken",  "invalidCapToken",    "batchUnknown",     "batchClosed"};

inline constexpr std::string_view kAuthRevCodes[] = {
    "approved",        "unspecifiedFailure", "noReply",     "amountError",
    "expiredCard",     "invalidTransaction", "systemError", "missingCapToken",
    "invalidCapToken", "invalidAmount"};

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_CODE_NAMES_H_
