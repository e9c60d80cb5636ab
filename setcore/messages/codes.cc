#include "setcore/messages/codes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "setcore/messages/wrapper.h"

namespace setcore::msg {
namespace {

constexpr std::array<std::string_view, 7> kCompletionCodes = {
    "meaninglessRatio",       "orderRejected",    "orderReceived",  "orderNotReceived",
    "authorizationPerformed", "capturePerformed", "creditPerformed"};

constexpr std::array<std::string_view, 17> kAuthCodes = {"approved",
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

constexpr std::array<std::string_view, 12> kCapCodes = {
    "success",         "unspecifiedFailure", "duplicateRequest", "authExpired",
    "authDataMissing", "invalidAuthData",    "capTokenMissing",  "invalidCapToken",
    "batchUnknown",    "batchClosed",        "unknownXID",       "unknownLID"};

constexpr std::array<std::string_view, 12> kCapRevOrCredCodes = {
    "success",          "unspecifiedFailure", "duplicateRequest", "originalProcessed",
    "originalNotFound", "capPurged",          "missingCapData",   "invalidCapData",
    "missingCapToken",  "invalidCapToken",    "batchUnknown",     "batchClosed"};

constexpr std::array<std::string_view, 10> kAuthRevCodes = {
    "approved",        "unspecifiedFailure", "noReply",     "amountError",
    "expiredCard",     "invalidTransaction", "systemError", "missingCapToken",
    "invalidCapToken", "invalidAmount"};

constexpr std::array<std::string_view, 32> kMessages = {
    "PInitReq",      "PInitRes",      "PReq",         "PRes",         "InqReq",
    "InqRes",        "AuthReq",       "AuthRes",      "AuthRevReq",   "AuthRevRes",
    "CapReq",        "CapRes",        "CapRevReq",    "CapRevRes",    "CredReq",
    "CredRes",       "CredRevReq",    "CredRevRes",   "PCertReq",     "PCertRes",
    "BatchAdminReq", "BatchAdminRes", "CardCInitReq", "CardCInitRes", "Me-AqCInitReq",
    "Me-AqCInitRes", "RegFormReq",    "RegFormRes",   "CertReq",      "CertRes",
    "CertInqReq",    "CertInqRes"};

template <class Table, class E>
std::string_view Find(const Table& table, E value) {
  const auto at = static_cast<std::size_t>(value);
  return at < table.size() ? table[at] : std::string_view();
}

}  // namespace

std::string_view Name(CompletionCode code) { return Find(kCompletionCodes, code); }
std::string_view Name(AuthCode code) { return Find(kAuthCodes, code); }
std::string_view Name(CapCode code) { return Find(kCapCodes, code); }
std::string_view Name(CapRevOrCredCode code) { return Find(kCapRevOrCredCodes, code); }

std::string_view Name(AuthRevCode code) { return Find(kAuthRevCodes, code); }

std::optional<AuthCode> ParseAuthCode(std::string_view name) {
  const auto at = std::find(kAuthCodes.begin(), kAuthCodes.end(), name);
  if (at == kAuthCodes.end()) return std::nullopt;
  return static_cast<AuthCode>(std::distance(kAuthCodes.begin(), at));
}

std::string_view Name(MessageType type) {
  return type == MessageType::kError ? std::string_view("Error") : Find(kMessages, type);
}

}  // namespace setcore::msg
