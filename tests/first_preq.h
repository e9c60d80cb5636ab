// The PReq of a purchase without PInit exchange (set-processing.md, 5.1 to 5.3): our own consumer
// always begins with PInitReq, other wallets need not.
#ifndef TESTS_FIRST_PREQ_H_
#define TESTS_FIRST_PREQ_H_

#include <stdexcept>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/cardholder.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/receive.h"
#include "setcore/order.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"
#include "setcore/treatments/signed.h"

namespace setcore {

// Dual signed if the card has a certificate.  std::runtime_error if the values have no SET form.
inline Octets FirstPReq(const Environment& env, const Card& card, const PurchaseTerms& terms,
                        const std::string& merchant_id, const pki::Certificate& cert_pe) {
  const auto must = [](auto result) {
    if (!result) throw std::runtime_error(result.error().detail);
    return *std::move(result);
  };
  const bool has_certificate = card.key != nullptr;
  msg::OIData order;
  msg::TransIDs& ids = order.trans_ids.value;
  ids.lid_c.value = {1, 2, 3, 4};
  if (terms.lid_m) ids.lid_m.emplace().value = *terms.lid_m;
  env.random->Fill(ids.xid);
  ids.p_req_date.value = env.now;
  ids.language.value = terms.language;
  env.random->Fill(order.rrpid);
  env.random->Fill(order.chall_c);
  env.random->Fill(order.od_salt);
  order.hod = treatments::DetachedDigest(oid::kHodInput,
                                         must(HodInput(terms, order.od_salt, std::nullopt)));
  order.brand_id.value = *der::SetString::FromUtf8(terms.brand_id);
  order.bin.value = card.pan.substr(0, 6);
  const Octets oi_data = must(der::Encode(order));

  msg::PIHead head;
  head.trans_ids = order.trans_ids;
  head.inputs = {order.hod, AmountOf(terms.purch_amt)};
  head.merchant_id.value = *der::SetString::FromUtf8(merchant_id);
  head.install_recur_data = InstallRecurDataOf(terms);
  const auto stain = treatments::TransStain(ids.xid, card.card_secret);
  head.trans_stain.value.assign(stain.begin(), stain.end());
  head.sw_ident.value = terms.sw_ident;
  const Octets pi_head = must(der::Encode(head));

  msg::PANData data;
  data.pan.value = card.pan;
  data.card_expiry.value = card.expiry;
  std::copy(card.pan_secret.begin(), card.pan_secret.end(), data.pan_secret.begin());
  env.random->Fill(data.ex_nonce);
  const Octets account =
      has_certificate ? must(der::Encode(data))
                      : must(der::Encode(msg::PANToken{data.pan, data.card_expiry, data.ex_nonce}));
  der::Writer pi_data;
  pi_data.Sequence([&] {
    pi_data.Raw(pi_head);
    pi_data.Raw(account);
  });
  const auto digest = treatments::DetachedDigest(
      has_certificate ? oid::kPiData : oid::kPiDataUnsigned, pi_data.Take());
  msg::EnvelopedData envelope = must(treatments::SealLinked(
      cert_pe, has_certificate ? oid::kPiDualSignedTbe : oid::kPiUnsignedTbe,
      treatments::Link(pi_head, oid::kOiData, oi_data),
      has_certificate ? oid::kPanData : oid::kPanToken, account,
      has_certificate ? crypto::OaepUse::kExPanData : crypto::OaepUse::kExhPanToken,
      treatments::DrawEnvelopeRandoms(*env.random)));

  msg::PReq preq;
  if (has_certificate) {
    msg::PReqDualSigned dual;
    const msg::PITBS tbs{digest, treatments::DetachedDigest(oid::kOiData, oi_data)};
    dual.pi_dual_signed.value = {
        treatments::SignDetached({*card.key, card.chain}, oid::kPiTbs, der::MustEncode(tbs)),
        std::move(envelope)};
    dual.oi_dual_signed = {{order, oi_data}, digest};
    preq.value = std::move(dual);
  } else {
    msg::PReqUnsigned plain;
    plain.pi_unsigned.value = std::move(envelope);
    plain.oi_unsigned = {{order, oi_data}, digest};
    preq.value = std::move(plain);
  }
  return must(Wrap(MakeHeader(env.now, terms.sw_ident, order.rrpid, IdsOf(ids)),
                   msg::MessageType::kPReq, must(der::Encode(preq))));
}

}  // namespace setcore

#endif  // TESTS_FIRST_PREQ_H_
