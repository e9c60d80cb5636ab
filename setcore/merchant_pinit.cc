// The merchant answers PInitReq (set-processing.md, 4.2).

#include <algorithm>
#include <utility>
#include <vector>

#include "setcore/merchant.h"
#include "setcore/merchant_common.h"
#include "setcore/pki/brand.h"

namespace setcore {
namespace {

using merchant::Forward;

// Octets of a LID-M that the merchant makes itself.
constexpr std::size_t kOwnLidM = 8;

// ReceivePInitReq makes every check of 2.2 that a PInitReq, which nobody signs, allows.
Result<Received<msg::PInitReq>> ReceivePInitReq(const Environment& env, OctetView pinitreq) {
  auto received = Receive<msg::PInitReq>(pinitreq, msg::MessageType::kPInitReq, env.now);
  if (!received) return received;
  if (auto known = CheckExtensions(received->message.pi_rq_extensions); !known) {
    return Forward(known);
  }
  const msg::PInitReq& request = received->message;
  if (auto same = CheckHeader(received->header, request.rrpid,
                              {request.local_id_c, request.local_id_m, std::nullopt});
      !same) {
    return Forward(same);
  }
  return received;
}

bool Holds(const std::optional<msg::Digests>& thumbs, const crypto::Sha1Digest& thumb) {
  return thumbs && std::any_of(thumbs->begin(), thumbs->end(), [&](const msg::Digest& digest) {
           return std::equal(digest.value.begin(), digest.value.end(), thumb.begin(), thumb.end());
         });
}

// Cached is what the cardholder has already (2.4): the thumbs of its request.
class Cached {
 public:
  explicit Cached(const std::optional<msg::Thumbs>& thumbs) {
    if (thumbs && thumbs->digest_algorithm.algorithm == oid::kSha1) thumbs_ = &*thumbs;
  }

  bool HasBci(const crypto::Sha1Digest& thumb) const {
    return thumbs_ != nullptr && Holds(thumbs_->brand_crl_id_thumbs, thumb);
  }

  // Certificates and CRLs among the candidates that it has.
  std::vector<crypto::Sha1Digest> Known(std::span<const pki::CertificatePtr> certificates,
                                        std::span<const pki::CrlPtr> crls) const {
    std::vector<crypto::Sha1Digest> known;
    if (thumbs_ == nullptr) return known;
    for (const auto& certificate : certificates) {
      if (Holds(thumbs_->cert_thumbs, certificate->thumb())) known.push_back(certificate->thumb());
    }
    for (const auto& crl : crls) {
      if (Holds(thumbs_->crl_thumbs, crl->thumb())) known.push_back(crl->thumb());
    }
    return known;
  }

 private:
  const msg::Thumbs* thumbs_ = nullptr;
};

// The CRLs of `trust` that `bci` names.
std::vector<pki::CrlPtr> NamedCrls(const pki::TrustStore& trust,
                                   const pki::BrandCrlIdentifier& bci) {
  std::vector<pki::CrlPtr> crls;
  for (const auto& crl : trust.crls()) {
    const bool named = std::any_of(bci.crls().begin(), bci.crls().end(), [&](const auto& entry) {
      return std::ranges::equal(entry.issuer, crl->issuer()) &&
             std::ranges::equal(entry.number, crl->number());
    });
    if (named) crls.push_back(crl);
  }
  return crls;
}

msg::CertThumb ThumbOf(const pki::Certificate& certificate) {
  msg::CertThumb thumb;
  thumb.thumbprint.value.assign(certificate.thumb().begin(), certificate.thumb().end());
  return thumb;
}

}  // namespace

Result<std::string> ReadPInitReqBrand(const Environment& env, OctetView pinitreq) {
  auto received = ReceivePInitReq(env, pinitreq);
  if (!received) return Forward(received);
  return received->message.brand_id.Utf8();
}

Result<ComposedPInitRes> ComposePInitRes(const Environment& env, const MerchantKeys& keys,
                                         const pki::TrustStore& trust, const PurchaseTerms& terms,
                                         OctetView pinitreq) {
  auto received = ReceivePInitReq(env, pinitreq);
  if (!received) return Forward(received);
  const msg::PInitReq& request = received->message;
  if (!pki::SameBrand(request.brand_id.Utf8(), terms.brand_id)) {
    return Fail(ErrorCode::kUnspecifiedFailure, "brand is not the one of the payment");  // D-33
  }
  const bool same_lid_m = request.local_id_m.has_value() == terms.lid_m.has_value() &&
                          (!terms.lid_m || request.local_id_m->value == *terms.lid_m);
  if (!same_lid_m) return Fail(ErrorCode::kUnknownLID, "LID-M names no order here");  // D-34

  msg::PInitResData data;
  msg::TransIDs& ids = data.trans_ids.value;
  ids.lid_c = request.local_id_c;
  ids.lid_m = request.local_id_m;
  ids.language = request.language;
  ids.p_req_date.value = env.now;
  merchant::Draw(env, ids.xid);
  merchant::Draw(env, data.chall_m);
  if (!ids.lid_m) {
    ids.lid_m.emplace().value.resize(kOwnLidM);
    env.random->Fill(ids.lid_m->value);
  }
  data.rrpid = request.rrpid;
  data.chall_c = request.chall_c;
  data.thumbs = request.thumbs;
  data.pe_thumb = ThumbOf(*keys.gateway_chain.front());

  const Cached cached(request.thumbs);
  std::vector<pki::CrlPtr> crls;
  if (const auto bci = trust.CurrentBrandCrlIdentifier(terms.brand_id, env.now);
      bci != nullptr && !cached.HasBci(bci->thumb())) {
    data.brand_crl_identifier = msg::Any{Octets(bci->der().begin(), bci->der().end())};
    crls = NamedCrls(trust, *bci);
  }
  std::vector<pki::CertificatePtr> certificates(keys.signing_chain.begin(),
                                                keys.signing_chain.end());
  certificates.insert(certificates.end(), keys.gateway_chain.begin(), keys.gateway_chain.end());
  const auto known = cached.Known(certificates, crls);
  treatments::Signer signer = merchant::SignerOf(keys, keys.gateway_chain);
  signer.crls = crls;
  signer.known = known;

  auto content = der::Encode(data);
  if (!content) return Forward(content);
  auto signed_data = der::Encode(treatments::Sign(signer, oid::kPInitResData, *content));
  if (!signed_data) return Forward(signed_data);
  auto message = Wrap(MakeHeader(env.now, terms.sw_ident, data.rrpid, IdsOf(ids)),
                      msg::MessageType::kPInitRes, *std::move(signed_data));
  if (!message) return Forward(message);
  return ComposedPInitRes{*std::move(message), Octets(ids.xid.begin(), ids.xid.end()),
                          ids.lid_m->value};
}

}  // namespace setcore
