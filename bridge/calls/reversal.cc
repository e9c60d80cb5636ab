#include "bridge/calls/reversal.h"

#include <utility>

#include "bridge/acquirer/exchange.h"
#include "bridge/calls/history.h"
#include "bridge/state/progress.h"

namespace bridge {
namespace {

Checked<void> OpenReversal(const Call& call, Ledger& ledger, const Till& till,
                           const setcore::PurchaseTerms& terms) {
  const PurchaseHistory history(ledger);
  const db::Intent& authorization = *history.authorization;
  auto made = setcore::ComposeAuthRevReq(
      call.environment(), till.keys(call), PolicyOf(call), call.keyring->trust(), terms,
      *history.preq, authorization.request, authorization.outcome.value_or(setcore::Octets{}));
  if (!made) {
    return Refuse(
        schema::FaultCode::kUnknownError, call.name(), {},
        {DetailText::kCannotMake, {{"message", "AuthRevReq"}, {"cause", made.error().detail}}});
  }
  db::Intent intent;
  intent.kind = kReversal;
  intent.rrpid = std::move(made->rrpid);
  intent.xid = authorization.xid;
  intent.request = std::move(made->message);
  intent.gateway = authorization.gateway;
  intent.opened = call.now_ms;
  ledger.OpenIntent(std::move(intent));
  return ledger.Commit(call, {}, {});
}

}  // namespace

Checked<Reversed> Reverse(const Call& call, Ledger& ledger, const Till& till,
                          const setcore::PurchaseTerms& terms) {
  if (ledger.LastIntent(kReversal) == nullptr) {
    if (auto opened = OpenReversal(call, ledger, till, terms); !opened) {
      return tl::unexpected(opened.error());
    }
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
