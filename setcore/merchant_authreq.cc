// The merchant asks for authorization (set-processing.md, 7.1).

#include <utility>

#include "setcore/merchant.h"
#include "setcore/merchant_common.h"
#include "setcore/messages/authorization.h"
#include "setcore/order.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"

namespace setcore {
namespace {

using merchant::Forward;

// MThumbs: what the merchant has of the gateway's chain (2.4).
msg::Thumbs ThumbsOf(std::span<const pki::CertificatePtr> chain) {
  msg::Thumbs thumbs;
  msg::Digests& certificates = thumbs.cert_thumbs.emplace();
  for (const auto& certificate : chain) {
    certificates.emplace_back().value.assign(certificate->thumb().begin(),
                                             certificate->thumb().end());
  }
  return thumbs;
}

}  // namespace

msg::PI merchant::InstructionOf(const msg::PReq& preq) {
  msg::PI pi;
  if (const auto* dual = std::get_if<msg::PReqDualSigned>(&preq.value)) {
    pi.value.emplace<1>(dual->pi_dual_signed);
  } else {
    pi.value.emplace<0>(std::get<msg::PReqUnsigned>(preq.value).pi_unsigned);
  }
  return pi;
}

Result<msg::AuthReqData> merchant::AuthReqDataOf(const MerchantKeys& keys,
                                                 const MerchantPolicy& policy,
                                                 const PurchaseTerms& terms, const msg::PReq& preq,
                                                 const msg::RRPID& rrpid, Time date) {
  const msg::OIDualSigned& order_part = OrderPart(preq);
  const msg::OIData& order = order_part.t1.value;
  auto oi_data = der::KeptDer(order_part.t1);
  if (!oi_data) return Forward(oi_data);
  if (order.od_ext_oids && !order.od_ext_oids->empty()) {
    return Fail(ErrorCode::kUnspecifiedFailure, "an order with extensions that nobody agreed on");
  }
  std::optional<msg::MsgExtensions> od_extensions;
  if (order.od_ext_oids) od_extensions.emplace();
  auto hod_input = HodInput(terms, order.od_salt, od_extensions);
  if (!hod_input) return Forward(hod_input);
  auto merchant_id = der::SetString::FromUtf8(keys.merchant_id);
  if (!merchant_id) return Fail(ErrorCode::kUnspecifiedFailure, "MerchantID has no SET form");

  msg::AuthReqData data;
  msg::AuthTags& tags = data.auth_req_item.auth_tags;
  tags.auth_rr_tags.rrpid = rrpid;
  tags.auth_rr_tags.mer_term_ids.merchant_id.value = *std::move(merchant_id);
  tags.auth_rr_tags.current_date.value = date;
  tags.trans_ids = order.trans_ids;
  data.auth_req_item.check_digests =
      msg::CheckDigests{treatments::DetachedDigest(oid::kOiData, *oi_data),
                        treatments::DetachedDigest(oid::kHodInput, *hod_input)};
  data.auth_req_item.auth_req_payload.auth_req_amt = AmountOf(terms.purch_amt);
  data.auth_req_item.auth_req_payload.install_recur_data = InstallRecurDataOf(terms);
  data.m_thumbs = ThumbsOf(keys.gateway_chain);
  data.capture_now = policy.capture_now;
  if (policy.capture_now) {
    data.sale_detail.emplace();
    if (terms.sale_detail) {
      auto detail = der::Decode<msg::SaleDetail>(*terms.sale_detail);
      if (!detail) return Forward(detail);
      data.sale_detail = *std::move(detail);
    }
  }
  return data;
}

Result<msg::AuthReqData> merchant::ReaskedAuthReq(const MerchantKeys& keys,
                                                  const MerchantPolicy& policy,
                                                  const PurchaseTerms& terms, const msg::PReq& preq,
                                                  OctetView authreq) {
  auto sent = ReceiveWrapper(authreq, msg::MessageType::kAuthReq, std::nullopt);
  if (!sent) return Forward(sent);
  if (!sent->header.rrpid) {
    return Fail(ErrorCode::kUnspecifiedFailure, "stored AuthReq without ids");
  }
  return AuthReqDataOf(keys, policy, terms, preq, *sent->header.rrpid, sent->header.date.value);
}

Result<void> CheckSaleDetail(OctetView der) {
  auto detail = der::Decode<msg::SaleDetail>(der);
  if (!detail) return Forward(detail);
  return {};
}

Result<AcquirerRequest> ComposeAuthReq(const Environment& env, const MerchantKeys& keys,
                                       const MerchantPolicy& policy, const PurchaseTerms& terms,
                                       OctetView preq) {
  auto received = merchant::RereadPReq(preq);
  if (!received) return Forward(received);
  msg::RRPID rrpid{};
  merchant::Draw(env, rrpid);
  auto data = merchant::AuthReqDataOf(keys, policy, terms, received->message, rrpid, env.now);
  if (!data) return Forward(data);

  auto request = merchant::EncBFor(env, keys, treatments::kAuthReqTypes, *data,
                                   merchant::InstructionOf(received->message));
  if (!request) return Forward(request);
  auto wrapped = merchant::WrapRequest(env, terms.sw_ident, msg::MessageType::kAuthReq, rrpid,
                                       data->auth_req_item.auth_tags.trans_ids.value, *request);
  if (!wrapped) return Forward(wrapped);
  return AcquirerRequest{std::move(wrapped->message), std::move(wrapped->rrpid)};
}

}  // namespace setcore
