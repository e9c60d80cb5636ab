#include "setcore/received_error.h"

#include <utility>
#include <variant>

#include "setcore/messages/receive.h"
#include "setcore/treatments/signed.h"

namespace setcore {

Result<ReceivedError> ReadError(const Environment& env, const pki::TrustStore& trust,
                                OctetView octets) {
  auto received = Receive<msg::ErrorMessage>(octets, msg::MessageType::kError, std::nullopt);
  if (!received) return tl::unexpected<Error>(std::move(received).error());
  ReceivedError error;
  error.header = std::move(received->header);
  if (auto* tbs = std::get_if<msg::ErrorTBS>(&received->message.value)) {
    error.error = std::move(*tbs);
    return error;
  }
  const auto& signed_data = std::get<msg::SignedData>(received->message.value);
  const auto verified = treatments::VerifySigned(signed_data, oid::kErrorTbs, trust,
                                                 pki::Role::kAnySignature, env.now);
  if (!verified) return tl::unexpected<Error>(verified.error());
  auto tbs = der::Decode<msg::ErrorTBS>(signed_data.content_info.content->der);
  if (!tbs) return tl::unexpected<Error>(std::move(tbs).error());
  error.error = *std::move(tbs);
  error.signer = verified->signer();
  return error;
}

Result<ErrorCode> RereadSignedError(OctetView octets) {
  const auto received = Receive<msg::ErrorMessage>(octets, msg::MessageType::kError, std::nullopt);
  if (!received) return tl::unexpected<Error>(received.error());
  const auto* signed_data = std::get_if<msg::SignedData>(&received->message.value);
  if (signed_data == nullptr || !signed_data->content_info.content) {
    return Fail(ErrorCode::kUnspecifiedFailure, "an unsigned Error");
  }
  const auto tbs = der::Decode<msg::ErrorTBS>(signed_data->content_info.content->der);
  if (!tbs) return tl::unexpected<Error>(tbs.error());
  return tbs->error_code;
}

}  // namespace setcore
