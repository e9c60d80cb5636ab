// The result codes of the payment messages with their ASN.1 names (set-messages.asn, sections 6
// and 8 to 11; numbers O-9).  `Name` never fails: a value comes from a decoder that refuses unknown
// ones.
#ifndef SETCORE_MESSAGES_CODES_H_
#define SETCORE_MESSAGES_CODES_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "setcore/asn1/values.h"

namespace setcore::msg {

// Value 7, which a translation calls signatureRequired (O-4), is unknown here: D-17.
enum class CompletionCode : std::uint8_t {
  kMeaninglessRatio = 0,
  kOrderRejected = 1,
  kOrderReceived = 2,
  kOrderNotReceived = 3,
  kAuthorizationPerformed = 4,
  kCapturePerformed = 5,
  kCreditPerformed = 6,
};

enum class AuthCode : std::uint8_t {
  kApproved = 0,
  kUnspecifiedFailure = 1,
  kDeclined = 2,
  kNoReply = 3,
  kCallIssuer = 4,
  kAmountError = 5,
  kExpiredCard = 6,
  kInvalidTransaction = 7,
  kSystemError = 8,
  kPiPreviouslyUsed = 9,
  kRecurringTooSoon = 10,
  kRecurringExpired = 11,
  kPiAuthMismatch = 12,
  kInstallRecurMismatch = 13,
  kCaptureNotSupported = 14,
  kSignatureRequired = 15,
  kCardMerchBrandMismatch = 16,
};

enum class CapCode : std::uint8_t {
  kSuccess = 0,
  kUnspecifiedFailure = 1,
  kDuplicateRequest = 2,
  kAuthExpired = 3,
  kAuthDataMissing = 4,
  kInvalidAuthData = 5,
  kCapTokenMissing = 6,
  kInvalidCapToken = 7,
  kBatchUnknown = 8,
  kBatchClosed = 9,
  kUnknownXID = 10,
  kUnknownLID = 11,
};

enum class CapRevOrCredCode : std::uint8_t {
  kSuccess = 0,
  kUnspecifiedFailure = 1,
  kDuplicateRequest = 2,
  kOriginalProcessed = 3,
  kOriginalNotFound = 4,
  kCapPurged = 5,
  kMissingCapData = 6,
  kInvalidCapData = 7,
  kMissingCapToken = 8,
  kInvalidCapToken = 9,
  kBatchUnknown = 10,
  kBatchClosed = 11,
};

enum class AuthRevCode : std::uint8_t {
  kApproved = 0,
  kUnspecifiedFailure = 1,
  kNoReply = 2,
  kAmountError = 3,
  kExpiredCard = 4,
  kInvalidTransaction = 5,
  kSystemError = 6,
  kMissingCapToken = 7,
  kInvalidCapToken = 8,
  kInvalidAmount = 9,
};

std::string_view Name(CompletionCode code);
std::string_view Name(AuthCode code);
std::string_view Name(CapCode code);
std::string_view Name(CapRevOrCredCode code);
std::string_view Name(AuthRevCode code);

// Gives the AuthCode with this ASN.1 name; nothing if there is none.
std::optional<AuthCode> ParseAuthCode(std::string_view name);

}  // namespace setcore::msg

namespace setcore::der {
template <>
struct EnumRange<msg::CompletionCode> {
  static constexpr int kMin = 0, kMax = 6;
};
template <>
struct EnumRange<msg::AuthCode> {
  static constexpr int kMin = 0, kMax = 16;
};
template <>
struct EnumRange<msg::CapCode> {
  static constexpr int kMin = 0, kMax = 11;
};
template <>
struct EnumRange<msg::CapRevOrCredCode> {
  static constexpr int kMin = 0, kMax = 11;
};
template <>
struct EnumRange<msg::AuthRevCode> {
  static constexpr int kMin = 0, kMax = 9;
};
}  // namespace setcore::der

#endif  // SETCORE_MESSAGES_CODES_H_
