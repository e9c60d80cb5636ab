// The CapTokens that a gateway makes for itself, when they come back (set-processing.md, 7.4).

#include <algorithm>
#include <utility>
#include <variant>

#include "setcore/asn1/codec.h"
#include "setcore/crypto/secret_der.h"
#include "setcore/gateway_common.h"
#include "setcore/messages/tokens.h"

namespace setcore {
namespace {

// The alternatives of CapToken.
constexpr std::size_t kTokenWithPan = 0;
constexpr std::size_t kTokenPlain = 1;

// Tells whether one of our own signature certificates signed, which a gateway need not send to
// itself.
template <class Verify>
bool SignedByUs(std::span<const GatewayKeys> keys, msg::SignedData& signed_data,
                const Verify& verify) {
  auto& certificates =
      signed_data.certificates ? *signed_data.certificates : signed_data.certificates.emplace();
  for (const GatewayKeys& each : keys) {
    for (const pki::CertificatePtr& certificate : each.signing->chain) {
      certificates.items.push_back(
          msg::Any{{certificate->der().begin(), certificate->der().end()}});
    }
  }
  const Result<treatments::Verified> verified = verify(signed_data);
  return verified && std::ranges::any_of(keys, [&verified](const GatewayKeys& each) {
           return each.signing->certificate()->thumb() == verified->signer()->thumb();
         });
}

// What a CapToken of ours says, whichever alternative it is; nothing if it is not one of ours.
std::optional<msg::CapTokenData> ReadCapToken(const Environment& env,
                                              std::span<const GatewayKeys> own,
                                              treatments::Keys keys, const pki::TrustStore& trust,
                                              const msg::CapToken& token) {
  constexpr pki::Role kRole = pki::Role::kGatewaySignature;
  if (const auto* plain = std::get_if<kTokenPlain>(&token.value)) {
    const auto opened =
        treatments::Open(keys, *plain, oid::kCapTokenTbe, crypto::OaepUse::kE, *env.random);
    if (!opened) return std::nullopt;
    auto signed_data = der::Decode<msg::SignedData>(opened->plaintext.view());
    if (!signed_data || !SignedByUs(own, *signed_data, [&](const msg::SignedData& s) {
          return treatments::VerifySigned(s, oid::kCapTokenData, trust, kRole, env.now);
        })) {
      return std::nullopt;
    }
    auto data = der::Decode<msg::CapTokenData>(signed_data->content_info.content->der);
    return data ? std::optional(*std::move(data)) : std::nullopt;
  }
  const auto opened =
      treatments::Open(keys, std::get<kTokenWithPan>(token.value), oid::kCapTokenTbex,
                       crypto::OaepUse::kEncXPanToken, *env.random);
  if (!opened) return std::nullopt;
  auto inside = der::Decode<msg::CapTokenTBEX>(opened->plaintext.view());
  if (!inside) return std::nullopt;
  const SecretOctets content =
      crypto::SecretElement(der::kSequence, {inside->cap_token_data.der, opened->extra.view()});
  if (!SignedByUs(own, inside->s, [&](const msg::SignedData& s) {
        return treatments::VerifyDetached(s, oid::kCapTokenTbs, content.view(), trust, kRole,
                                          env.now);
      })) {
    return std::nullopt;
  }
  return inside->cap_token_data.value;
}

}  // namespace

CapTokenState gateway::JudgeToken(const Environment& env, std::span<const GatewayKeys> keys,
                                  const pki::TrustStore& trust, const msg::CapToken& token,
                                  const std::optional<msg::RRPID>& auth_rrpid) {
  if (std::holds_alternative<der::Null>(token.value)) return CapTokenState::kNone;
  const auto data = ReadCapToken(env, keys, ExchangeKeysOf(keys), trust, token);
  if (!data) return CapTokenState::kUnreadable;
  return data->auth_rrpid == auth_rrpid ? CapTokenState::kGood : CapTokenState::kForeign;
}

}  // namespace setcore
