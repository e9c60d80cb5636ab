// The verification of PRes and InqRes (set-processing.md, 5.6 and 6).
#include <utility>
#include <variant>

#include "setcore/cardholder.h"
#include "setcore/cardholder_checks.h"
#include "setcore/messages/inquiry.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/messages/receive.h"
#include "setcore/pki/brand.h"
#include "setcore/receipt.h"

namespace setcore {
namespace {

// The merchant certificate that signed a PInitRes which was verified when it came.
Result<pki::CertificatePtr> SignerOf(const msg::SignedData& signed_data,
                                     const pki::TrustStore& trust) {
  if (signed_data.certificates) {
    for (const msg::Any& der : signed_data.certificates->items) {
      auto certificate = trust.Parse(der.der);
      if (certificate && treatments::NamesSigner(signed_data, **certificate)) return certificate;
    }
  }
  return Fail(ErrorCode::kMissingCertificate, "stored PInitRes without its signer");
}

bool SameMerchant(const pki::Certificate& a, const pki::Certificate& b) {
  return a.merchant_data() && b.merchant_data() &&
         a.merchant_data()->merchant_id == b.merchant_data()->merchant_id &&
         a.merchant_data()->acquirer_bin == b.merchant_data()->acquirer_bin &&
         pki::SameBrand(a.subject_parts().organization, b.subject_parts().organization);
}

Result<void> CheckPayloads(const msg::PResData& data) {
  for (const msg::PResPayload& payload : data.p_res_payload_seq.items) {
    if (auto known = CheckExtensions(payload.p_rs_extensions); !known) return known;
  }
  return {};
}

// What the cardholder asked, and expects to find in the answer.
struct Question {
  msg::MessageType answer = msg::MessageType::kPRes;
  msg::TransIDs ids;
  msg::RRPID rrpid{};
  msg::Challenge challenge{};
};

// CheckAnswer verifies a PResData that answers `question`; `merchant` is who must have signed it.
Result<PResFacts> CheckAnswer(const Environment& env, const pki::TrustStore& trust,
                              OctetView pinitres, const Question& question, OctetView answer) {
  const auto init = Receive<msg::SignedData>(pinitres, msg::MessageType::kPInitRes, std::nullopt);
  if (!init) return tl::unexpected<Error>(init.error());
  const auto merchant = SignerOf(init->message, trust);
  if (!merchant) return tl::unexpected<Error>(merchant.error());

  const auto received = Receive<msg::SignedData>(answer, question.answer, env.now);
  if (!received) return tl::unexpected<Error>(received.error());
  const auto verified = treatments::VerifySigned(received->message, oid::kPResData, trust,
                                                 pki::Role::kMerchantSignature, env.now);
  if (!verified) return tl::unexpected<Error>(verified.error());
  const auto data = der::Decode<msg::PResData>(received->message.content_info.content->der);
  if (!data) return tl::unexpected<Error>(data.error());
  if (auto known = CheckPayloads(*data); !known) return tl::unexpected<Error>(known.error());
  const msg::TransIDs& ids = data->trans_ids.value;
  if (auto same = CheckHeader(received->header, data->rrpid, IdsOf(ids)); !same) {
    return tl::unexpected<Error>(same.error());
  }
  if (auto same =
          cardholder::CheckTransIDs(ids, question.ids.lid_c, question.ids.lid_m, question.ids.xid);
      !same) {
    return tl::unexpected<Error>(same.error());
  }
  if (data->rrpid != question.rrpid) {
    return Fail(ErrorCode::kUnknownRRPID, "RRPID of another request");
  }
  if (data->chall_c != question.challenge) {
    return Fail(ErrorCode::kChallengeMismatch, "challenge of another request");
  }
  if (!SameMerchant(**merchant, *verified->signer())) {
    return cardholder::Blame(ErrorCode::kInvalidCertificate, *verified->signer(),
                             "signed by another merchant than PInitRes");
  }
  if (auto current = cardholder::CheckBrandCrlIdentifier(
          data->brand_crl_identifier, *verified, trust,
          pki::BrandPart((*merchant)->subject_parts().organization), env.now);
      !current) {
    return tl::unexpected<Error>(current.error());
  }
  return FactsOf(*data, received->header.date.value);
}

}  // namespace

Result<PResFacts> CheckPRes(const Environment& env, const pki::TrustStore& trust,
                            OctetView pinitres, OctetView preq, OctetView pres) {
  const auto sent = Receive<msg::PReq>(preq, msg::MessageType::kPReq, std::nullopt);
  if (!sent) return tl::unexpected<Error>(sent.error());
  const msg::OIData& order = cardholder::OrderOf(sent->message);
  return CheckAnswer(env, trust, pinitres,
                     {msg::MessageType::kPRes, order.trans_ids.value, order.rrpid, order.chall_c},
                     pres);
}

Result<PResFacts> CheckInqRes(const Environment& env, const pki::TrustStore& trust,
                              OctetView pinitres, OctetView inqreq, OctetView inqres) {
  const auto sent = Receive<msg::InqReq>(inqreq, msg::MessageType::kInqReq, std::nullopt);
  if (!sent) return tl::unexpected<Error>(sent.error());
  const auto data = msg::ReadInqReqData(sent->message);
  if (!data) return tl::unexpected<Error>(data.error());
  return CheckAnswer(
      env, trust, pinitres,
      {msg::MessageType::kInqRes, data->trans_ids.value, data->rrpid, data->chall_c2}, inqres);
}

}  // namespace setcore
