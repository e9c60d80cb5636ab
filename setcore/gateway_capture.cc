// The gateway captures what it has authorized: CapReq, CapRes (set-processing.md, 8).

#include <cstddef>
#include <utility>
#include <vector>

#include "setcore/asn1/codec.h"
#include "setcore/gateway.h"
#include "setcore/gateway_common.h"
#include "setcore/messages/capture.h"

namespace setcore {
namespace {

using msg::CapCode;

Result<void> CheckRequestExtensions(const msg::CapReqData& data) {
  if (auto known = CheckExtensions(data.c_rq_extensions); !known) return known;
  for (const msg::CapItem& item : data.cap_item_seq.items) {
    const msg::CapPayload& payload = item.cap_payload;
    if (auto known = CheckExtensions(payload.c_pay_extensions); !known) return known;
    if (payload.auth_req_item) {
      const auto& asked = payload.auth_req_item->auth_req_payload;
      if (auto known = CheckExtensions(asked.a_rq_extensions); !known) return known;
    }
    if (payload.auth_res_payload) {
      auto known = CheckExtensions(payload.auth_res_payload->a_rs_extensions);
      if (!known) return known;
    }
    if (payload.sale_detail) {
      auto known = CheckExtensions(payload.sale_detail->sale_extensions);
      if (!known) return known;
    }
  }
  return {};
}

// The header names one transaction; with several items it may name any of them.
msg::MessageIDs IdsOf(const msg::CapReqData& data) {
  const auto& items = data.cap_item_seq.items;
  return items.size() == 1 ? setcore::IdsOf(items.front().trans_ids.value) : msg::MessageIDs{};
}

Result<treatments::OpenedEnc> OpenEither(const Environment& env, std::span<const GatewayKeys> keys,
                                         const pki::TrustStore& trust, const msg::CapReq& capreq) {
  constexpr pki::Role kRole = pki::Role::kMerchantSignature;
  const std::vector<treatments::ExchangeKey> exchange_keys = gateway::ExchangeKeysOf(keys);
  if (const auto* encb = std::get_if<0>(&capreq.value)) {
    return treatments::OpenEncB(exchange_keys, encb->enc, encb->baggage.der,
                                treatments::kCapReqTypes, trust, kRole, env);
  }
  const auto& encbx = std::get<1>(capreq.value);
  return treatments::OpenEncBX(exchange_keys, encbx.enc, encbx.baggage.der,
                               treatments::kCapReqXTypes, trust, kRole, env);
}

CaptureItem ItemOf(msg::CapItem& asked, CapTokenState token) {
  CaptureItem item;
  item.trans_ids = std::move(asked.trans_ids);
  item.auth_rrpid = asked.auth_rrpid;
  item.amount = asked.cap_payload.cap_req_amt;
  item.cap_token = token;
  if (const auto& sale = asked.cap_payload.sale_detail) {
    if (sale->batch_id) item.batch_id = sale->batch_id->value;
    if (sale->batch_sequence_num) item.batch_sequence = sale->batch_sequence_num->value;
  }
  return item;
}

}  // namespace

Result<CaptureRequest> OpenCapReq(const Environment& env, std::span<const GatewayKeys> keys,
                                  const pki::TrustStore& trust, const GatewayPolicy& policy,
                                  OctetView capreq) {
  auto wrapper = ReceiveWrapper(capreq, msg::MessageType::kCapReq, env.now, policy.max_message);
  if (!wrapper) return tl::unexpected<Error>(std::move(wrapper).error());
  if (!policy.capture_supported) {
    return Fail(ErrorCode::kMessageNotSupported, "this gateway does not capture");
  }
  auto message = der::Decode<msg::CapReq>(wrapper->message.der);
  if (!message) return tl::unexpected<Error>(std::move(message).error());
  if (auto known = CheckExtensions(wrapper->mw_extensions); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }
  auto opened = OpenEither(env, keys, trust, *message);
  if (!opened) return tl::unexpected<Error>(std::move(opened).error());
  auto data = der::Decode<msg::CapReqData>(opened->t);
  if (!data) return gateway::CannotRead(data.error().detail);
  if (auto known = gateway::CheckMerchant(*opened); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }
  auto& items = data->cap_item_seq.items;
  const auto& tokens = std::visit(
      [](const msg::CapReqEncB& either) -> const auto& { return either.baggage.value.items; },
      message->value);
  if (tokens.size() != items.size()) {
    return gateway::CannotRead("not one CapToken for each CapItem");
  }
  if (auto same = CheckHeader(wrapper->header, data->cap_rr_tags.rrpid, IdsOf(*data)); !same) {
    return tl::unexpected<Error>(std::move(same).error());
  }
  if (auto known = CheckRequestExtensions(*data); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }
  auto exchange = gateway::FindMerchantExchange(opened->verified, trust, env.now);
  if (!exchange) return tl::unexpected<Error>(std::move(exchange).error());

  const pki::Certificate& signer = *opened->verified.signer();
  CaptureRequest request;
  for (std::size_t i = 0; i < items.size(); ++i) {
    request.items.push_back(ItemOf(
        items[i], gateway::JudgeToken(env, keys, trust, tokens[i].value, items[i].auth_rrpid)));
  }
  request.ids = wrapper->header.message_ids.value_or(msg::MessageIDs{});
  request.merchant_id = signer.merchant_data()->merchant_id;
  request.signer_thumb = signer.thumb();
  request.brand = gateway::BrandOf(*opened->recipient);
  request.merchant_exchange = *std::move(exchange);
  request.m_thumbs = std::move(data->m_thumbs);
  request.tags = std::move(data->cap_rr_tags);
  return request;
}

CapCode JudgeCapItem(const CaptureItem& item, const AuthorizationFacts* facts, BatchState batch) {
  const msg::TransIDs& ids = item.trans_ids.value;
  if (item.cap_token == CapTokenState::kUnreadable) return CapCode::kInvalidCapToken;
  if (facts == nullptr || facts->xid != ids.xid) return CapCode::kUnknownXID;
  if (facts->lid_c && *facts->lid_c != ids.lid_c.value) return CapCode::kUnknownLID;
  if (facts->cap_token_issued && item.cap_token == CapTokenState::kNone) {
    return CapCode::kCapTokenMissing;
  }
  if (item.cap_token == CapTokenState::kForeign) return CapCode::kInvalidCapToken;
  if (facts->captured) return CapCode::kDuplicateRequest;
  const auto order = gateway::Compare(item.amount, facts->amount);
  if (!facts->approved || facts->reversed || !order || *order > 0) {
    return CapCode::kInvalidAuthData;
  }
  if (batch == BatchState::kUnknown) return CapCode::kBatchUnknown;
  if (batch == BatchState::kClosed) return CapCode::kBatchClosed;
  return CapCode::kSuccess;
}

Result<Octets> ComposeCapRes(const Environment& env, std::span<const GatewayKeys> keys,
                             const pki::TrustStore& trust, const GatewayPolicy& policy,
                             const CaptureRequest& request,
                             std::span<const CaptureDecision> decisions) {
  auto own = gateway::Announce(env, keys, trust, request.brand, request.m_thumbs);
  if (!own) return tl::unexpected<Error>(std::move(own).error());
  msg::CapResData data;
  data.cap_rr_tags = request.tags;
  data.brand_crl_identifier = std::move(own->brand_crl_identifier);
  data.pe_thumb = own->pe_thumb;
  for (std::size_t i = 0; i < request.items.size(); ++i) {
    const CaptureItem& asked = request.items[i];
    msg::CapResItem& item = data.cap_res_item_seq.items.emplace_back();
    item.trans_ids = asked.trans_ids;
    item.auth_rrpid = asked.auth_rrpid;
    item.cap_res_payload.cap_code = decisions[i].code;
    item.cap_res_payload.cap_amt = asked.amount;
    if (decisions[i].batch_id) item.cap_res_payload.batch_id = *decisions[i].batch_id;
    if (decisions[i].batch_sequence) {
      item.cap_res_payload.batch_sequence_num = *decisions[i].batch_sequence;
    }
  }
  auto t = der::Encode(data);
  if (!t) return t;
  auto enc =
      treatments::SealEnc(own->signer(), *request.merchant_exchange, treatments::kCapResTypes, *t,
                          treatments::DrawEnvelopeRandoms(*env.random));
  if (!enc) return tl::unexpected<Error>(std::move(enc).error());
  return Wrap(MakeHeader(env.now, policy.sw_ident, request.rrpid(), request.ids),
              msg::MessageType::kCapRes, der::MustEncode(*enc));
}

}  // namespace setcore
