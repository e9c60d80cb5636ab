// The merchant verifies PReq (set-processing.md, 5.4).

#include <algorithm>
#include <utility>

#include "setcore/merchant.h"
#include "setcore/merchant_common.h"
#include "setcore/order.h"
#include "setcore/pki/brand.h"
#include "setcore/treatments/digested.h"

namespace setcore {
namespace {

using merchant::Forward;

// The position of the promotional card name among the OUs of a cardholder certificate: behind the
// financial institution (E-40).
constexpr std::size_t kPromotionUnit = 1;

Result<Octets> KeptOiData(const msg::OIDualSigned& order) { return der::KeptDer(order.t1); }

// VerifyDualSignature rebuilds PI-TBS from what the merchant sees (5.4 (2)) and gives the signer.
Result<pki::CertificatePtr> VerifyDualSignature(const Environment& env,
                                                const pki::TrustStore& trust,
                                                const msg::PReqDualSigned& preq) {
  auto oi_data = KeptOiData(preq.oi_dual_signed);
  if (!oi_data) return Forward(oi_data);
  msg::PITBS signed_part;
  signed_part.h_pi_data = preq.oi_dual_signed.t2;
  signed_part.h_oi_data = treatments::DetachedDigest(oid::kOiData, *oi_data);
  auto content = der::Encode(signed_part);
  if (!content) return Forward(content);
  auto verified =
      treatments::VerifyDetached(preq.pi_dual_signed.value.pi_signature, oid::kPiTbs, *content,
                                 trust, pki::Role::kCardholderSignature, env.now);
  if (!verified) return Forward(verified);
  return verified->signer();
}

// CheckTransaction is 5.4 (4) and (5): the ids and challenges of the PInit exchange.
Result<void> CheckTransaction(const PurchaseTerms& terms, const msg::OIData& order,
                              OctetView pinitres) {
  if (pinitres.empty()) {  // a purchase without PInit
    if (order.chall_m) {   // D-38
      return Fail(ErrorCode::kUnknownXID, "Chall-M without a PInit exchange");
    }
    const auto& lid_m = order.trans_ids.value.lid_m;
    const bool same =
        lid_m.has_value() == terms.lid_m.has_value() && (!lid_m || lid_m->value == *terms.lid_m);
    if (!same) return Fail(ErrorCode::kUnknownLID, "LID-M names no order here");
    return {};
  }
  auto pinit = merchant::RereadPInitRes(pinitres);
  if (!pinit) return Forward(pinit);
  const msg::TransIDs& ours = pinit->trans_ids.value;
  const msg::TransIDs& theirs = order.trans_ids.value;
  if (theirs.xid != ours.xid) return Fail(ErrorCode::kUnknownXID, "XID of another purchase");
  if (!(theirs.lid_c == ours.lid_c) || !(theirs.lid_m == ours.lid_m)) {
    return Fail(ErrorCode::kUnknownLID, "LID-C or LID-M of another purchase");
  }
  if (order.chall_m != pinit->chall_m || order.chall_c != pinit->chall_c) {
    return Fail(ErrorCode::kChallengeMismatch, "challenges are not those of the PInit exchange");
  }
  return {};
}

// OrderMatches is 5.4 (7).  No ODExtensions are agreed in the initiation, so an order that was
// hashed with some cannot be rebuilt.
Result<bool> OrderMatches(const PurchaseTerms& terms, const msg::OIData& order) {
  std::optional<msg::MsgExtensions> od_extensions;
  if (order.od_ext_oids) {
    if (!order.od_ext_oids->empty()) return false;
    od_extensions.emplace();
  }
  auto input = HodInput(terms, order.od_salt, od_extensions);
  if (!input) return Forward(input);
  return treatments::IsDetachedDigest(order.hod, oid::kHodInput, *input);
}

Octets ToOctets(OctetView view) { return {view.begin(), view.end()}; }

}  // namespace

Result<PReqIds> ReadPReqIds(OctetView preq) {
  auto received = merchant::RereadPReq(preq);
  if (!received) return Forward(received);
  const msg::OIData& order = merchant::OrderPart(received->message).t1.value;
  return PReqIds{ToOctets(order.trans_ids.value.xid), ToOctets(order.rrpid)};
}

Result<PReqFacts> CheckPReq(const Environment& env, const MerchantKeys& keys,
                            const MerchantPolicy& policy, const pki::TrustStore& trust,
                            const PurchaseTerms& terms, OctetView pinitreq, OctetView pinitres,
                            OctetView preq) {
  (void)pinitreq;  // everything of it that matters stands in the PInitRes
  auto received = Receive<msg::PReq>(preq, msg::MessageType::kPReq, env.now);
  if (!received) return Forward(received);
  const msg::OIDualSigned& order_part = merchant::OrderPart(received->message);
  const msg::OIData& order = order_part.t1.value;
  const auto* dual = std::get_if<msg::PReqDualSigned>(&received->message.value);
  if (!treatments::HasDetachedDigestForm(order_part.t2,
                                         dual != nullptr ? oid::kPiData : oid::kPiDataUnsigned)) {
    return Fail(ErrorCode::kDecodingFailure, "digest of PIData malformed");  // D-7
  }
  if (auto known = CheckExtensions(order.oi_extensions); !known) return Forward(known);
  if (auto same = CheckHeader(received->header, order.rrpid, IdsOf(order.trans_ids.value)); !same) {
    return Forward(same);
  }

  PReqFacts facts;
  if (dual != nullptr) {
    auto signer = VerifyDualSignature(env, trust, *dual);
    if (!signer) return Forward(signer);
    const pki::NameParts& subject = (*signer)->subject_parts();
    facts.is_signed = true;
    facts.signer_thumb = ToOctets((*signer)->thumb());
    facts.certificate_brand = subject.organization;
    if (subject.units.size() > kPromotionUnit) {
      facts.certificate_promotion = subject.units[kPromotionUnit];
    }
  } else if (policy.require_cardholder_certificate ||
             keys.gateway_chain.front()->card_cert_required()) {
    return Fail(ErrorCode::kSignatureRequired, "a cardholder certificate is required");  // O-4
  }
  if (auto found = CheckTransaction(terms, order, pinitres); !found) return Forward(found);
  auto matches = OrderMatches(terms, order);
  if (!matches) return Forward(matches);

  const msg::TransIDs& ids = order.trans_ids.value;
  facts.xid = ToOctets(ids.xid);
  facts.rrpid = ToOctets(order.rrpid);
  facts.lid_c = ids.lid_c.value;
  facts.brand_id = order.brand_id.Utf8();
  facts.bin = order.bin.value;
  facts.order_matches = *matches;
  return facts;
}

}  // namespace setcore
