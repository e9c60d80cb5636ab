#include "bridge/acquirer/exchange.h"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>

#include "bridge/texts/texts.h"
#include "setcore/compose_error.h"
#include "setcore/messages/codes.h"

namespace bridge {
namespace {

constexpr std::string_view kApproved = "approved";
constexpr std::int64_t kMsPerSecond = 1000;

tl::unexpected<Refusal> Unsettled(const Call& call, const std::string& gateway, Detail why) {
  const GatewayConfig* config = call.config().FindGateway(gateway);
  const std::uint32_t retry = config == nullptr ? 1 : config->min_resubmit_s;
  call.wallet.host.Log(LogLevel::kWarning,
                       fmt::format("acquirer {}: {}", gateway, Words(why, Language::kEnglish)));
  return RefuseForNow(schema::FaultCode::kTransportError, call.name(), retry, std::move(why));
}

Detail ProvesNothing(const db::Intent& intent, const setcore::Error& error) {
  return {DetailText::kAnswerProvesNothing,
          {{"gateway", intent.gateway}, {"code", Name(error.code)}, {"cause", error.detail}}};
}

// The operator's word (interfaces.md, 2: resolve).
setcore::AuthOutcome ByHand(const setcore::PurchaseTerms& terms, const db::Intent& intent) {
  setcore::AuthOutcome decision;
  decision.auth_code =
      static_cast<int>(intent.resolved_as == kApproved ? setcore::msg::AuthCode::kApproved
                                                       : setcore::msg::AuthCode::kDeclined);
  decision.auth_amt = terms.purch_amt;
  decision.auth_date = intent.settled.value_or(0) / kMsPerSecond;
  return decision;
}

// How an answer that comes is judged: CheckAuthRes, CheckAuthRevRes, CheckCapRes.
template <class Decision>
using Verify = std::function<setcore::Result<Decision>(
    const setcore::Environment& env, const setcore::MerchantKeys& keys,
    const setcore::pki::TrustStore& trust, setcore::OctetView request, setcore::OctetView answer)>;

// The moment when the answer to a settled intent was verified (set-processing.md, 2.2 (0)).
setcore::Environment Then(const Call& call, const db::Intent& intent) {
  setcore::Environment then = call.environment();
  then.now = intent.settled.value_or(call.now_ms) / kMsPerSecond;
  return then;
}

// What Send has verified before it was kept: nothing of an intent that is open or was resolved.
setcore::OctetView VerifiedAnswer(const db::Intent& intent) {
  const bool verified = !intent.open() && !intent.resolved_as && intent.outcome;
  return verified ? setcore::OctetView(*intent.outcome) : setcore::OctetView();
}

template <class Decision>
Checked<Settled<Decision>> Again(const Call& call, const db::Intent& intent,
                                 setcore::Result<Decision> decision) {
  if (!decision) return Unsettled(call, intent.gateway, ProvesNothing(intent, decision.error()));
  return Settled<Decision>{std::move(*decision), *intent.outcome};
}

template <class Decision>
Checked<Settled<Decision>> Send(const Call& call, const setcore::MerchantKeys& keys,
                                const setcore::pki::CertifiedKey& signer, const db::Intent& intent,
                                const Verify<Decision>& verify) {
  OpenWallet& wallet = call.wallet;
  const auto found = wallet.links.To(intent.gateway, *call.keyring, wallet.host);
  if (!found) return Unsettled(call, intent.gateway, found.error().why);
  Link* link = *found;
  auto answer = link->Exchange(intent.request, link->address().answer_timeout_s * kMsPerSecond);
  if (!answer) return Unsettled(call, intent.gateway, answer.error().why);
  auto decision = verify(call.environment(), keys, call.keyring->trust(), intent.request, *answer);
  if (!decision) {
    const setcore::Error& error = decision.error();
    if (error.code == setcore::ErrorCode::kDecodingFailure ||
        error.code == setcore::ErrorCode::kSignatureFailure) {  // D-45
      link->Diagnose(setcore::ComposeError(call.environment(), &signer, *answer, error));
    }
    return Unsettled(call, intent.gateway, ProvesNothing(intent, error));
  }
  return Settled<Decision>{std::move(*decision), std::move(*answer)};
}

}  // namespace

Checked<Outcome> SettledOutcome(const Call& call, const setcore::MerchantKeys& keys,
                                const setcore::PurchaseTerms& terms, const db::Intent& intent) {
  if (intent.resolved_as) return Outcome{ByHand(terms, intent), {}};
  return Again(call, intent,
               setcore::RereadAuthRes(Then(call, intent), keys, VerifiedAnswer(intent)));
}

Checked<Reversal> SettledReversal(const Call& call, const setcore::MerchantKeys& keys,
                                  const db::Intent& intent) {
  if (intent.resolved_as) {
    const bool reversed = intent.resolved_as == kApproved;
    const auto code = reversed ? setcore::msg::AuthRevCode::kApproved
                               : setcore::msg::AuthRevCode::kUnspecifiedFailure;
    return Reversal{{reversed, "AuthRevCode", Name(code), static_cast<int>(code)}, {}};
  }
  return Again(call, intent,
               setcore::RereadAuthRevRes(Then(call, intent), keys, VerifiedAnswer(intent)));
}

Checked<Capture> SettledCapture(const Call& call, const setcore::MerchantKeys& keys,
                                const db::Intent& intent) {
  return Again(
      call, intent,
      setcore::RereadCapRes(Then(call, intent), keys, intent.request, VerifiedAnswer(intent)));
}

Checked<Outcome> Exchange(const Call& call, const setcore::MerchantKeys& keys,
                          const setcore::pki::CertifiedKey& signer, const db::Intent& intent) {
  return Send(call, keys, signer, intent, Verify<setcore::AuthOutcome>(setcore::CheckAuthRes));
}

Checked<Reversal> ExchangeReversal(const Call& call, const setcore::MerchantKeys& keys,
                                   const setcore::pki::CertifiedKey& signer,
                                   const db::Intent& intent) {
  return Send(call, keys, signer, intent,
              Verify<setcore::ReversalOutcome>(setcore::CheckAuthRevRes));
}

Checked<Capture> ExchangeCapture(const Call& call, const setcore::MerchantKeys& keys,
                                 const setcore::pki::CertifiedKey& signer,
                                 const db::Intent& authorization, const db::Intent& intent) {
  const Verify<setcore::CaptureOutcome> verify =
      [&authorization](const auto& env, const auto& its_keys, const auto& trust,
                       setcore::OctetView capreq, setcore::OctetView capres) {
        return setcore::CheckCapRes(env, its_keys, trust, authorization.rrpid, capreq, capres);
      };
  return Send(call, keys, signer, intent, verify);
}

}  // namespace bridge
