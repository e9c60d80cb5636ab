// Forge: SET messages that the wallets of a market would never make: other certificates, other
// cards, other purchases, made with the market's own hierarchy.
#ifndef TESTS_END_TO_END_FORGE_H_
#define TESTS_END_TO_END_FORGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "end_to_end/market.h"
#include "setcore/cardholder.h"
#include "setcore/crypto/random.h"
#include "setcore/gateway.h"
#include "setcore/merchant.h"
#include "setcore/pki/certificate_maker.h"
#include "setcore/pki/trust_store.h"

namespace market {

// Gives what is prepared first, then random octets.
class PreparedRandom final : public setcore::Random {
 public:
  explicit PreparedRandom(setcore::Octets first = {}) : first_(std::move(first)) {}
  void Fill(std::span<std::uint8_t> out) override;

 private:
  setcore::Octets first_;
  setcore::SystemRandom system_;
};

class Forge {
 public:
  // Reads the market's hierarchy; throws std::runtime_error if it cannot.
  explicit Forge(const Market& market);

  // A certificate with its key: "cardholder", "merchant-sign", "merchant-exchange", "gateway-sign",
  // "gateway-exchange", "cca", "mca", "pca", "brand-ca".
  setcore::pki::CertifiedKey Load(const std::string& name) const;
  // A new key with a certificate of `profile` under the authority `issuer` ("cca"), valid from
  // `from` to `until` seconds from now.
  setcore::pki::CertifiedKey Make(setcore::pki::CertificateProfile profile,
                                  const std::string& issuer, setcore::Time from = -86400,
                                  setcore::Time until = 86400 * 365) const;
  // The same under a root that nobody trusts.
  setcore::pki::CertifiedKey MakeForeign(setcore::pki::CertificateProfile profile) const;
  // A merchant of another brand, `brand`, under the market's root.
  setcore::pki::CertifiedKey MakeMerchantOf(const std::string& brand) const;
  // The profiles that the market's own cardholder and merchant have.
  setcore::pki::CertificateProfile CardholderProfile() const;
  setcore::pki::CertificateProfile MerchantProfile(bool exchange) const;

  // What the merchant's wallet of the market knows of the purchase.
  setcore::PurchaseTerms Terms(const Purchase& purchase) const;

  setcore::Octets PInitReq(const setcore::PurchaseTerms& terms) const;
  // Answers the PInitReq of `purchase`, signed with `signing`.
  setcore::Octets PInitRes(const Purchase& purchase,
                           const setcore::pki::CertifiedKey& signing) const;
  // Another PReq for the PInit exchange of `purchase`, dual signed with `signing`.  `first_random`
  // is the beginning of what is drawn: the RRPID.
  setcore::Octets PReq(const Purchase& purchase, const setcore::pki::CertifiedKey& signing,
                       setcore::Octets first_random = {}) const;
  setcore::Octets PReq(setcore::OctetView pinitreq, setcore::OctetView pinitres,
                       const setcore::PurchaseTerms& terms,
                       const setcore::pki::CertifiedKey& signing,
                       setcore::Octets first_random = {}) const;
  // A PReq for a purchase without PInit exchange.
  setcore::Octets FirstPReq(const setcore::PurchaseTerms& terms,
                            const setcore::pki::CertifiedKey& signing) const;
  // Approves `authreq`, signed with `signing`.
  setcore::Octets AuthRes(setcore::OctetView authreq,
                          const setcore::pki::CertifiedKey& signing) const;
  // A CRL of `issuer` ("pca") that revokes the certificate `name`.
  setcore::Octets Crl(const std::string& issuer, const std::string& name) const;

  const setcore::pki::TrustStore& trust() const { return trust_; }
  setcore::Environment environment() const;

 private:
  std::string Text(const std::string& file) const;
  // A new key with a certificate under `above`.
  setcore::pki::CertifiedKey MakeUnder(const setcore::pki::CertifiedKey& above,
                                       setcore::pki::CertificateProfile profile, setcore::Time from,
                                       setcore::Time until) const;
  setcore::Card CardOf(const setcore::pki::CertifiedKey& signing) const;

  const Market& market_;
  const bridge::programs::PkiBrand& brand_;
  setcore::pki::TrustStore trust_;
  mutable PreparedRandom random_;
  mutable std::uint64_t serial_ = 1000;  // none of the market's own
};

// `profile` of a wallet of the market, with a CRL that revokes the certificate with which the
// gateway signs.
std::string WithRevokedGateway(const Market& market, std::string profile);

// The octets of a base64 text; throws if it is none.
setcore::Octets Decoded(const std::string& base64);

}  // namespace market

#endif  // TESTS_END_TO_END_FORGE_H_
