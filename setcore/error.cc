#include "setcore/error.h"

#include <array>

namespace setcore {
namespace {

// set-messages.asn, section 2: the names in the order of their numbers, which start at 1.
constexpr std::array<std::string_view, 22> kNames = {
    "unspecifiedFailure",    "messageNotSupported", "decodingFailure",
    "invalidCertificate",    "expiredCertificate",  "revokedCertificate",
    "missingCertificate",    "signatureFailure",    "badMessageHeader",
    "wrapperMsgMismatch",    "versionTooOld",       "versionTooNew",
    "unrecognizedExtension", "messageTooBig",       "signatureRequired",
    "messageTooOld",         "messageTooNew",       "thumbsMismatch",
    "unknownRRPID",          "unknownXID",          "unknownLID",
    "challengeMismatch",
};

}  // namespace

std::string_view Name(ErrorCode code) {
  const auto index = static_cast<std::size_t>(code) - 1;
  return index < kNames.size() ? kNames[index] : "unspecifiedFailure";
}

}  // namespace setcore
