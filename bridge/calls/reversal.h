// Taking back an authorization at the acquirer (E-71, E-73), with intent and outcome on disk like
// those of the authorization itself.
#ifndef BRIDGE_CALLS_REVERSAL_H_
#define BRIDGE_CALLS_REVERSAL_H_

#include <string>

#include "bridge/calls/call.h"
#include "bridge/calls/ledger.h"
#include "bridge/calls/refusal.h"
#include "bridge/calls/till.h"
#include "setcore/merchant.h"
#include "setcore/purchase.h"

namespace bridge {

// What the acquirer says about a reversal.
struct Reversed {
  bool done = false;
  std::string code;  // "AuthRevCode=approved(0)"
};

// Reverse asks the acquirer to take back the payment's settled authorization: the first time with a
// new AuthRevReq, whose intent is committed before it leaves, later with its identical octets.  A
// reversal that is settled is not asked for again, unless the gateway could not use the request or
// gave no reason: then with a new one.  No answer: TransportError,
// TransientError, and the intent stays open.
Checked<Reversed> Reverse(const Call& call, Ledger& ledger, const Till& till,
                          const setcore::PurchaseTerms& terms);

}  // namespace bridge

#endif  // BRIDGE_CALLS_REVERSAL_H_
