// What a stranger can send to each party of the purchase of the vectors: the first octet chooses
// who gets the wrapper.  What is accepted must be answerable.
#include <optional>
#include <vector>

#include "fuzz/purchase_world.h"
#include "fuzz/target.h"
#include "setcore/compose_error.h"
#include "setcore/receipt.h"
#include "setcore/received_error.h"

namespace {

using namespace setcore;
using fuzz::PurchaseWorld;
using fuzz::Require;

// Gives a refusal back, which the target then puts into an Error message.
template <class T>
std::optional<Error> Refusal(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error();
}

std::optional<Error> MerchantInit(const PurchaseWorld& world, const Environment& env,
                                  const PurchaseTerms& terms, OctetView octets) {
  static_cast<void>(ReadPInitReqBrand(env, octets));
  return Refusal(ComposePInitRes(env, world.merchant, world.trust, terms, octets));
}

std::optional<Error> MerchantPay(const PurchaseWorld& world, const Environment& env,
                                 const PurchaseTerms& terms, OctetView pinitreq, OctetView pinitres,
                                 OctetView octets) {
  const auto facts =
      CheckPReq(env, world.merchant, world.policy, world.trust, terms, pinitreq, pinitres, octets);
  if (!facts) return facts.error();
  const auto ids = ReadPReqIds(octets);
  Require(ids && ids->xid == facts->xid && ids->rrpid == facts->rrpid,
          "an accepted PReq was of the same purchase before");
  Require(ComposePRes(env, world.merchant, terms, octets, std::nullopt).has_value(),
          "an accepted PReq can be answered");
  if (facts->order_matches) {
    Require(ComposeAuthReq(env, world.merchant, world.policy, terms, octets).has_value(),
            "a PReq with our order can be authorized");
  }
  return std::nullopt;
}

std::optional<Error> Gateway(const PurchaseWorld& world, const Environment& env, OctetView octets) {
  const auto request = OpenAuthReq(env, world.gateway, world.trust, world.gateway_policy, octets);
  if (!request) return request.error();
  AuthDecision decision;
  decision.code = JudgeAuthReq(env, *request, {});
  const auto answer =
      ComposeAuthRes(env, world.gateway, world.trust, world.gateway_policy, *request, decision);
  Require(answer.has_value(), "an opened AuthReq can be answered");
  return std::nullopt;
}

std::optional<Error> MerchantTell(const PurchaseWorld& world, const Environment& env,
                                  const PurchaseRecord& record, OctetView octets) {
  const auto answer =
      ComposeInqRes(env, world.merchant, world.trust, world.terms.sw_ident, record, octets);
  if (answer) Require(ReadPRes(answer->message).has_value(), "our InqRes can be read");
  return Refusal(answer);
}

std::optional<Error> GatewayReverse(const PurchaseWorld& world, const Environment& env,
                                    OctetView octets) {
  const auto request =
      OpenAuthRevReq(env, world.gateway, world.trust, world.gateway_policy, octets);
  if (!request) return request.error();
  const auto code = JudgeAuthRevReq(*request, nullptr);
  const auto answer =
      ComposeAuthRevRes(env, world.gateway, world.trust, world.gateway_policy, *request, code);
  Require(answer.has_value(), "an opened AuthRevReq can be answered");
  return std::nullopt;
}

std::optional<Error> GatewayCapture(const PurchaseWorld& world, const Environment& env,
                                    OctetView octets) {
  const auto request = OpenCapReq(env, world.gateway, world.trust, world.gateway_policy, octets);
  if (!request) return request.error();
  std::vector<CaptureDecision> decisions;
  for (const CaptureItem& item : request->items) {
    decisions.push_back({JudgeCapItem(item, nullptr, BatchState::kOpen), {}, {}});
  }
  const auto answer =
      ComposeCapRes(env, world.gateway, world.trust, world.gateway_policy, *request, decisions);
  Require(answer.has_value(), "an opened CapReq can be answered");
  return std::nullopt;
}

// An answer of the gateway, judged when it comes and read again later.
template <class Outcome>
std::optional<Error> Reread(const Result<Outcome>& checked, const Result<Outcome>& again) {
  Require(!checked || (again && *again == *checked), "what was accepted is read again as it was");
  return Refusal(checked);
}

std::optional<Error> Act(std::uint8_t actor, const PurchaseWorld& world, const Environment& env,
                         OctetView octets) {
  switch (actor % 17) {
    case 0:
      return MerchantInit(world, env, world.terms, octets);
    case 1:
      return MerchantInit(world, env, world.unsigned_terms, octets);
    case 2:
      return Refusal(
          ComposePReq(env, world.card, world.trust, world.terms, world.pinitreq, octets));
    case 3:
      return Refusal(ComposePReq(env, world.plain_card, world.trust, world.unsigned_terms,
                                 world.unsigned_pinitreq, octets));
    case 4:
      return MerchantPay(world, env, world.terms, world.pinitreq, world.pinitres, octets);
    case 5:
      return MerchantPay(world, env, world.unsigned_terms, world.unsigned_pinitreq,
                         world.unsigned_pinitres, octets);
    case 6:
      return Refusal(CheckPRes(env, world.trust, world.pinitres, world.preq, octets));
    case 7:
      return Gateway(world, env, octets);
    case 8:
      return Reread(CheckAuthRes(env, world.merchant, world.trust, world.authreq, octets),
                    RereadAuthRes(env, world.merchant, octets));
    case 10:
      return MerchantTell(world, env, {world.pinitres, world.preq, world.pres}, octets);
    case 11:
      return MerchantTell(world, env, {world.unsigned_pinitres, world.unsigned_preq, {}}, octets);
    case 12:
      return Refusal(CheckInqRes(env, world.trust, world.pinitres, world.inqreq, octets));
    case 13:
      return GatewayReverse(world, env, octets);
    case 14:
      return Reread(CheckAuthRevRes(env, world.merchant, world.trust, world.authrevreq, octets),
                    RereadAuthRevRes(env, world.merchant, octets));
    case 15:
      return GatewayCapture(world, env, octets);
    case 16:
      return Reread(
          CheckCapRes(env, world.merchant, world.trust, world.auth_rrpid, world.capreq, octets),
          RereadCapRes(env, world.merchant, world.capreq, octets));
    default:
      return Refusal(ReadError(env, world.trust, octets));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const PurchaseWorld& world = *new PurchaseWorld;
  fuzz::Input input(data, size);
  fuzz::CountingRandom random;
  const Environment env{vectors::kNow, &random};
  const std::uint8_t actor = input.Octet();
  const OctetView octets = input.rest();
  if (const auto error = Act(actor, world, env, octets)) {
    const Octets message = ComposeError(env, nullptr, octets, *error);
    Require(ReadError(env, world.trust, message).has_value(), "our Error messages can be read");
  }
  return 0;
}
