// PInitReq and the verification of PInitRes (set-processing.md, 4.1 and 4.3).
#include <algorithm>
#include <string>
#include <utility>

#include "setcore/cardholder.h"
#include "setcore/cardholder_checks.h"
#include "setcore/messages/receive.h"
#include "setcore/pki/brand.h"
#include "setcore/pki/revocation.h"

namespace setcore {
namespace {

constexpr std::size_t kLidCSize = 8;
constexpr std::size_t kBinSize = 6;

}  // namespace

Result<Octets> ComposePInitReq(const Environment& env, const Card& card,
                               const PurchaseTerms& terms) {
  if (card.pan.size() < kBinSize) {
    return Fail(ErrorCode::kUnspecifiedFailure, "account number too short");
  }
  const auto brand = der::SetString::FromUtf8(terms.brand_id);
  if (!brand) return Fail(ErrorCode::kUnspecifiedFailure, "BrandID that SET cannot write");
  msg::PInitReq request;
  env.random->Fill(request.rrpid);
  request.local_id_c.value.resize(kLidCSize);
  env.random->Fill(request.local_id_c.value);
  env.random->Fill(request.chall_c);
  request.language.value = terms.language;
  if (terms.lid_m) request.local_id_m.emplace().value = *terms.lid_m;
  request.brand_id.value = *brand;
  request.bin.value = card.pan.substr(0, kBinSize);

  Result<Octets> der = der::Encode(request);
  if (!der) return der;
  const msg::MessageIDs ids{request.local_id_c, request.local_id_m, std::nullopt};
  return Wrap(MakeHeader(env.now, terms.sw_ident, request.rrpid, ids), msg::MessageType::kPInitReq,
              *std::move(der));
}

namespace cardholder {
namespace {

// Step 9: the certificate that PEThumb names, among those that came along.
Result<pki::CertificatePtr> SelectCertPE(const msg::CertThumb& thumb,
                                         const treatments::Verified& verified,
                                         const pki::TrustStore& trust, Time now) {
  const auto found =
      std::find_if(verified.certificates.begin(), verified.certificates.end(),
                   [&](const pki::CertificatePtr& certificate) {
                     return std::ranges::equal(certificate->thumb(), thumb.thumbprint.value);
                   });
  if (!(thumb.digest_algorithm.algorithm == oid::kSha1) || found == verified.certificates.end()) {
    auto failure = Fail(ErrorCode::kMissingCertificate, "Cert-PE did not come along");
    failure.value().thumb = thumb.thumbprint.value;
    return failure;
  }
  auto chain =
      trust.Verify(*found, verified.certificates, verified.crls, pki::Role::kGatewayExchange, now);
  if (!chain) return tl::unexpected<Error>(std::move(chain).error());
  return *found;
}

// Step 10: what the cardholder is told about, and nobody else (D-36).
Result<void> CheckBrands(std::string_view brand, const pki::Certificate& merchant,
                         const pki::Certificate& cert_pe) {
  for (const pki::Certificate* certificate : {&merchant, &cert_pe}) {
    if (pki::SameBrand(brand, certificate->subject_parts().organization)) continue;
    auto failure = Blame(ErrorCode::kInvalidCertificate, *certificate,
                         "the certificate is one of another brand");
    failure.value().silent = true;
    return failure;
  }
  return {};
}

}  // namespace

tl::unexpected<Error> Blame(ErrorCode code, const pki::Certificate& certificate,
                            std::string_view detail) {
  auto failure = Fail(code, std::string(detail));
  failure.value().thumb.assign(certificate.thumb().begin(), certificate.thumb().end());
  return failure;
}

Result<void> CheckTransIDs(const msg::TransIDs& answer, const msg::LocalID& sent_lid_c,
                           const std::optional<msg::LocalID>& sent_lid_m,
                           const std::optional<msg::XID>& sent_xid) {
  if (sent_xid && answer.xid != *sent_xid) {
    return Fail(ErrorCode::kUnknownXID, "XID of another purchase");
  }
  if (!(answer.lid_c == sent_lid_c) || (sent_lid_m && answer.lid_m != sent_lid_m)) {
    return Fail(ErrorCode::kUnknownLID, "LID of another purchase");
  }
  return {};
}

Result<void> CheckBrandCrlIdentifier(const std::optional<msg::Any>& bci,
                                     const treatments::Verified& verified,
                                     const pki::TrustStore& trust, std::string_view brand,
                                     Time now) {
  if (!bci) return {};
  const auto parsed = pki::BrandCrlIdentifier::Parse(bci->der);
  if (!parsed) return tl::unexpected<Error>(parsed.error());
  return trust.CheckBrandCrlIdentifier(**parsed, verified.certificates, verified.crls, brand, now);
}

Result<PInitExchange> CheckPInitRes(const Environment& env, const pki::TrustStore& trust,
                                    OctetView pinitreq, OctetView pinitres) {
  auto sent = Receive<msg::PInitReq>(pinitreq, msg::MessageType::kPInitReq, std::nullopt);
  if (!sent) return tl::unexpected<Error>(std::move(sent).error());
  const msg::PInitReq& request = sent->message;
  // Steps 1 and 2.
  const auto received = Receive<msg::SignedData>(pinitres, msg::MessageType::kPInitRes, env.now);
  if (!received) return tl::unexpected<Error>(received.error());
  const auto verified = treatments::VerifySigned(received->message, oid::kPInitResData, trust,
                                                 pki::Role::kMerchantSignature, env.now);
  if (!verified) return tl::unexpected<Error>(verified.error());
  auto data = der::Decode<msg::PInitResData>(received->message.content_info.content->der);
  if (!data) return tl::unexpected<Error>(std::move(data).error());
  if (auto known = CheckExtensions(data->pi_rs_extensions); !known) {
    return tl::unexpected<Error>(known.error());
  }
  const msg::TransIDs& ids = data->trans_ids.value;
  if (auto same = CheckHeader(received->header, data->rrpid, IdsOf(ids)); !same) {
    return tl::unexpected<Error>(same.error());
  }
  // Steps 3 to 5.
  if (auto same = CheckTransIDs(ids, request.local_id_c, request.local_id_m, std::nullopt); !same) {
    return tl::unexpected<Error>(same.error());
  }
  if (data->rrpid != request.rrpid) {
    return Fail(ErrorCode::kUnknownRRPID, "RRPID of another request");
  }
  if (data->chall_c != request.chall_c) {
    return Fail(ErrorCode::kChallengeMismatch, "Chall-C of another request");
  }
  const pki::CertificatePtr& merchant = verified->signer();
  if (!merchant->merchant_data()) {
    return Blame(ErrorCode::kInvalidCertificate, *merchant, "merchant without merchantData");
  }
  // Steps 8 to 11.
  const std::string brand = request.brand_id.Utf8();
  if (auto current =
          CheckBrandCrlIdentifier(data->brand_crl_identifier, *verified, trust, brand, env.now);
      !current) {
    return tl::unexpected<Error>(current.error());
  }
  auto cert_pe = SelectCertPE(data->pe_thumb, *verified, trust, env.now);
  if (!cert_pe) return tl::unexpected<Error>(std::move(cert_pe).error());
  if (auto same = CheckBrands(brand, *merchant, **cert_pe); !same) {
    return tl::unexpected<Error>(same.error());
  }
  if (data->thumbs != request.thumbs) {
    return Fail(ErrorCode::kThumbsMismatch, "Thumbs other than those sent");
  }
  return PInitExchange{std::move(sent->message), *std::move(data), merchant, *std::move(cert_pe)};
}

}  // namespace cardholder
}  // namespace setcore
