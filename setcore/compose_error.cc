#include "setcore/compose_error.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/receive.h"
#include "setcore/treatments/signed.h"

namespace setcore {
namespace {

std::optional<msg::MessageHeader> HeaderOf(OctetView offending) {
  const Result<Skeleton> skeleton = ReadSkeleton(offending, offending.size());
  if (!skeleton) return std::nullopt;
  Result<msg::MessageHeader> header = ReadHeader(*skeleton);
  if (!header || !der::Encode(*header)) return std::nullopt;
  return *std::move(header);
}

// Tells whether errorMsg is the wrapper although its header could be read: the body of the message
// did not decode, and not behind an envelope.
bool NeedsWrapper(const Error& error) {
  return error.code == ErrorCode::kBadMessageHeader ||
         (error.code == ErrorCode::kDecodingFailure && !error.envelope);
}

msg::ErrorMsg ErrorMsgOf(const std::optional<msg::MessageHeader>& header,
                         const msg::MessageHeader& own, OctetView offending, const Error& error) {
  if (header && !NeedsWrapper(error)) return *header;
  if (offending.empty()) return own;  // badWrapper cannot be empty
  const OctetView first = offending.first(std::min(offending.size(), msg::kMaxBadWrapper));  // D-28
  return msg::BadWrapper{Octets(first.begin(), first.end())};
}

}  // namespace

Octets ComposeError(const Environment& env, const pki::CertifiedKey* signer, OctetView offending,
                    const Error& error, std::string_view sw_ident) {
  const std::optional<msg::MessageHeader> header = HeaderOf(offending);
  msg::MessageHeader own = MakeHeader(env.now, sw_ident, std::nullopt, {});
  if (header) {
    own.rrpid = header->rrpid;
    own.message_ids = header->message_ids;
  }
  msg::ErrorTBS tbs;
  tbs.error_code = error.code;
  env.random->Fill(tbs.error_nonce);
  tbs.error_oid = der::Oid::FromContents(error.extension);
  if (!error.thumb.empty()) tbs.error_thumb.emplace().thumbprint.value = error.thumb;
  tbs.error_msg = ErrorMsgOf(header, own, offending, error);

  msg::ErrorMessage message;
  if (signer != nullptr) {
    message.value =
        treatments::Sign({signer->key, signer->chain}, oid::kErrorTbs, der::MustEncode(tbs));
  } else {
    message.value = std::move(tbs);
  }
  msg::MessageWrapper wrapper;
  wrapper.header = std::move(own);
  wrapper.type = msg::MessageType::kError;
  wrapper.message.der = der::MustEncode(message);
  return der::MustEncode(wrapper);
}

}  // namespace setcore
