// What a member of the system can send: the input is what stands behind signature and envelope, and
// the target signs and seals it with the keys of the vectors.  The first octet chooses the message;
// where it has two parts, the size of the first one stands in front of it in two octets.
#include <iterator>
#include <optional>
#include <utility>

#include "fuzz/purchase_world.h"
#include "fuzz/target.h"
#include "setcore/asn1/codec.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/messages/receive.h"
#include "setcore/received_error.h"
#include "setcore/treatments/digested.h"
#include "setcore/treatments/enveloped.h"
#include "setcore/treatments/signed.h"

namespace {

using namespace setcore;
using fuzz::PurchaseWorld;
using fuzz::Require;

// A wrapper like that of the vectors around another message.
Octets MakeWrapper(const Octets& like, Octets message) {
  auto wrapper = vectors::Must(der::Decode<msg::MessageWrapper>(like));
  wrapper.message.der = std::move(message);
  return der::MustEncode(wrapper);
}

treatments::Signer MerchantSigner(const PurchaseWorld& world) {
  return {.key = world.merchant_sign.key,
          .chain = world.merchant_sign.chain,
          .more = world.merchant_exchange.chain};
}

treatments::Signer GatewaySigner(const PurchaseWorld& world) {
  return {.key = world.gateway_sign.key, .chain = world.gateway_sign.chain};
}

void PInitRes(const PurchaseWorld& world, const Environment& env, fuzz::Input input) {
  const Octets pinitres = MakeWrapper(
      world.pinitres,
      der::MustEncode(treatments::Sign(MerchantSigner(world), oid::kPInitResData, input.rest())));
  const auto preq =
      ComposePReq(env, world.card, world.trust, world.terms, world.pinitreq, pinitres);
  if (preq) Require(!preq->xid.empty(), "a PReq has an XID");
}

void PRes(const PurchaseWorld& world, const Environment& env, fuzz::Input input) {
  const Octets pres = MakeWrapper(
      PurchaseWorld::Message("12-pres"),
      der::MustEncode(treatments::Sign(MerchantSigner(world), oid::kPResData, input.rest())));
  static_cast<void>(CheckPRes(env, world.trust, world.pinitres, world.preq, pres));
}

// Asks the gateway for what a merchant with good keys says.
void Authorize(const PurchaseWorld& world, const Environment& env, const Octets& like, OctetView t,
               const Octets& pi) {
  const auto enc = treatments::SealEncB(
      MerchantSigner(world), *world.gateway_exchange.certificate(), treatments::kAuthReqTypes, t,
      pi, treatments::DrawEnvelopeRandoms(*env.random));
  auto decoded = der::Decode<msg::PI>(pi);
  if (!enc || !decoded) return;
  msg::AuthReq authreq;
  authreq.enc = *enc;
  authreq.baggage = {*std::move(decoded), pi};
  const Octets wrapper = MakeWrapper(like, der::MustEncode(authreq));
  const auto request = OpenAuthReq(env, world.gateway, world.trust, world.gateway_policy, wrapper);
  if (!request) return;
  AuthDecision decision;
  decision.code = JudgeAuthReq(env, *request, {});
  if (decision.code == msg::AuthCode::kApproved) decision.approval_code = "000001";
  if (request->capture_now && decision.code == msg::AuthCode::kApproved) {
    decision.capture.emplace();
  }
  Require(ComposeAuthRes(env, world.gateway, world.trust, world.gateway_policy, *request, decision)
              .has_value(),
          "an opened AuthReq can be answered");
}

void AuthReq(const PurchaseWorld& world, const Environment& env, fuzz::Input input) {
  const OctetView t = input.Part();
  Authorize(world, env, world.authreq, t, Octets(input.rest().begin(), input.rest().end()));
}

// The PI of a cardholder without certificate: L(PIHead, DD(OIData)) and PANToken.
void UnsignedPi(const PurchaseWorld& world, const Environment& env, fuzz::Input input) {
  const OctetView t = input.Part();
  const auto enveloped = treatments::SealLinked(
      *world.gateway_exchange.certificate(), oid::kPiUnsignedTbe, t, oid::kPanToken, input.rest(),
      crypto::OaepUse::kExhPanToken, treatments::DrawEnvelopeRandoms(*env.random));
  if (!enveloped) return;
  msg::PI pi;
  pi.value.emplace<0>().value = *enveloped;
  static const Octets& data = *new Octets(PurchaseWorld::File("10-authreq").Hex("AuthReqData"));
  Authorize(world, env, world.authreq, data, der::MustEncode(pi));
}

void AuthRes(const PurchaseWorld& world, const Environment& env, fuzz::Input input) {
  const OctetView t = input.Part();
  const Octets baggage(input.rest().begin(), input.rest().end());
  auto decoded = der::Decode<msg::AuthResBaggage>(baggage);
  const auto enc = treatments::SealEncB(
      GatewaySigner(world), *world.merchant_exchange.certificate(), treatments::kAuthResTypes, t,
      baggage, treatments::DrawEnvelopeRandoms(*env.random));
  if (!enc || !decoded) return;
  msg::AuthRes authres;
  authres.value.emplace<0>(msg::AuthResEncB{*enc, {*std::move(decoded), baggage}});
  static const Octets& like = *new Octets(PurchaseWorld::Message("11-authres"));
  const auto outcome = CheckAuthRes(env, world.merchant, world.trust, world.authreq,
                                    MakeWrapper(like, der::MustEncode(authres)));
  if (!outcome) return;
  const auto pres = ComposePRes(env, world.merchant, world.terms, world.preq, *outcome);
  Require(pres.has_value(), "an outcome can be told to the cardholder");
  Require(CheckPRes(env, world.trust, world.pinitres, world.preq, pres->message).has_value(),
          "the cardholder accepts our PRes");
}

void SignedError(const PurchaseWorld& world, const Environment& env, fuzz::Input input) {
  msg::ErrorMessage error;
  error.value = treatments::Sign(GatewaySigner(world), oid::kErrorTbs, input.rest());
  static const Octets& like = *new Octets(PurchaseWorld::Message("23-error", "signed-with-thumb."));
  static_cast<void>(ReadError(env, world.trust, MakeWrapper(like, der::MustEncode(error))));
}

constexpr void (*kMessages[])(const PurchaseWorld&, const Environment&, fuzz::Input) = {
    PInitRes, PRes, AuthReq, UnsignedPi, AuthRes, SignedError,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const PurchaseWorld& world = *new PurchaseWorld;
  fuzz::Input input(data, size);
  fuzz::CountingRandom random;
  const Environment env{vectors::kNow, &random};
  const std::size_t message = input.Octet() % std::size(kMessages);
  if (input.empty()) return 0;  // nothing cannot be signed
  kMessages[message](world, env, input);
  return 0;
}
