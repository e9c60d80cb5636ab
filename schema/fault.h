// The error vocabulary of the Payment API (RFC 3867, 3.1, Table 2; RFC 2801, 7.21.2) and Fault, the
// reason why a request is answered with an ErrorResponse.
#ifndef SCHEMA_FAULT_H_
#define SCHEMA_FAULT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace schema {

// RFC 3867, Table 2.  The bridge never emits a code that is not listed here.
enum class FaultCode : std::uint8_t {
  kReserved,
  kXmlNotWellFrmd,
  kXmlNotValid,
  kElNotValid,
  kElUnexpected,
  kElNotSupp,
  kElMissing,
  kElContIllegal,
  kEncapProtErr,
  kAttUnexpected,
  kAttNotValid,
  kAttNotSupp,
  kAttMissing,
  kAttValIllegal,
  kAttValNotRecog,
  kMsgTooLarge,
  kElTooLarge,
  kValueTooSmall,
  kValueTooLarge,
  kElInconsistent,
  kTransportError,
  kMsgBeingProc,
  kSystemBusy,
  kUnknownError,
  kSyntaxError,
  kReqNotSupp,
  kReqRefused,
  kBusError,
};

// Name gives the code as ErrorCode spells it, for example "AttValIllegal" (errata E-1, E-2).
std::string_view Name(FaultCode code);

// Problem is what the code and the place do not say.
enum class Problem : std::uint8_t {
  kNone,
  kNulOctet,
  kXmlVersion,  // other than 1.0
  kEncoding,    // other than UTF-8
  kDoctype,
  kExternalEntity,
  kTooDeep,
  kTooManyAttributes,
  kTooMuchText,
  kUnknownElement,
  kWrongRoot,
  kElementPrefixed,
  kUnboundPrefix,
  kForeignNamespace,
  kNamespaceAgain,
  kNamespaceUnneeded,
  kForeignAttribute,
  kAttributeTwice,  // in two spellings
};
inline constexpr std::size_t kProblems = static_cast<std::size_t>(Problem::kAttributeTwice) + 1;

// Fault says what is wrong with a request and where.  It quotes nothing of the request but the name
// of an attribute; whoever reports it puts it into words.
struct Fault {
  FaultCode code = FaultCode::kUnknownError;
  std::string element_type;  // innermost element known (interfaces.md, 5)
  std::string att_name;      // empty if no attribute is to blame
  Problem problem = Problem::kNone;
  std::uint64_t line = 0;  // 0: unknown
  std::uint64_t column = 0;
};

}  // namespace schema

#endif  // SCHEMA_FAULT_H_
