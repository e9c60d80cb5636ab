// What every request to the gateway has in common: the merchant behind it, the payment instruction
// in it, what an answer announces.  Internal to gateway*.cc.
#ifndef SETCORE_GATEWAY_COMMON_H_
#define SETCORE_GATEWAY_COMMON_H_

#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/gateway.h"
#include "setcore/messages/common.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/revocation.h"
#include "setcore/pki/trust_store.h"
#include "setcore/treatments/enveloped.h"
#include "setcore/treatments/signed.h"

namespace setcore::gateway {

// The alternatives of PI that a cardholder makes.
inline constexpr std::size_t kPiUnsigned = 0;
inline constexpr std::size_t kPiDualSigned = 1;

std::vector<treatments::ExchangeKey> ExchangeKeysOf(std::span<const GatewayKeys> keys);

// KeysOf gives the generation that an envelope was opened with.
const GatewayKeys& KeysOf(std::span<const GatewayKeys> keys, const pki::Certificate* recipient);

inline const std::string& BrandOf(const pki::Certificate& certificate) {
  return certificate.subject_parts().organization;
}

// CheckMerchant: the signer is a merchant, of the brand whose key opened the envelope.
Result<void> CheckMerchant(const treatments::OpenedEnc& opened);

// FindMerchantExchange gives the certificate that the answer is encrypted for (D-1).
Result<pki::CertificatePtr> FindMerchantExchange(const treatments::Verified& verified,
                                                 const pki::TrustStore& trust, Time now);

// PANData or PANToken, read without leaving copies behind.
struct Account {
  SecretString pan;
  SecretString card_expiry;
  SecretOctets pan_secret;  // empty in a PANToken
};

// A PI behind its envelope.
struct Instruction {
  const pki::Certificate* recipient = nullptr;
  msg::PIOILink link;  // PIHead, DD(OIData)
  Account account;
  SecretOctets account_der;
};

// OpenInstruction: every fault gives nothing, whatever it was.
std::optional<Instruction> OpenInstruction(treatments::Keys keys, const msg::PI& pi,
                                           Random& random);

// SameTransaction is step 3 of 7.2.
bool SameTransaction(const msg::TransIDs& a, const msg::TransIDs& b);

// InUnits gives `amount` in units of 10^exponent; nothing if that is no whole number of 64 bits.
std::optional<std::int64_t> InUnits(const msg::CurrencyAmount& amount, std::int64_t exponent);

// Compare gives the order of two amounts; nothing if their currencies differ or if 64 bits do not
// hold them in one unit.
std::optional<std::strong_ordering> Compare(const msg::CurrencyAmount& a,
                                            const msg::CurrencyAmount& b);

// CannotRead is decodingFailure for what was found behind the envelope.
tl::unexpected<Error> CannotRead(std::string detail);

// JudgeToken tells what a CapToken is to the authorization of `auth_rrpid`.
CapTokenState JudgeToken(const Environment& env, std::span<const GatewayKeys> keys,
                         const pki::TrustStore& trust, const msg::CapToken& token,
                         const std::optional<msg::RRPID>& auth_rrpid);
inline bool IsBad(CapTokenState state) {
  return state == CapTokenState::kUnreadable || state == CapTokenState::kForeign;
}

// Announcement is what an answer tells of certificates, and who signs it.
struct Announcement {
  const GatewayKeys* own = nullptr;
  std::vector<pki::CrlPtr> crls;
  std::optional<msg::Any> brand_crl_identifier;
  std::optional<msg::CertThumb> pe_thumb;

  treatments::Signer signer() const;
};

// Announce follows 7.3 (3) and (4).  No keys of the brand: unspecifiedFailure.
Result<Announcement> Announce(const Environment& env, std::span<const GatewayKeys> keys,
                              const pki::TrustStore& trust, std::string_view brand,
                              const std::optional<msg::Thumbs>& m_thumbs);

}  // namespace setcore::gateway

#endif  // SETCORE_GATEWAY_COMMON_H_
