#include "setcore/gateway_common.h"

#include <algorithm>
#include <utility>

#include "setcore/asn1/codec.h"
#include "setcore/pki/brand.h"
#include "setcore/treatments/digested.h"

namespace setcore::gateway {
namespace {

tl::unexpected<Error> Blame(ErrorCode code, const pki::Certificate& certificate, const char* why) {
  auto failure = Fail(code, why);
  Error error = std::move(failure.value());
  error.thumb.assign(certificate.thumb().begin(), certificate.thumb().end());
  return tl::unexpected<Error>(std::move(error));
}

SecretString ToSecretString(OctetView contents) {
  return SecretString(
      std::string_view(reinterpret_cast<const char*>(contents.data()), contents.size()));
}

std::optional<Account> ReadAccount(OctetView der, bool with_secret) {
  constexpr std::size_t kMaxPan = 19;
  constexpr std::size_t kExpiry = 6;
  constexpr std::size_t kSecret = 20;
  Account account;
  der::Reader reader(der);
  reader.Sequence([&] {
    const OctetView pan = reader.Primitive(der::kNumericString);
    const OctetView expiry = reader.Primitive(der::kNumericString);
    const OctetView secret = with_secret ? reader.Primitive(der::kOctetString) : OctetView();
    const OctetView nonce = reader.Primitive(der::kOctetString);
    if (!reader.ok()) return;
    if (pan.empty() || pan.size() > kMaxPan || expiry.size() != kExpiry ||
        (with_secret && secret.size() != kSecret) || nonce.size() != kSecret) {
      return reader.Fail("account data outside its bounds");
    }
    account.pan = ToSecretString(pan);
    account.card_expiry = ToSecretString(expiry);
    account.pan_secret = SecretOctets(secret);
  });
  if (!reader.ok() || !reader.AtEnd()) return std::nullopt;
  return account;
}

bool Has(const std::optional<msg::Digests>& thumbs, const crypto::Sha1Digest& thumb) {
  return thumbs && std::ranges::any_of(*thumbs, [&thumb](const msg::Digest& each) {
           return std::ranges::equal(each.value, thumb);
         });
}

// The newest keys of a brand: those that are announced.
const GatewayKeys* NewestOf(std::span<const GatewayKeys> keys, std::string_view brand) {
  const GatewayKeys* newest = nullptr;
  for (const GatewayKeys& each : keys) {
    const pki::Certificate& certificate = *each.exchange->certificate();
    if (pki::SameBrand(BrandOf(certificate), brand) &&
        (newest == nullptr ||
         certificate.not_before() > newest->exchange->certificate()->not_before())) {
      newest = &each;
    }
  }
  return newest;
}

constexpr std::int64_t kMaxExponentSpread = 18;  // powers of ten that 64 bits hold

}  // namespace

std::vector<treatments::ExchangeKey> ExchangeKeysOf(std::span<const GatewayKeys> keys) {
  std::vector<treatments::ExchangeKey> out;
  for (const GatewayKeys& each : keys) {
    out.push_back({&each.exchange->key, each.exchange->certificate().get()});
  }
  return out;
}

const GatewayKeys& KeysOf(std::span<const GatewayKeys> keys, const pki::Certificate* recipient) {
  return *std::ranges::find_if(keys, [recipient](const GatewayKeys& each) {
    return each.exchange->certificate().get() == recipient;
  });
}

Result<void> CheckMerchant(const treatments::OpenedEnc& opened) {
  const pki::Certificate& signer = *opened.verified.signer();
  if (!signer.merchant_data()) {
    return Blame(ErrorCode::kInvalidCertificate, signer, "merchant certificate has no MerchantID");
  }
  if (!pki::SameBrand(BrandOf(signer), BrandOf(*opened.recipient))) {
    return Blame(ErrorCode::kInvalidCertificate, signer, "merchant certificate of another brand");
  }
  return {};
}

Result<pki::CertificatePtr> FindMerchantExchange(const treatments::Verified& verified,
                                                 const pki::TrustStore& trust, Time now) {
  constexpr std::uint16_t kExchange = pki::kKeyEncipherment | pki::kDataEncipherment;
  const pki::Certificate& signer = *verified.signer();
  for (const pki::CertificatePtr& candidate : verified.certificates) {
    if ((candidate->types() & pki::kMer) != 0 && (candidate->key_usage() & kExchange) != 0 &&
        !candidate->is_ca() && candidate->merchant_data() &&
        candidate->merchant_data()->merchant_id == signer.merchant_data()->merchant_id &&
        pki::SameBrand(BrandOf(*candidate), BrandOf(signer)) &&
        trust.Verify(candidate, verified.certificates, verified.crls, pki::Role::kMerchantExchange,
                     now)) {
      return candidate;
    }
  }
  return Fail(ErrorCode::kMissingCertificate, "no key-exchange certificate of the merchant");
}

std::optional<Instruction> OpenInstruction(treatments::Keys keys, const msg::PI& pi,
                                           Random& random) {
  const auto* dual = std::get_if<kPiDualSigned>(&pi.value);
  const auto* plain = std::get_if<kPiUnsigned>(&pi.value);
  if (dual == nullptr && plain == nullptr) return std::nullopt;  // an AuthToken that is not ours
  auto opened = dual != nullptr
                    ? treatments::OpenLinked(keys, dual->value.ex_pi_data, oid::kPiDualSignedTbe,
                                             oid::kPanData, crypto::OaepUse::kExPanData, random)
                    : treatments::OpenLinked(keys, plain->value, oid::kPiUnsignedTbe,
                                             oid::kPanToken, crypto::OaepUse::kExhPanToken, random);
  if (!opened) return std::nullopt;
  auto link = der::Decode<msg::PIOILink>(opened->t);
  auto account = ReadAccount(opened->opened.extra.view(), dual != nullptr);
  if (!link || !account || !treatments::HasDetachedDigestForm(link->t2, oid::kOiData)) {
    return std::nullopt;
  }
  Instruction instruction;
  instruction.recipient = opened->opened.recipient;
  instruction.link = *std::move(link);
  instruction.account = *std::move(account);
  instruction.account_der = std::move(opened->opened.extra);
  return instruction;
}

bool SameTransaction(const msg::TransIDs& a, const msg::TransIDs& b) {
  return a.xid == b.xid && a.lid_c == b.lid_c && (!a.lid_m || !b.lid_m || *a.lid_m == *b.lid_m);
}

std::optional<std::int64_t> InUnits(const msg::CurrencyAmount& amount, std::int64_t exponent) {
  std::int64_t spread = 0;
  if (__builtin_sub_overflow(amount.amt_exp10.value, exponent, &spread) || spread < 0 ||
      spread > kMaxExponentSpread) {
    return std::nullopt;
  }
  std::int64_t units = amount.amount;
  for (; spread > 0; --spread) {
    if (__builtin_mul_overflow(units, 10, &units)) return std::nullopt;
  }
  return units;
}

std::optional<std::strong_ordering> Compare(const msg::CurrencyAmount& a,
                                            const msg::CurrencyAmount& b) {
  if (!(a.currency == b.currency)) return std::nullopt;
  const std::int64_t exponent = std::min(a.amt_exp10.value, b.amt_exp10.value);
  const auto a_units = InUnits(a, exponent);
  const auto b_units = InUnits(b, exponent);
  if (!a_units || !b_units) return std::nullopt;
  return *a_units <=> *b_units;
}

tl::unexpected<Error> CannotRead(std::string detail) {
  auto failure = Fail(ErrorCode::kDecodingFailure, std::move(detail));
  failure.value().envelope = true;
  return failure;
}

treatments::Signer Announcement::signer() const {
  treatments::Signer signer{.key = own->signing->key, .chain = own->signing->chain};
  signer.crls = crls;
  if (pe_thumb) signer.more = own->exchange->chain;
  return signer;
}

Result<Announcement> Announce(const Environment& env, std::span<const GatewayKeys> keys,
                              const pki::TrustStore& trust, std::string_view brand,
                              const std::optional<msg::Thumbs>& m_thumbs) {
  Announcement out;
  out.own = NewestOf(keys, brand);
  if (out.own == nullptr) return Fail(ErrorCode::kUnspecifiedFailure, "no keys of this brand");
  // The list of CRLs in force, with those CRLs, unless the merchant has it.
  const auto bci = trust.CurrentBrandCrlIdentifier(brand, env.now);
  if (bci != nullptr && !(m_thumbs && Has(m_thumbs->brand_crl_id_thumbs, bci->thumb()))) {
    out.brand_crl_identifier.emplace().der.assign(bci->der().begin(), bci->der().end());
    for (const pki::CrlPtr& crl : trust.crls()) {
      const bool named = std::ranges::any_of(bci->crls(), [&crl](const auto& each) {
        return std::ranges::equal(each.issuer, crl->issuer()) &&
               std::ranges::equal(each.number, crl->number());
      });
      const bool had = m_thumbs && Has(m_thumbs->crl_thumbs, crl->thumb());
      if (named && !had) out.crls.push_back(crl);
    }
  }
  // D-54
  const pki::CertificatePtr& cert_pe = out.own->exchange->certificate();
  if (m_thumbs && !Has(m_thumbs->cert_thumbs, cert_pe->thumb())) {
    out.pe_thumb.emplace().thumbprint.value.assign(cert_pe->thumb().begin(),
                                                   cert_pe->thumb().end());
  }
  return out;
}

}  // namespace setcore::gateway
