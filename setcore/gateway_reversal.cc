// The gateway takes an authorization back: AuthRevReq, AuthRevRes (set-processing.md, 8).

#include <algorithm>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "setcore/asn1/codec.h"
#include "setcore/gateway.h"
#include "setcore/gateway_common.h"
#include "setcore/messages/authorization_reversal.h"

namespace setcore {
namespace {

using msg::AuthRevCode;

// The RRPID of the AuthReq, from where the merchant says it; nothing if the two places differ.
std::optional<msg::RRPID> AuthRrpidOf(const msg::AuthRevReqData& data) {
  const std::optional<msg::RRPID>& tagged = data.auth_rev_tags.auth_rrpid;
  if (!data.auth_req_data) return tagged;
  const msg::RRPID& asked = data.auth_req_data->auth_req_item.auth_tags.auth_rr_tags.rrpid;
  if (tagged && *tagged != asked) return std::nullopt;
  return asked;
}

Result<void> CheckRequestExtensions(const msg::AuthRevReqData& data) {
  if (auto known = CheckExtensions(data.a_rv_rq_extensions); !known) return known;
  if (data.auth_req_data) {
    const auto& payload = data.auth_req_data->auth_req_item.auth_req_payload;
    if (auto known = CheckExtensions(payload.a_rq_extensions); !known) return known;
  }
  if (data.auth_res_payload) return CheckExtensions(data.auth_res_payload->a_rs_extensions);
  return {};
}

}  // namespace

Result<ReversalRequest> OpenAuthRevReq(const Environment& env, std::span<const GatewayKeys> keys,
                                       const pki::TrustStore& trust, const GatewayPolicy& policy,
                                       OctetView authrevreq) {
  auto wrapper =
      ReceiveWrapper(authrevreq, msg::MessageType::kAuthRevReq, env.now, policy.max_message);
  if (!wrapper) return tl::unexpected<Error>(std::move(wrapper).error());
  auto message = der::Decode<msg::AuthRevReq>(wrapper->message.der);
  if (!message) return tl::unexpected<Error>(std::move(message).error());
  if (auto known = CheckExtensions(wrapper->mw_extensions); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }
  const std::vector<treatments::ExchangeKey> exchange_keys = gateway::ExchangeKeysOf(keys);
  auto opened =
      treatments::OpenEncB(exchange_keys, message->enc, message->baggage.der,
                           treatments::kAuthRevReqTypes, trust, pki::Role::kMerchantSignature, env);
  if (!opened) return tl::unexpected<Error>(std::move(opened).error());
  auto data = der::Decode<msg::AuthRevReqData>(opened->t);
  if (!data) return gateway::CannotRead(data.error().detail);
  const pki::Certificate& signer = *opened->verified.signer();
  if (auto known = gateway::CheckMerchant(*opened); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }

  // AuthRevReqData names the transaction only inside an OPTIONAL part; the PI always does.
  const msg::AuthRevReqBaggage& baggage = message->baggage.value;
  const auto instruction = gateway::OpenInstruction(exchange_keys, baggage.pi.value, *env.random);
  ReversalRequest request;
  if (data->auth_req_data) {
    request.trans_ids = data->auth_req_data->auth_req_item.auth_tags.trans_ids;
  } else if (instruction) {
    request.trans_ids = instruction->link.t1.value.trans_ids;
  } else {
    return gateway::CannotRead("nothing tells which transaction is meant");
  }
  if (auto same = CheckHeader(wrapper->header, data->auth_rev_tags.auth_rev_rr_tags.rrpid,
                              IdsOf(request.trans_ids.value));
      !same) {
    return tl::unexpected<Error>(std::move(same).error());
  }
  if (auto known = CheckRequestExtensions(*data); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }
  auto exchange = gateway::FindMerchantExchange(opened->verified, trust, env.now);
  if (!exchange) return tl::unexpected<Error>(std::move(exchange).error());

  request.instruction_fits =
      instruction &&
      gateway::SameTransaction(request.trans_ids.value, instruction->link.t1.value.trans_ids.value);
  request.auth_rrpid = AuthRrpidOf(*data);
  if (baggage.cap_token) {
    request.cap_token =
        gateway::JudgeToken(env, keys, trust, baggage.cap_token->value, request.auth_rrpid);
  }
  request.new_amount = data->auth_new_amt;
  request.merchant_id = signer.merchant_data()->merchant_id;
  request.signer_thumb = signer.thumb();
  request.brand = gateway::BrandOf(*opened->recipient);
  request.merchant_exchange = *std::move(exchange);
  request.m_thumbs = std::move(data->m_thumbs);
  request.tags = std::move(data->auth_rev_tags);
  return request;
}

AuthRevCode JudgeAuthRevReq(const ReversalRequest& request, const AuthorizationFacts* facts) {
  if (facts == nullptr || !request.instruction_fits || facts->xid != request.xid() ||
      !facts->approved || facts->captured || facts->reversed) {
    return AuthRevCode::kInvalidTransaction;
  }
  if (facts->cap_token_issued && request.cap_token == CapTokenState::kNone) {
    return AuthRevCode::kMissingCapToken;
  }
  if (gateway::IsBad(request.cap_token)) return AuthRevCode::kInvalidCapToken;
  const auto order = gateway::Compare(request.new_amount, facts->amount);
  if (!order || *order >= 0) return AuthRevCode::kInvalidAmount;
  return AuthRevCode::kApproved;
}

Result<Octets> ComposeAuthRevRes(const Environment& env, std::span<const GatewayKeys> keys,
                                 const pki::TrustStore& trust, const GatewayPolicy& policy,
                                 const ReversalRequest& request, AuthRevCode code) {
  auto own = gateway::Announce(env, keys, trust, request.brand, request.m_thumbs);
  if (!own) return tl::unexpected<Error>(std::move(own).error());
  msg::AuthRevResData data;
  data.auth_rev_code = code;
  data.auth_rev_tags = request.tags;
  data.brand_crl_identifier = std::move(own->brand_crl_identifier);
  data.pe_thumb = own->pe_thumb;
  data.auth_new_amt = request.new_amount;
  data.auth_res_data_new.trans_ids = request.trans_ids;

  // D-58: no new tokens, so this is enc.
  auto t = der::Encode(data);
  if (!t) return t;
  auto enc = treatments::SealEnc(own->signer(), *request.merchant_exchange,
                                 treatments::kAuthRevResPlainTypes, *t,
                                 treatments::DrawEnvelopeRandoms(*env.random));
  if (!enc) return tl::unexpected<Error>(std::move(enc).error());
  msg::AuthRevRes authrevres;
  authrevres.value = *std::move(enc);
  const msg::MessageHeader header =
      MakeHeader(env.now, policy.sw_ident, request.rrpid(), IdsOf(request.trans_ids.value));
  return Wrap(header, msg::MessageType::kAuthRevRes, der::MustEncode(authrevres));
}

}  // namespace setcore
