// The merchant takes an authorization back: AuthRevReq, AuthRevRes (set-processing.md, 8).

#include <utility>

#include "setcore/merchant.h"
#include "setcore/merchant_acquirer.h"
#include "setcore/merchant_common.h"
#include "setcore/messages/authorization_reversal.h"
#include "setcore/received_error.h"
#include "setcore/treatments/enveloped.h"

namespace setcore {
namespace {

using merchant::Forward;

struct OpenedAuthRevRes {
  msg::AuthRevResData data;
  treatments::Verified verified;
};

Result<OpenedAuthRevRes> Open(const Environment& env, const MerchantKeys& keys,
                              const pki::TrustStore& trust, const msg::AuthRevRes& authrevres) {
  const auto exchange = merchant::ExchangeKeysOf(keys);
  const auto* with_tokens = std::get_if<msg::AuthRevResEncB>(&authrevres.value);
  auto opened = with_tokens != nullptr
                    ? treatments::OpenEncB(exchange, with_tokens->enc, with_tokens->baggage.der,
                                           treatments::kAuthRevResTypes, trust,
                                           pki::Role::kGatewaySignature, env)
                    : treatments::OpenEnc(exchange, std::get<msg::EnvelopedData>(authrevres.value),
                                          treatments::kAuthRevResPlainTypes, trust,
                                          pki::Role::kGatewaySignature, env);
  if (!opened) return Forward(opened);
  auto data = der::Decode<msg::AuthRevResData>(opened->t);
  if (!data) return merchant::CannotOpen();
  return OpenedAuthRevRes{*std::move(data), std::move(opened->verified)};
}

// Decrypts what was verified before.
Result<msg::AuthRevResData> Reread(const Environment& env, const MerchantKeys& keys,
                                   const msg::AuthRevRes& authrevres) {
  const auto exchange = merchant::ExchangeKeysOf(keys);
  const auto* with_tokens = std::get_if<msg::AuthRevResEncB>(&authrevres.value);
  auto t = with_tokens != nullptr
               ? treatments::RereadEncB(exchange, with_tokens->enc, treatments::kAuthRevResTypes,
                                        *env.random)
               : treatments::RereadEnc(exchange, std::get<msg::EnvelopedData>(authrevres.value),
                                       treatments::kAuthRevResPlainTypes, *env.random);
  if (!t) return Forward(t);
  return der::Decode<msg::AuthRevResData>(*t);
}

ReversalOutcome OutcomeOf(msg::AuthRevCode code) {
  return {code == msg::AuthRevCode::kApproved, "AuthRevCode", msg::Name(code),
          static_cast<int>(code)};
}

ReversalOutcome OutcomeOf(ErrorCode code) {
  return {false, "ErrorCode", Name(code), static_cast<int>(code)};
}

Result<ReversalOutcome> JudgeAuthRevRes(const Environment& env, const MerchantKeys& keys,
                                        const pki::TrustStore& trust,
                                        const msg::MessageHeader& request, OctetView answer) {
  auto received = Receive<msg::AuthRevRes>(answer, msg::MessageType::kAuthRevRes, std::nullopt);
  if (!received) return Forward(received);
  if (auto dated = merchant::CheckDate(env, request, received->header); !dated) {
    return Forward(dated);
  }
  auto opened = Open(env, keys, trust, received->message);
  if (!opened) return Forward(opened);
  if (auto ours = merchant::CheckSigner(keys, *opened->verified.signer()); !ours) {
    return Forward(ours);
  }
  const msg::AuthRevResData& data = opened->data;
  const msg::RRPID& rrpid = data.auth_rev_tags.auth_rev_rr_tags.rrpid;
  const msg::TransIDs& ids = data.auth_res_data_new.trans_ids.value;
  if (auto same = CheckHeader(received->header, rrpid, IdsOf(ids)); !same) return Forward(same);
  if (auto ours = merchant::CheckExchange(request, rrpid, ids); !ours) return Forward(ours);
  if (auto known = CheckExtensions(data.a_rv_rs_extensions); !known) return Forward(known);
  if (auto current =
          merchant::CheckRevocation(env, keys, trust, opened->verified, data.brand_crl_identifier);
      !current) {
    return Forward(current);
  }
  // We only ever ask for everything: an approval that leaves something is no answer to that.
  if (data.auth_rev_code == msg::AuthRevCode::kApproved && data.auth_new_amt.amount != 0) {
    return Fail(ErrorCode::kUnspecifiedFailure, "a reversal of another amount than was asked for");
  }
  return OutcomeOf(data.auth_rev_code);
}

}  // namespace

Result<AcquirerRequest> ComposeAuthRevReq(const Environment& env, const MerchantKeys& keys,
                                          const MerchantPolicy& policy, const PurchaseTerms& terms,
                                          OctetView preq, OctetView authreq, OctetView authres) {
  auto order = merchant::RereadPReq(preq);
  if (!order) return Forward(order);
  auto asked = merchant::ReaskedAuthReq(keys, policy, terms, order->message, authreq);
  if (!asked) return Forward(asked);
  const msg::RRPID auth_rrpid = asked->auth_req_item.auth_tags.auth_rr_tags.rrpid;

  msg::AuthRevReqData data;
  msg::AuthRevReqBaggage baggage;
  msg::RRTags& tags = data.auth_rev_tags.auth_rev_rr_tags;
  tags = asked->auth_req_item.auth_tags.auth_rr_tags;
  merchant::Draw(env, tags.rrpid);
  tags.current_date.value = env.now;
  data.auth_rev_tags.auth_rrpid = auth_rrpid;  // D-56
  data.auth_new_amt = asked->auth_req_item.auth_req_payload.auth_req_amt;
  data.auth_new_amt.amount = 0;
  data.auth_req_data = *std::move(asked);
  baggage.pi.value = merchant::InstructionOf(order->message);
  auto token = merchant::GrantedToken(authres);
  if (!token) return Forward(token);
  baggage.cap_token = *std::move(token);
  data.auth_res_payload = merchant::GrantedPayload(env, keys, authres);

  auto request =
      merchant::EncBFor(env, keys, treatments::kAuthRevReqTypes, data, std::move(baggage));
  if (!request) return Forward(request);
  auto wrapped =
      merchant::WrapRequest(env, terms.sw_ident, msg::MessageType::kAuthRevReq, tags.rrpid,
                            data.auth_req_data->auth_req_item.auth_tags.trans_ids.value, *request);
  if (!wrapped) return Forward(wrapped);
  return AcquirerRequest{std::move(wrapped->message), std::move(wrapped->rrpid)};
}

Result<ReversalOutcome> CheckAuthRevRes(const Environment& env, const MerchantKeys& keys,
                                        const pki::TrustStore& trust, OctetView authrevreq,
                                        OctetView authrevres) {
  auto request = ReceiveWrapper(authrevreq, msg::MessageType::kAuthRevReq, std::nullopt);
  if (!request) return Forward(request);
  if (!merchant::IsError(authrevres)) {
    return JudgeAuthRevRes(env, keys, trust, request->header, authrevres);
  }
  const auto code =
      merchant::ReadGatewayError(env, keys, trust, request->header, authrevreq, authrevres);
  if (!code) return tl::unexpected<Error>(code.error());
  return OutcomeOf(*code);
}

Result<ReversalOutcome> RereadAuthRevRes(const Environment& env, const MerchantKeys& keys,
                                         OctetView authrevres) {
  if (merchant::IsError(authrevres)) {
    const auto code = RereadSignedError(authrevres);
    if (!code) return tl::unexpected<Error>(code.error());
    return OutcomeOf(*code);
  }
  auto received = Receive<msg::AuthRevRes>(authrevres, msg::MessageType::kAuthRevRes, std::nullopt);
  if (!received) return Forward(received);
  auto data = Reread(env, keys, received->message);
  if (!data) return Forward(data);
  return OutcomeOf(data->auth_rev_code);
}

}  // namespace setcore
