// The merchant of the golden vectors with its gateway, after the authorization of the vectors.
#ifndef TESTS_UNIT_SETCORE_ACQUIRER_FIXTURE_H_
#define TESTS_UNIT_SETCORE_ACQUIRER_FIXTURE_H_

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "setcore/crypto/random.h"
#include "setcore/gateway.h"
#include "setcore/messages/pan.h"
#include "setcore/messages/tokens.h"
#include "setcore/order.h"
#include "unit/setcore/merchant_fixture.h"

namespace setcore {

class AcquirerTest : public MerchantTest {
 protected:
  AcquirerTest() { gateway_keys_[0] = {&gateway_sign_, &gateway_, bins_}; }

  Environment env() { return {vectors::kNow, &random_}; }
  static ErrorCode CodeOf(const auto& result) { return result ? ErrorCode{} : result.error().code; }
  static vectors::ScriptedRandom EnvelopeRandom(const vectors::File& file,
                                                const std::string& prefix) {
    return {file.Hex("random." + prefix + "-des-key"), file.Hex("random." + prefix + "-iv"),
            file.Hex("random." + prefix + "-e-salt"), file.Hex("random." + prefix + "-i")};
  }
  // What the ledger knows after the authorization of the vectors.
  AuthorizationFacts Facts() const {
    AuthorizationFacts facts;
    std::ranges::copy(File("02-pinitres").Hex("random.xid"), facts.xid.begin());
    facts.approved = true;
    facts.amount = AmountOf(terms_.purch_amt);
    return facts;
  }

  // A CapToken for `auth_rrpid`, as the gateway makes them for itself.
  msg::Kept<msg::CapToken> Token(const msg::RRPID& auth_rrpid, const pki::CertifiedKey& signer) {
    msg::CapTokenData data;
    data.auth_rrpid = auth_rrpid;
    data.auth_amt = AmountOf(terms_.purch_amt);
    data.token_opaque.der = {0x05, 0x00};
    msg::CapToken token;
    token.value.emplace<1>(vectors::Must(treatments::SealEnc(
        {signer.key, signer.chain}, *gateway_.certificate(), treatments::kCapTokenTypes,
        vectors::Must(der::Encode(data)), treatments::DrawEnvelopeRandoms(random_))));
    return vectors::Must(der::Keep(std::move(token)));
  }
  // The same with the PANToken in its block (EncX).
  msg::Kept<msg::CapToken> TokenWithPan(const msg::RRPID& auth_rrpid,
                                        const pki::CertifiedKey& signer) {
    msg::CapTokenTBEX inside;
    inside.cap_token_data.value.auth_rrpid = auth_rrpid;
    inside.cap_token_data.value.token_opaque.der = {0x05, 0x00};
    inside.cap_token_data = vectors::Must(der::Keep(inside.cap_token_data.value));
    const Octets pan_token = PanToken();
    inside.s = treatments::SignDetached({signer.key, signer.chain}, oid::kCapTokenTbs,
                                        Sequence(inside.cap_token_data.der, pan_token));
    msg::CapToken token;
    token.value.emplace<0>(vectors::Must(treatments::Seal(
        *gateway_.certificate(), oid::kCapTokenTbex, vectors::Must(der::Encode(inside)),
        crypto::OaepUse::kEncXPanToken, pan_token, treatments::DrawEnvelopeRandoms(random_))));
    return vectors::Must(der::Keep(std::move(token)));
  }
  static Octets PanToken() {
    msg::PANToken account;
    account.pan.value = "4000000000000002";
    account.card_expiry.value = "203012";
    return vectors::Must(der::Encode(account));
  }
  static Octets Sequence(OctetView first, OctetView second) {
    der::Writer content;
    content.Sequence([&] {
      content.Raw(first);
      content.Raw(second);
    });
    return content.Take();
  }

  std::vector<std::string> bins_;
  std::array<GatewayKeys, 1> gateway_keys_;
  GatewayPolicy gateway_policy_{.sw_ident = "setpeer 1.0"};
  SystemRandom random_;
  Octets preq_ = Message("09-preq-dualsigned");
  Octets authreq_ = Message("10-authreq");
  Octets authres_ = Message("11-authres");
};

}  // namespace setcore

#endif  // TESTS_UNIT_SETCORE_ACQUIRER_FIXTURE_H_
