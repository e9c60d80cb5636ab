// What can go wrong with a SET message, in SET's own words.  An Error becomes a SET Error message
// (set-messages.asn, section 2) or, where the decisions say so, an AuthCode or CompletionCode.
#ifndef SETCORE_ERROR_H_
#define SETCORE_ERROR_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "setcore/octets.h"

namespace setcore {

// set-messages.asn, section 2, ErrorCode.
enum class ErrorCode : std::uint8_t {
  kUnspecifiedFailure = 1,
  kMessageNotSupported = 2,
  kDecodingFailure = 3,
  kInvalidCertificate = 4,
  kExpiredCertificate = 5,
  kRevokedCertificate = 6,
  kMissingCertificate = 7,
  kSignatureFailure = 8,
  kBadMessageHeader = 9,
  kWrapperMsgMismatch = 10,
  kVersionTooOld = 11,
  kVersionTooNew = 12,
  kUnrecognizedExtension = 13,
  kMessageTooBig = 14,
  kSignatureRequired = 15,
  kMessageTooOld = 16,
  kMessageTooNew = 17,
  kThumbsMismatch = 18,
  kUnknownRRPID = 19,
  kUnknownXID = 20,
  kUnknownLID = 21,
  kChallengeMismatch = 22,
};

// Name gives the ASN.1 identifier of `code`, for example "decodingFailure".
std::string_view Name(ErrorCode code);

// Error says why a message is refused.  `detail` is for people and never holds a secret.
struct Error {
  ErrorCode code = ErrorCode::kUnspecifiedFailure;
  std::string detail;
  Octets thumb;           // SHA-1 thumb of the offending certificate, if one is to blame
  Octets extension;       // DER contents octets of the OID of an unknown critical extension
  bool envelope = false;  // the failure lies behind an envelope: the answer shows messageHeader
  bool silent = false;    // nothing is sent to the other side: set-processing.md, 4.3 (10)
};

template <class T>
using Result = tl::expected<T, Error>;

// Fail makes the error side of a Result.
inline tl::unexpected<Error> Fail(ErrorCode code, std::string detail) {
  Error error;
  error.code = code;
  error.detail = std::move(detail);
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace setcore

#endif  // SETCORE_ERROR_H_
