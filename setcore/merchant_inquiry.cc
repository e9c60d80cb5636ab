// The merchant answers InqReq (set-processing.md, 6).

#include <utility>
#include <variant>

#include "setcore/asn1/real.h"
#include "setcore/merchant.h"
#include "setcore/merchant_common.h"
#include "setcore/messages/inquiry.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/receipt.h"

namespace setcore {
namespace {

using merchant::Forward;

// A question that is what it claims to be; who may ask it is not judged yet.
struct Question {
  msg::InqReqData data;
  pki::CertificatePtr signer;  // null: unsigned
};

Result<Question> ReadQuestion(const Environment& env, const pki::TrustStore& trust,
                              OctetView inqreq) {
  const auto received = Receive<msg::InqReq>(inqreq, msg::MessageType::kInqReq, env.now);
  if (!received) return tl::unexpected<Error>(received.error());
  Question question;
  if (const auto* signed_data = std::get_if<msg::SignedData>(&received->message.value)) {
    const auto verified = treatments::VerifySigned(*signed_data, oid::kInqReqData, trust,
                                                   pki::Role::kCardholderSignature, env.now);
    if (!verified) return tl::unexpected<Error>(verified.error());
    question.signer = verified->signer();
  }
  auto data = msg::ReadInqReqData(received->message);
  if (!data) return Forward(data);
  question.data = *std::move(data);
  if (auto known = CheckExtensions(question.data.inq_rq_extensions); !known) {
    return Forward(known);
  }
  if (auto same =
          CheckHeader(received->header, question.data.rrpid, IdsOf(question.data.trans_ids.value));
      !same) {
    return Forward(same);
  }
  return question;
}

// What the record says of the purchase; nothing where there is no PReq.
struct Purchase {
  msg::TransIDs ids;
  std::optional<msg::PReq> preq;
};

Result<std::optional<Purchase>> ReadPurchase(const PurchaseRecord& record) {
  if (!record.preq.empty()) {
    auto preq = merchant::RereadPReq(record.preq);
    if (!preq) return Forward(preq);
    msg::TransIDs ids = merchant::OrderPart(preq->message).t1.value.trans_ids.value;
    return Purchase{std::move(ids), std::move(preq->message)};
  }
  if (record.pinitres.empty()) return std::optional<Purchase>();
  auto pinitres = merchant::RereadPInitRes(record.pinitres);
  if (!pinitres) return Forward(pinitres);
  return Purchase{pinitres->trans_ids.value, std::nullopt};
}

// D-40: nobody asks about the purchase of another.  The PReq was verified when it came, so the
// name of its signer is enough.
Result<void> CheckAsker(const Question& question, const msg::PReq& preq) {
  const auto* dual = std::get_if<msg::PReqDualSigned>(&preq.value);
  if (dual == nullptr) return {};
  if (question.signer == nullptr) {
    return Fail(ErrorCode::kSignatureRequired, "an unsigned question about a signed PReq");
  }
  const msg::SignedData& signature = dual->pi_dual_signed.value.pi_signature;
  if (treatments::NamesSigner(signature, *question.signer)) return {};
  auto failure = Fail(ErrorCode::kInvalidCertificate, "not the signer of the PReq");
  failure.value().thumb.assign(question.signer->thumb().begin(), question.signer->thumb().end());
  return failure;
}

msg::PResPayload Only(msg::CompletionCode code) {
  msg::PResPayload payload;
  payload.completion_code = code;
  return payload;
}

// 5.5: the furthest stage that was reached.  All of the purchase is captured.
Result<void> AddCapture(Time cap_date, der::ListOf<msg::PResPayload, 1>& payloads) {
  const auto whole = der::NearestRatio({1, 1, 0});
  if (!whole) return Fail(ErrorCode::kUnspecifiedFailure, "no ratio");
  for (msg::PResPayload& payload : payloads.items) {
    if (!payload.results) continue;
    payload.completion_code = msg::CompletionCode::kCapturePerformed;
    payload.results->cap_status =
        msg::CapStatus{der::Date{cap_date}, msg::CapCode::kSuccess, *whole};
  }
  return {};
}

Result<der::ListOf<msg::PResPayload, 1>> PayloadsOf(const PurchaseRecord& record) {
  der::ListOf<msg::PResPayload, 1> payloads;
  if (record.reversed) {
    // No CompletionCode says "reversed", and authorizationPerformed would claim money that nobody
    // gets.
    payloads.items.push_back(Only(msg::CompletionCode::kOrderRejected));
  } else if (record.pres.empty()) {
    payloads.items.push_back(Only(msg::CompletionCode::kOrderReceived));
  } else {
    auto data = ReadPResData(record.pres);
    if (!data) return Forward(data);
    payloads = std::move(data->p_res_payload_seq);
    if (record.captured) {
      if (auto added = AddCapture(*record.captured, payloads); !added) return Forward(added);
    }
  }
  return payloads;
}

}  // namespace

Result<ComposedPRes> ComposeInqRes(const Environment& env, const MerchantKeys& keys,
                                   const pki::TrustStore& trust, std::string_view sw_ident,
                                   const PurchaseRecord& record, OctetView inqreq) {
  auto question = ReadQuestion(env, trust, inqreq);
  if (!question) return Forward(question);
  auto purchase = ReadPurchase(record);
  if (!purchase) return Forward(purchase);

  msg::PResData answer;
  answer.trans_ids = question->data.trans_ids;
  answer.rrpid = question->data.rrpid;
  answer.chall_c = question->data.chall_c2;
  const msg::TransIDs& asked = question->data.trans_ids.value;
  const bool known = *purchase && (*purchase)->ids.xid == asked.xid;
  if (known &&
      (!((*purchase)->ids.lid_c == asked.lid_c) || !((*purchase)->ids.lid_m == asked.lid_m))) {
    return Fail(ErrorCode::kUnknownLID, "LID-C or LID-M of another purchase");
  }
  if (known && (*purchase)->preq) {
    if (auto may_ask = CheckAsker(*question, *(*purchase)->preq); !may_ask) {
      return Forward(may_ask);
    }
    auto payloads = PayloadsOf(record);
    if (!payloads) return Forward(payloads);
    answer.p_res_payload_seq = *std::move(payloads);
  } else {
    answer.p_res_payload_seq.items.push_back(Only(msg::CompletionCode::kOrderNotReceived));
  }
  return merchant::WrapPResData(env, keys, sw_ident, msg::MessageType::kInqRes, answer);
}

}  // namespace setcore
