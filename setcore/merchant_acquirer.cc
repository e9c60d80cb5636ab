#include "setcore/merchant_acquirer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "setcore/merchant_common.h"
#include "setcore/messages/error_message.h"
#include "setcore/pki/brand.h"
#include "setcore/pki/revocation.h"
#include "setcore/received_error.h"

namespace setcore::merchant {
namespace {

// The commonName of a gateway is "BIN:number"; all its certificates share the BIN.
std::string_view AcquirerBin(const pki::Certificate& certificate) {
  const std::string_view name = certificate.subject_parts().common_name;
  return name.substr(0, name.find(':'));
}

bool IsOurGateway(const MerchantKeys& keys, const pki::Certificate& signer) {
  return (signer.types() & pki::kPgwy) != 0 &&
         AcquirerBin(signer) == AcquirerBin(*keys.gateway_chain.front());
}

// Names tells whether the signed part of an Error speaks of this request (7.6).
bool Names(const ReceivedError& error, const msg::MessageHeader& header, OctetView request) {
  if (const msg::MessageHeader* offending = error.offending()) {
    return offending->rrpid && offending->rrpid == header.rrpid && offending->message_ids &&
           header.message_ids && offending->message_ids->xid == header.message_ids->xid;
  }
  const Octets& wrapper = std::get<msg::BadWrapper>(error.error.error_msg).value;
  const OctetView sent = request.first(std::min(request.size(), msg::kMaxBadWrapper));
  return std::ranges::equal(wrapper, sent);
}

}  // namespace

tl::unexpected<Error> CannotOpen() {
  auto failure = Fail(ErrorCode::kDecodingFailure, "envelope cannot be opened");
  failure.value().envelope = true;
  return failure;
}

Result<void> CheckSigner(const MerchantKeys& keys, const pki::Certificate& signer) {
  if (!IsOurGateway(keys, signer) ||
      !pki::SameBrand(signer.subject_parts().organization,
                      keys.gateway_chain.front()->subject_parts().organization)) {
    return Fail(ErrorCode::kInvalidCertificate, "signed by another gateway");
  }
  return {};
}

// A gateway answers a resent request with the octets of its first answer, however late
// (set-processing.md, 2.3), so the answer may be as old as the request.
Result<void> CheckDate(const Environment& env, const msg::MessageHeader& request,
                       const msg::MessageHeader& answer) {
  if (answer.date.value < request.date.value - kDateWindow) {
    return Fail(ErrorCode::kMessageTooOld, "dated before its request");
  }
  if (answer.date.value > env.now + kDateWindow) {
    return Fail(ErrorCode::kMessageTooNew, "dated too far in the future");
  }
  return {};
}

Result<void> CheckExchange(const msg::MessageHeader& request, const msg::RRPID& rrpid,
                           const msg::TransIDs& ids) {
  if (!request.rrpid || !request.message_ids || !request.message_ids->xid) {
    return Fail(ErrorCode::kUnspecifiedFailure, "stored request without ids");
  }
  if (*request.rrpid != rrpid) return Fail(ErrorCode::kUnknownRRPID, "RRPID of another exchange");
  if (*request.message_ids->xid != ids.xid) {
    return Fail(ErrorCode::kUnknownXID, "XID of another purchase");
  }
  if (request.message_ids->lid_c != std::optional(ids.lid_c) ||
      request.message_ids->lid_m != ids.lid_m) {
    return Fail(ErrorCode::kUnknownLID, "LID-C or LID-M of another purchase");
  }
  return {};
}

Result<void> CheckRevocation(const Environment& env, const MerchantKeys& keys,
                             const pki::TrustStore& trust, const treatments::Verified& verified,
                             const std::optional<msg::Any>& bci) {
  if (!bci) return {};
  auto parsed = pki::BrandCrlIdentifier::Parse(bci->der);
  if (!parsed) return Forward(parsed);
  return trust.CheckBrandCrlIdentifier(
      **parsed, verified.certificates, verified.crls,
      pki::BrandPart(keys.gateway_chain.front()->subject_parts().organization), env.now);
}

bool IsError(OctetView answer) {
  const auto skeleton = ReadSkeleton(answer);
  return skeleton && skeleton->alternative == static_cast<std::uint32_t>(msg::MessageType::kError);
}

Result<ErrorCode> ReadGatewayError(const Environment& env, const MerchantKeys& keys,
                                   const pki::TrustStore& trust, const msg::MessageHeader& header,
                                   OctetView request, OctetView answer) {
  auto error = ReadError(env, trust, answer);
  if (!error) return Forward(error);
  if (error->signer == nullptr) return Fail(ErrorCode::kUnspecifiedFailure, "an unsigned Error");
  if (!IsOurGateway(keys, *error->signer)) {
    return Fail(ErrorCode::kInvalidCertificate, "an Error signed by somebody else");
  }
  if (!Names(*error, header, request)) {
    return Fail(ErrorCode::kUnknownRRPID, "an Error about another message");
  }
  return error->error.error_code;
}

}  // namespace setcore::merchant
