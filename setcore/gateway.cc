#include "setcore/gateway.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "setcore/asn1/codec.h"
#include "setcore/crypto/secret_der.h"
#include "setcore/gateway_common.h"
#include "setcore/pki/brand.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"

namespace setcore {
namespace {

using msg::AuthCode;

// The first code that is told stays.
void Refuse(std::optional<AuthCode>& refusal, AuthCode code) {
  if (!refusal) refusal = code;
}

// --- the payment instruction --------------------------------------------------------------------

// PI-TBS as the cardholder signed it: DD(PIData), DD(OIData).
Octets SignedPart(const gateway::Instruction& instruction) {
  const SecretOctets pi_data = crypto::SecretElement(
      der::kSequence, {instruction.link.t1.der, instruction.account_der.view()});
  const msg::PITBS tbs{treatments::DetachedDigest(oid::kPiData, pi_data.view()),
                       instruction.link.t2};
  return der::MustEncode(tbs);
}

// D-52: a critical extension must be one that Cert-PE announces.
Result<void> CheckPiExtensions(const std::optional<msg::MsgExtensions>& extensions,
                               const pki::Certificate& cert_pe) {
  if (!extensions) return {};
  msg::MsgExtensions unknown;
  for (const msg::MsgExtension& extension : *extensions) {
    if (std::ranges::find(cert_pe.set_extensions(), extension.id) ==
        cert_pe.set_extensions().end()) {
      unknown.push_back(extension);
    }
  }
  return CheckExtensions(unknown);
}

// Step 4 for a cardholder with a certificate.
Result<std::optional<AuthCode>> CheckSignedPi(const gateway::Instruction& instruction,
                                              const msg::SignedData& signature,
                                              const pki::TrustStore& trust, std::string_view brand,
                                              Time now) {
  const Octets signed_part = SignedPart(instruction);
  auto verified = treatments::VerifyDetached(signature, oid::kPiTbs, signed_part, trust,
                                             pki::Role::kCardholderSignature, now);
  if (!verified) return tl::unexpected<Error>(std::move(verified).error());
  const pki::Certificate& card = *verified->signer();
  if (!pki::SameBrand(gateway::BrandOf(card), brand)) return AuthCode::kCardMerchBrandMismatch;
  const std::string unique_id = pki::UniqueCardholderId(instruction.account.pan.view(),
                                                        instruction.account.card_expiry.view(),
                                                        instruction.account.pan_secret.view());
  const std::string& common_name = card.subject_parts().common_name;
  const auto octets = [](const std::string& text) {
    return OctetView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  if (!crypto::Equal(octets(unique_id), octets(common_name))) {
    return AuthCode::kPiAuthMismatch;  // D-5
  }
  return std::optional<AuthCode>();
}

// Step 4 for a cardholder without one.
std::optional<AuthCode> CheckUnsignedPi(const gateway::Instruction& instruction,
                                        const pki::Certificate& cert_pe,
                                        std::span<const std::string> bins) {
  if (cert_pe.card_cert_required()) return AuthCode::kSignatureRequired;
  const std::string_view pan = instruction.account.pan.view();
  if (!bins.empty() && std::ranges::none_of(bins, [pan](const std::string& prefix) {
        return pan.starts_with(prefix);
      })) {
    return AuthCode::kCardMerchBrandMismatch;
  }
  return std::nullopt;
}

// Steps 6 to 8, and of step 9 what needs no ledger.
std::optional<AuthCode> CheckAgainstMerchant(const msg::AuthReqData& data,
                                             const gateway::Instruction& instruction,
                                             std::string_view merchant_id,
                                             const GatewayPolicy& policy) {
  const msg::PIHead& head = instruction.link.t1.value;
  const std::optional<msg::CheckDigests>& digests = data.auth_req_item.check_digests;
  std::optional<AuthCode> refusal;
  // D-47
  if (!digests ||
      !treatments::SameDetachedDigest(digests->h_oi_data, instruction.link.t2, oid::kOiData) ||
      !treatments::SameDetachedDigest(digests->hod2, head.inputs.hod, oid::kHodInput)) {
    Refuse(refusal, AuthCode::kPiAuthMismatch);
  }
  const auto& tags = data.auth_req_item.auth_tags;
  if (head.merchant_id.Utf8() != merchant_id ||
      tags.auth_rr_tags.mer_term_ids.merchant_id.Utf8() != merchant_id) {
    Refuse(refusal, AuthCode::kPiAuthMismatch);
  }
  if (!(data.auth_req_item.auth_req_payload.install_recur_data == head.install_recur_data)) {
    Refuse(refusal, AuthCode::kInstallRecurMismatch);
  }
  if (data.capture_now && !policy.capture_supported) {
    Refuse(refusal, AuthCode::kCaptureNotSupported);
  }
  return refusal;
}

Result<void> CheckRequestExtensions(const msg::AuthReqData& data) {
  const auto& payload = data.auth_req_item.auth_req_payload;
  if (auto known = CheckExtensions(payload.a_rq_extensions); !known) return known;
  if (payload.install_recur_data) {
    if (auto known = CheckExtensions(payload.install_recur_data->ir_extensions); !known) {
      return known;
    }
  }
  if (data.sale_detail) return CheckExtensions(data.sale_detail->sale_extensions);
  return {};
}

// --- amounts ------------------------------------------------------------------------------------

// D-48: same currency, and the request with what is authorized already within PurchAmt.
bool WithinPurchase(const msg::CurrencyAmount& asked, const msg::CurrencyAmount& purchase,
                    std::int64_t authorized) {
  if (!(asked.currency == purchase.currency)) return false;
  const std::int64_t exponent = std::min(asked.amt_exp10.value, purchase.amt_exp10.value);
  const auto asked_units = gateway::InUnits(asked, exponent);
  const auto purchase_units = gateway::InUnits(purchase, exponent);
  const auto authorized_units =
      gateway::InUnits({purchase.currency, authorized, purchase.amt_exp10}, exponent);
  std::int64_t total = 0;
  return asked_units && purchase_units && authorized_units &&
         !__builtin_add_overflow(*asked_units, *authorized_units, &total) &&
         total <= *purchase_units;
}

// D-50: the last month of the card, YYYYMM, lies before the month of `now`.
bool CardExpired(std::string_view expiry, Time now) {
  constexpr std::size_t kMonth = 6;
  const Octets today = der::DateContents(now);
  return expiry < std::string_view(reinterpret_cast<const char*>(today.data()), kMonth);
}

// --- the answer ---------------------------------------------------------------------------------

msg::AuthResPayload PayloadOf(const AuthRequest& request, const AuthDecision& decision) {
  msg::AuthResPayload payload;
  payload.auth_header.auth_amt = request.amount;
  payload.auth_header.auth_code = decision.code;
  if (decision.approval_code) {
    payload.auth_header.response_data.auth_val_codes.emplace().approval_code.emplace().value =
        *decision.approval_code;
  }
  if (decision.capture) {
    msg::CapResPayload& capture = payload.cap_res_payload.emplace();
    capture.cap_code = msg::CapCode::kSuccess;
    capture.cap_amt = request.amount;
    if (decision.capture->batch_id) capture.batch_id = *decision.capture->batch_id;
    if (decision.capture->batch_sequence) {
      capture.batch_sequence_num = *decision.capture->batch_sequence;
    }
  }
  return payload;
}

}  // namespace

Result<AuthRequest> OpenAuthReq(const Environment& env, std::span<const GatewayKeys> keys,
                                const pki::TrustStore& trust, const GatewayPolicy& policy,
                                OctetView authreq) {
  auto wrapper = ReceiveWrapper(authreq, msg::MessageType::kAuthReq, env.now, policy.max_message);
  if (!wrapper) return tl::unexpected<Error>(std::move(wrapper).error());
  auto message = der::Decode<msg::AuthReq>(wrapper->message.der);
  if (!message) return tl::unexpected<Error>(std::move(message).error());
  if (auto known = CheckExtensions(wrapper->mw_extensions); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }

  // Step 1.
  const std::vector<treatments::ExchangeKey> exchange_keys = gateway::ExchangeKeysOf(keys);
  auto opened =
      treatments::OpenEncB(exchange_keys, message->enc, message->baggage.der,
                           treatments::kAuthReqTypes, trust, pki::Role::kMerchantSignature, env);
  if (!opened) return tl::unexpected<Error>(std::move(opened).error());
  auto data = der::Decode<msg::AuthReqData>(opened->t);
  if (!data) {
    Error error = std::move(data).error();
    error.envelope = true;
    return tl::unexpected<Error>(std::move(error));
  }
  const pki::Certificate& signer = *opened->verified.signer();
  if (auto known = gateway::CheckMerchant(*opened); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }
  const GatewayKeys& own = gateway::KeysOf(keys, opened->recipient);
  msg::AuthReqItem& item = data->auth_req_item;
  if (auto same = CheckHeader(wrapper->header, item.auth_tags.auth_rr_tags.rrpid,
                              IdsOf(item.auth_tags.trans_ids.value));
      !same) {
    return tl::unexpected<Error>(std::move(same).error());
  }
  if (auto known = CheckRequestExtensions(*data); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }

  AuthRequest request;
  auto exchange = gateway::FindMerchantExchange(opened->verified, trust, env.now);
  if (!exchange) return tl::unexpected<Error>(std::move(exchange).error());
  request.merchant_exchange = *std::move(exchange);
  request.merchant_id = signer.merchant_data()->merchant_id;
  request.signer_thumb = signer.thumb();
  request.amount = item.auth_req_payload.auth_req_amt;
  request.capture_now = data->capture_now;
  request.m_thumbs = data->m_thumbs;
  request.brand = gateway::BrandOf(*opened->recipient);

  // Steps 2 to 4.
  const msg::PI& pi = message->baggage.value;
  std::optional<gateway::Instruction> instruction =
      gateway::OpenInstruction(exchange_keys, pi, *env.random);
  if (!instruction || !pki::SameBrand(gateway::BrandOf(*instruction->recipient), request.brand) ||
      !gateway::SameTransaction(item.auth_tags.trans_ids.value,
                                instruction->link.t1.value.trans_ids.value)) {
    request.before_ledger = AuthCode::kPiAuthMismatch;
    request.tags = std::move(item.auth_tags);
    return request;
  }
  const msg::PIHead& head = instruction->link.t1.value;
  if (const auto* dual = std::get_if<gateway::kPiDualSigned>(&pi.value)) {
    auto checked =
        CheckSignedPi(*instruction, dual->value.pi_signature, trust, request.brand, env.now);
    if (!checked) return tl::unexpected<Error>(std::move(checked).error());
    request.before_ledger = *checked;
    request.card_signed = true;
  } else {
    request.before_ledger = CheckUnsignedPi(*instruction, *instruction->recipient, own.bins);
  }
  if (auto known = CheckPiExtensions(head.pi_extensions, *instruction->recipient); !known) {
    return tl::unexpected<Error>(std::move(known).error());
  }
  request.after_ledger = CheckAgainstMerchant(*data, *instruction, request.merchant_id, policy);
  request.purch_amt = head.inputs.purch_amt;
  request.trans_stain = head.trans_stain.value;
  request.pan = std::move(instruction->account.pan);
  request.card_expiry = std::move(instruction->account.card_expiry);
  request.tags = std::move(item.auth_tags);
  return request;
}

msg::AuthCode JudgeAuthReq(const Environment& env, const AuthRequest& request,
                           const LedgerFacts& facts) {
  if (request.before_ledger) return *request.before_ledger;
  if (facts.previously_used) return AuthCode::kPiPreviouslyUsed;
  if (request.after_ledger) return *request.after_ledger;
  if (!request.purch_amt || !WithinPurchase(request.amount, *request.purch_amt, facts.authorized)) {
    return AuthCode::kAmountError;
  }
  if (CardExpired(request.card_expiry.view(), env.now)) return AuthCode::kExpiredCard;
  return AuthCode::kApproved;
}

Result<Octets> ComposeAuthRes(const Environment& env, std::span<const GatewayKeys> keys,
                              const pki::TrustStore& trust, const GatewayPolicy& policy,
                              const AuthRequest& request, const AuthDecision& decision) {
  msg::AuthResData data;
  data.auth_tags = request.tags;
  data.auth_res_payload = PayloadOf(request, decision);
  auto own = gateway::Announce(env, keys, trust, request.brand, request.m_thumbs);
  if (!own) return tl::unexpected<Error>(std::move(own).error());
  data.brand_crl_identifier = std::move(own->brand_crl_identifier);
  data.pe_thumb = own->pe_thumb;

  // D-53: the PANToken is not sent, so this is encB.
  msg::AuthResEncB encb;
  encb.baggage.value = decision.baggage;
  auto data_der = der::Encode(data);
  if (!data_der) return tl::unexpected<Error>(std::move(data_der).error());
  auto baggage_der = der::Encode(decision.baggage);
  if (!baggage_der) return tl::unexpected<Error>(std::move(baggage_der).error());
  auto enc =
      treatments::SealEncB(own->signer(), *request.merchant_exchange, treatments::kAuthResTypes,
                           *data_der, *baggage_der, treatments::DrawEnvelopeRandoms(*env.random));
  if (!enc) return tl::unexpected<Error>(std::move(enc).error());
  encb.enc = *std::move(enc);
  msg::AuthRes authres;
  authres.value.emplace<0>(std::move(encb));
  const msg::MessageHeader header =
      MakeHeader(env.now, policy.sw_ident, request.rrpid(), IdsOf(request.tags.trans_ids.value));
  return Wrap(header, msg::MessageType::kAuthRes, der::MustEncode(authres));
}

}  // namespace setcore
