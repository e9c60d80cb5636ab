// The merchant judges what came back for an AuthReq (set-processing.md, 7.5, 7.6).

#include <utility>

#include "setcore/merchant.h"
#include "setcore/merchant_acquirer.h"
#include "setcore/merchant_common.h"
#include "setcore/messages/authorization.h"
#include "setcore/order.h"
#include "setcore/received_error.h"
#include "setcore/treatments/enveloped.h"

namespace setcore {

namespace {

using merchant::Forward;

struct OpenedAuthRes {
  msg::AuthResData data;
  treatments::Verified verified;
};

// Decrypts and verifies; whose answer it is, and to what, is not judged.
Result<OpenedAuthRes> Open(const Environment& env, const MerchantKeys& keys,
                           const pki::TrustStore& trust, const msg::AuthRes& authres) {
  constexpr pki::Role kRole = pki::Role::kGatewaySignature;
  const auto exchange = merchant::ExchangeKeysOf(keys);
  const msg::AuthResEncB& encb = merchant::EncBOf(authres);
  auto baggage = der::KeptDer(encb.baggage);
  if (!baggage) return Forward(baggage);
  auto opened = authres.value.index() == 0
                    ? treatments::OpenEncB(exchange, encb.enc, *baggage, treatments::kAuthResTypes,
                                           trust, kRole, env)
                    : treatments::OpenEncBX(exchange, encb.enc, *baggage,
                                            treatments::kAuthResXTypes, trust, kRole, env);
  if (!opened) return Forward(opened);
  auto data = der::Decode<msg::AuthResData>(opened->t);
  if (!data) return merchant::CannotOpen();
  return OpenedAuthRes{*std::move(data), std::move(opened->verified)};
}

// Decrypts what was verified before.
Result<msg::AuthResData> Reread(const Environment& env, const MerchantKeys& keys,
                                const msg::AuthRes& authres) {
  const auto exchange = merchant::ExchangeKeysOf(keys);
  const msg::EnvelopedData& enc = merchant::EncBOf(authres).enc;
  auto t = authres.value.index() == 0
               ? treatments::RereadEncB(exchange, enc, treatments::kAuthResTypes, *env.random)
               : treatments::RereadEncBX(exchange, enc, treatments::kAuthResXTypes, *env.random);
  if (!t) return Forward(t);
  return der::Decode<msg::AuthResData>(*t);
}

}  // namespace

Result<std::optional<msg::Kept<msg::CapToken>>> merchant::GrantedToken(OctetView authres) {
  if (authres.empty()) return std::nullopt;
  auto received = Receive<msg::AuthRes>(authres, msg::MessageType::kAuthRes, std::nullopt);
  if (!received) return Forward(received);
  return EncBOf(received->message).baggage.value.cap_token;
}

std::optional<msg::AuthResPayload> merchant::GrantedPayload(const Environment& env,
                                                            const MerchantKeys& keys,
                                                            OctetView authres) {
  if (authres.empty()) return std::nullopt;
  auto received = Receive<msg::AuthRes>(authres, msg::MessageType::kAuthRes, std::nullopt);
  if (!received) return std::nullopt;
  auto data = Reread(env, keys, received->message);
  if (!data) return std::nullopt;
  return std::move(data->auth_res_payload);
}

namespace {

AuthOutcome OutcomeOf(const Environment& env, const msg::AuthResData& data,
                      const msg::AuthResBaggage& baggage) {
  const msg::AuthResPayload& payload = data.auth_res_payload;
  const msg::AuthHeader& header = payload.auth_header;
  AuthOutcome outcome;
  outcome.auth_code = static_cast<int>(header.auth_code);
  outcome.auth_amt = PurchAmtOf(header.auth_amt).value_or(initiation::PurchAmt{});
  outcome.auth_date = env.now;
  if (payload.cap_res_payload) {
    outcome.cap_code = static_cast<int>(payload.cap_res_payload->cap_code);
    outcome.cap_amt = PurchAmtOf(payload.cap_res_payload->cap_amt).value_or(initiation::PurchAmt{});
    outcome.cap_date = env.now;
  }
  if (baggage.acq_card_msg) outcome.acq_card_msg = baggage.acq_card_msg->der;
  if (header.curr_conv) outcome.curr_conv = der::MustEncode(*header.curr_conv);
  outcome.detail = msg::Name(header.auth_code);
  return outcome;
}

Result<AuthOutcome> JudgeAuthRes(const Environment& env, const MerchantKeys& keys,
                                 const pki::TrustStore& trust, const msg::MessageHeader& request,
                                 OctetView authres) {
  auto received = Receive<msg::AuthRes>(authres, msg::MessageType::kAuthRes, std::nullopt);
  if (!received) return Forward(received);
  if (auto dated = merchant::CheckDate(env, request, received->header); !dated) {
    return Forward(dated);
  }
  auto opened = Open(env, keys, trust, received->message);
  if (!opened) return Forward(opened);

  if (auto ours = merchant::CheckSigner(keys, *opened->verified.signer()); !ours) {
    return Forward(ours);
  }
  const msg::AuthTags& tags = opened->data.auth_tags;
  const msg::TransIDs& ids = tags.trans_ids.value;
  if (auto same = CheckHeader(received->header, tags.auth_rr_tags.rrpid, IdsOf(ids)); !same) {
    return Forward(same);
  }
  if (auto ours = merchant::CheckExchange(request, tags.auth_rr_tags.rrpid, ids); !ours) {
    return Forward(ours);
  }
  if (auto known = CheckExtensions(opened->data.auth_res_payload.a_rs_extensions); !known) {
    return Forward(known);
  }
  if (auto current = merchant::CheckRevocation(env, keys, trust, opened->verified,
                                               opened->data.brand_crl_identifier);
      !current) {
    return Forward(current);
  }
  return OutcomeOf(env, opened->data, merchant::EncBOf(received->message).baggage.value);
}

// A signed Error of this gateway is an outcome: there will be no AuthCode (D-10).
AuthOutcome OutcomeOf(const Environment& env, ErrorCode code) {
  AuthOutcome outcome;
  outcome.authorized_or_refused = false;
  outcome.auth_date = env.now;
  outcome.detail = Name(code);
  return outcome;
}

}  // namespace

Result<AuthOutcome> CheckAuthRes(const Environment& env, const MerchantKeys& keys,
                                 const pki::TrustStore& trust, OctetView authreq,
                                 OctetView authres) {
  auto request = ReceiveWrapper(authreq, msg::MessageType::kAuthReq, std::nullopt);
  if (!request) return Forward(request);
  if (!merchant::IsError(authres)) return JudgeAuthRes(env, keys, trust, request->header, authres);
  const auto code = merchant::ReadGatewayError(env, keys, trust, request->header, authreq, authres);
  if (!code) return tl::unexpected<Error>(code.error());
  return OutcomeOf(env, *code);
}

Result<AuthOutcome> RereadAuthRes(const Environment& env, const MerchantKeys& keys,
                                  OctetView authres) {
  if (merchant::IsError(authres)) {
    const auto code = RereadSignedError(authres);
    if (!code) return tl::unexpected<Error>(code.error());
    return OutcomeOf(env, *code);
  }
  auto received = Receive<msg::AuthRes>(authres, msg::MessageType::kAuthRes, std::nullopt);
  if (!received) return Forward(received);
  auto data = Reread(env, keys, received->message);
  if (!data) return Forward(data);
  return OutcomeOf(env, *data, merchant::EncBOf(received->message).baggage.value);
}

}  // namespace setcore
