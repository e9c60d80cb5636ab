// The merchant captures what was authorized: CapReq, CapRes (set-processing.md, 8).

#include <algorithm>
#include <utility>

#include "setcore/merchant.h"
#include "setcore/merchant_acquirer.h"
#include "setcore/merchant_common.h"
#include "setcore/messages/capture.h"
#include "setcore/order.h"
#include "setcore/received_error.h"
#include "setcore/treatments/enveloped.h"

namespace setcore {
namespace {

using merchant::Forward;

// We ask for one authorization at a time.
Result<msg::CapResItem> OnlyItem(msg::CapResData& data) {
  if (data.cap_res_item_seq.items.size() != 1) {
    return Fail(ErrorCode::kUnspecifiedFailure, "another number of items than was asked for");
  }
  return std::move(data.cap_res_item_seq.items.front());
}

CaptureOutcome OutcomeOf(const msg::MessageHeader& request, msg::CapCode code) {
  return {code == msg::CapCode::kSuccess, "CapCode", msg::Name(code), static_cast<int>(code),
          request.date.value};
}

CaptureOutcome OutcomeOf(const msg::MessageHeader& request, ErrorCode code) {
  return {false, "ErrorCode", Name(code), static_cast<int>(code), request.date.value};
}

Result<CaptureOutcome> JudgeCapRes(const Environment& env, const MerchantKeys& keys,
                                   const pki::TrustStore& trust, const msg::MessageHeader& request,
                                   OctetView auth_rrpid, OctetView answer) {
  auto received = Receive<msg::CapRes>(answer, msg::MessageType::kCapRes, std::nullopt);
  if (!received) return Forward(received);
  if (auto dated = merchant::CheckDate(env, request, received->header); !dated) {
    return Forward(dated);
  }
  const auto exchange = merchant::ExchangeKeysOf(keys);
  auto opened = treatments::OpenEnc(exchange, received->message, treatments::kCapResTypes, trust,
                                    pki::Role::kGatewaySignature, env);
  if (!opened) return Forward(opened);
  auto data = der::Decode<msg::CapResData>(opened->t);
  if (!data) return merchant::CannotOpen();
  if (auto ours = merchant::CheckSigner(keys, *opened->verified.signer()); !ours) {
    return Forward(ours);
  }
  auto item = OnlyItem(*data);
  if (!item) return Forward(item);
  const msg::RRPID& rrpid = data->cap_rr_tags.rrpid;
  const msg::TransIDs& ids = item->trans_ids.value;
  if (auto same = CheckHeader(received->header, rrpid, IdsOf(ids)); !same) return Forward(same);
  if (auto ours = merchant::CheckExchange(request, rrpid, ids); !ours) return Forward(ours);
  if (!std::ranges::equal(item->auth_rrpid, auth_rrpid)) {
    return Fail(ErrorCode::kUnknownRRPID, "AuthRRPID of another authorization");
  }
  const msg::CapResPayload& payload = item->cap_res_payload;
  if (auto known = CheckExtensions(data->c_rs_extensions); !known) return Forward(known);
  if (auto known = CheckExtensions(payload.c_rs_pay_extensions); !known) return Forward(known);
  if (auto current =
          merchant::CheckRevocation(env, keys, trust, opened->verified, data->brand_crl_identifier);
      !current) {
    return Forward(current);
  }
  return OutcomeOf(request, payload.cap_code);
}

}  // namespace

Result<AcquirerRequest> ComposeCapReq(const Environment& env, const MerchantKeys& keys,
                                      const MerchantPolicy& policy, const PurchaseTerms& terms,
                                      OctetView preq, OctetView authreq, OctetView authres) {
  auto order = merchant::RereadPReq(preq);
  if (!order) return Forward(order);
  auto asked = merchant::ReaskedAuthReq(keys, policy, terms, order->message, authreq);
  if (!asked) return Forward(asked);
  auto token = merchant::GrantedToken(authres);
  if (!token) return Forward(token);

  msg::CapReqData data;
  data.cap_rr_tags = asked->auth_req_item.auth_tags.auth_rr_tags;
  merchant::Draw(env, data.cap_rr_tags.rrpid);
  data.cap_rr_tags.current_date.value = env.now;
  msg::CapItem& item = data.cap_item_seq.items.emplace_back();
  item.trans_ids = asked->auth_req_item.auth_tags.trans_ids;
  item.auth_rrpid = asked->auth_req_item.auth_tags.auth_rr_tags.rrpid;
  item.cap_payload.cap_date.value = env.now;
  item.cap_payload.cap_req_amt = asked->auth_req_item.auth_req_payload.auth_req_amt;
  if (terms.sale_detail) {
    auto detail = der::Decode<msg::SaleDetail>(*terms.sale_detail);
    if (!detail) return Forward(detail);
    item.cap_payload.sale_detail = *std::move(detail);
  }
  msg::CapTokenSeq tokens;
  if (*token) {
    tokens.items.push_back(**std::move(token));
  } else {
    // Without a token the gateway is told what was asked for and granted.
    tokens.items.emplace_back().value.value.emplace<der::Null>();
    item.cap_payload.auth_req_item = asked->auth_req_item;
    item.cap_payload.auth_res_payload = merchant::GrantedPayload(env, keys, authres);
  }

  // EncBX is for merchants that hold the PANToken; this one keeps none.
  auto encb = merchant::EncBFor(env, keys, treatments::kCapReqTypes, data, std::move(tokens));
  if (!encb) return Forward(encb);
  msg::CapReq request;
  request.value.emplace<0>(*std::move(encb));
  auto wrapped = merchant::WrapRequest(env, terms.sw_ident, msg::MessageType::kCapReq,
                                       data.cap_rr_tags.rrpid, item.trans_ids.value, request);
  if (!wrapped) return Forward(wrapped);
  return AcquirerRequest{std::move(wrapped->message), std::move(wrapped->rrpid)};
}

Result<CaptureOutcome> CheckCapRes(const Environment& env, const MerchantKeys& keys,
                                   const pki::TrustStore& trust, OctetView auth_rrpid,
                                   OctetView capreq, OctetView capres) {
  auto request = ReceiveWrapper(capreq, msg::MessageType::kCapReq, std::nullopt);
  if (!request) return Forward(request);
  if (!merchant::IsError(capres)) {
    return JudgeCapRes(env, keys, trust, request->header, auth_rrpid, capres);
  }
  const auto code = merchant::ReadGatewayError(env, keys, trust, request->header, capreq, capres);
  if (!code) return tl::unexpected<Error>(code.error());
  return OutcomeOf(request->header, *code);
}

Result<CaptureOutcome> RereadCapRes(const Environment& env, const MerchantKeys& keys,
                                    OctetView capreq, OctetView capres) {
  auto request = ReceiveWrapper(capreq, msg::MessageType::kCapReq, std::nullopt);
  if (!request) return Forward(request);
  if (merchant::IsError(capres)) {
    const auto code = RereadSignedError(capres);
    if (!code) return tl::unexpected<Error>(code.error());
    return OutcomeOf(request->header, *code);
  }
  auto received = Receive<msg::CapRes>(capres, msg::MessageType::kCapRes, std::nullopt);
  if (!received) return Forward(received);
  auto t = treatments::RereadEnc(merchant::ExchangeKeysOf(keys), received->message,
                                 treatments::kCapResTypes, *env.random);
  if (!t) return Forward(t);
  auto data = der::Decode<msg::CapResData>(*t);
  if (!data) return Forward(data);
  auto item = OnlyItem(*data);
  if (!item) return Forward(item);
  return OutcomeOf(request->header, item->cap_res_payload.cap_code);
}

}  // namespace setcore
