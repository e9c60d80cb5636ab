#include "bridge/calls/history.h"

#include "bridge/translate/packaged_content.h"

namespace bridge {
namespace {

setcore::OctetView OrEmpty(const setcore::Octets* octets) {
  return octets == nullptr ? setcore::OctetView() : *octets;
}

}  // namespace

PurchaseHistory::PurchaseHistory(const Ledger& ledger)
    : pinitreq(OrEmpty(ledger.LastMessage(kReceived, "PInitReq"))),
      pinitres(OrEmpty(ledger.LastMessage(kSent, "PInitRes"))),
      preq(ledger.LastMessage(kReceived, "PReq")),
      pres(ledger.LastMessage(kSent, kPResName)),
      authorization(ledger.LastIntent(kAuthorization)),
      reversal(ledger.LastIntent(kReversal)),
      capture(ledger.LastIntent(kCapture)) {}

bool OutcomeOpen(const Ledger& ledger) {
  if (ledger.has_open_intent()) return true;
  return ledger.LastIntent(kAuthorization) != nullptr &&
         ledger.LastMessage(kSent, kPResName) == nullptr;
}

}  // namespace bridge
