#include "bridge/calls/reversal.h"

#include <utility>

#include "bridge/acquirer/exchange.h"
#include "bridge/calls/history.h"
#include "bridge/state/progress.h"
#include "setcore/messages/codes.h"

namespace bridge {
namespace {

Checked<void> OpenReversal(const Call& call, Ledger& ledger, const Till& till,
                           const setcore::PurchaseTerms& terms) {
  const PurchaseHistory history(ledger);
  const db::Intent& authorization = *history.authorization;
  auto made = setcore::ComposeAuthRevReq(call.environment(), till.keys(call), PolicyOf(call), terms,
                                         *history.preq, authorization.request,
                                         authorization.outcome.value_or(setcore::Octets{}));
  if (!made) {
    return Refuse(
        schema::FaultCode::kUnknownError, call.name(), {},
        {DetailText::kCannotMake, {{"message", "AuthRevReq"}, {"cause", made.error().detail}}});
  }
  ledger.OpenIntent(call, kReversal, std::move(*made), authorization.xid, authorization.gateway);
  return ledger.Commit(call, {}, {});
}

// Whether a new request may bring what a settled one did not (set-processing.md, 2.3): the gateway
// could not use it, or gives no reason.  What the operator has closed stays closed.
bool MayAskAgain(const db::Intent& intent, const setcore::ReversalOutcome& refusal) {
  if (refusal.reversed || intent.resolved_as) return false;
  return refusal.field != "AuthRevCode" ||
         refusal.value == static_cast<int>(setcore::msg::AuthRevCode::kUnspecifiedFailure);
}

// Opens a reversal unless there is one that has not been refused for good.
Checked<void> EnsureReversal(const Call& call, Ledger& ledger, const Till& till,
                             const setcore::PurchaseTerms& terms) {
  if (const db::Intent* last = ledger.LastIntent(kReversal); last != nullptr) {
    if (last->open()) return {};
    const auto settled = SettledReversal(call, till.keys(call), *last);
    if (!settled || !MayAskAgain(*last, settled->decision)) return {};
  }
  return OpenReversal(call, ledger, till, terms);
}

}  // namespace

Checked<Reversed> Reverse(const Call& call, Ledger& ledger, const Till& till,
                          const setcore::PurchaseTerms& terms) {
  if (auto ensured = EnsureReversal(call, ledger, till, terms); !ensured) {
    return tl::unexpected(ensured.error());
  }
  const db::Intent& intent = *ledger.LastIntent(kReversal);
  auto outcome = intent.open() ? ExchangeReversal(call, till.keys(call), till.signer(), intent)
                               : SettledReversal(call, till.keys(call), intent);
  if (!outcome) return tl::unexpected(outcome.error());
  const setcore::ReversalOutcome& decision = outcome->decision;
  Reversed reversed{decision.reversed, CodeText(decision.field, decision.name, decision.value)};
  if (intent.open()) ledger.SettleIntent(intent.id, std::move(outcome->response));
  return reversed;
}

}  // namespace bridge
