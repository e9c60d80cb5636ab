// The Error message (set-messages.asn, section 2).
#ifndef SETCORE_MESSAGES_ERROR_MESSAGE_H_
#define SETCORE_MESSAGES_ERROR_MESSAGE_H_

#include <optional>
#include <variant>

#include "setcore/error.h"
#include "setcore/messages/common.h"
#include "setcore/messages/pkcs7.h"
#include "setcore/messages/wrapper.h"

namespace setcore::der {
template <>
struct EnumRange<ErrorCode> {
  static constexpr int kMin = 1, kMax = 22;
};
}  // namespace setcore::der

namespace setcore::msg {

// Octets of a wrapper that badWrapper holds at most.
inline constexpr std::size_t kMaxBadWrapper = 20000;

using BadWrapper = der::BoundedOctets<1, kMaxBadWrapper>;

// ErrorMsg ::= CHOICE { messageHeader [0] EXPLICIT, badWrapper [1] IMPLICIT }.
using ErrorMsg = std::variant<MessageHeader, BadWrapper>;

template <class Ar>
void Io(Ar& ar, ErrorMsg& m) {
  if constexpr (Ar::kReading) {
    if (ar.NextIs(der::Context(0, true))) {
      ar.Explicit(0, m.emplace<MessageHeader>());
    } else {
      ar.Implicit(1, m.emplace<BadWrapper>());
    }
  } else if (auto* header = std::get_if<MessageHeader>(&m)) {
    ar.Explicit(0, *header);
  } else {
    ar.Implicit(1, std::get<BadWrapper>(m));
  }
}

struct ErrorTBS {
  ErrorCode error_code = ErrorCode::kUnspecifiedFailure;
  Nonce error_nonce{};
  std::optional<Oid> error_oid;
  std::optional<CertThumb> error_thumb;
  ErrorMsg error_msg;
  friend bool operator==(const ErrorTBS&, const ErrorTBS&) = default;
};

template <class Ar>
void Io(Ar& ar, ErrorTBS& e) {
  ar.Sequence([&] {
    ar(e.error_code, e.error_nonce);
    ar.OptionalImplicit(0, e.error_oid);
    ar.OptionalExplicit(1, e.error_thumb);
    ar.Constructed(der::Context(2, true), [&] { Io(ar, e.error_msg); });
  });
}

// Error ::= CHOICE { signedError [0], unsignedError [1] }, both EXPLICIT.
struct ErrorMessage {
  std::variant<SignedData, ErrorTBS> value;
  friend bool operator==(const ErrorMessage&, const ErrorMessage&) = default;
};

template <class Ar>
void Io(Ar& ar, ErrorMessage& e) {
  ExplicitChoice(ar, e.value);
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_ERROR_MESSAGE_H_
