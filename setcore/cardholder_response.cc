// The verification of PRes (set-processing.md, 5.6).
#include <algorithm>
#include <utility>
#include <variant>

#include "setcore/cardholder.h"
#include "setcore/cardholder_checks.h"
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
  if (signed_data.signer_infos.items.size() == 1 && signed_data.certificates) {
    const auto& name = signed_data.signer_infos.items.front().issuer_and_serial_number;
    for (const msg::Any& der : signed_data.certificates->items) {
      auto certificate = trust.Parse(der.der);
      if (certificate && std::ranges::equal((*certificate)->issuer(), name.issuer.der) &&
          std::ranges::equal((*certificate)->serial(), name.serial_number.contents)) {
        return certificate;
      }
    }
  }
  return Fail(ErrorCode::kMissingCertificate, "stored PInitRes without its signer");
}

const msg::OIData& OIDataOf(const msg::PReq& preq) {
  if (const auto* dual = std::get_if<msg::PReqDualSigned>(&preq.value)) {
    return dual->oi_dual_signed.t1.value;
  }
  return std::get<msg::PReqUnsigned>(preq.value).oi_unsigned.t1.value;
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

}  // namespace

Result<PResFacts> CheckPRes(const Environment& env, const pki::TrustStore& trust,
                            OctetView pinitres, OctetView preq, OctetView pres) {
  const auto init = Receive<msg::SignedData>(pinitres, msg::MessageType::kPInitRes, std::nullopt);
  if (!init) return tl::unexpected<Error>(init.error());
  const auto merchant = SignerOf(init->message, trust);
  if (!merchant) return tl::unexpected<Error>(merchant.error());
  const auto sent = Receive<msg::PReq>(preq, msg::MessageType::kPReq, std::nullopt);
  if (!sent) return tl::unexpected<Error>(sent.error());
  const msg::OIData& order = OIDataOf(sent->message);

  const auto received = Receive<msg::SignedData>(pres, msg::MessageType::kPRes, env.now);
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
  const msg::TransIDs& sent_ids = order.trans_ids.value;
  if (auto same = cardholder::CheckTransIDs(ids, sent_ids.lid_c, sent_ids.lid_m, sent_ids.xid);
      !same) {
    return tl::unexpected<Error>(same.error());
  }
  if (data->rrpid != order.rrpid) {
    return Fail(ErrorCode::kUnknownRRPID, "RRPID of another request");
  }
  if (data->chall_c != order.chall_c) {
    return Fail(ErrorCode::kChallengeMismatch, "Chall-C of another request");
  }
  if (!SameMerchant(**merchant, *verified->signer())) {
    return cardholder::Blame(ErrorCode::kInvalidCertificate, *verified->signer(),
                             "signed by another merchant than PInitRes");
  }
  if (auto current = cardholder::CheckBrandCrlIdentifier(data->brand_crl_identifier, *verified,
                                                         trust, order.brand_id.Utf8(), env.now);
      !current) {
    return tl::unexpected<Error>(current.error());
  }
  return FactsOf(*data, received->header.date.value);
}

}  // namespace setcore
