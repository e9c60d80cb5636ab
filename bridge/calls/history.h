// PurchaseHistory: what the payment handler's store holds of a purchase, octet for octet.
#ifndef BRIDGE_CALLS_HISTORY_H_
#define BRIDGE_CALLS_HISTORY_H_

#include <string_view>

#include "bridge/calls/ledger.h"
#include "db/intents.h"
#include "setcore/octets.h"

namespace bridge {

inline constexpr std::string_view kAuthorization = "AuthReq";
inline constexpr std::string_view kReversal = "AuthRevReq";
inline constexpr std::string_view kCapture = "CapReq";

// What it points to is good until the ledger's next Commit.
struct PurchaseHistory {
  explicit PurchaseHistory(const Ledger& ledger);

  setcore::OctetView pinitreq;  // both empty for a purchase without PInit exchange
  setcore::OctetView pinitres;
  const setcore::Octets* preq = nullptr;      // the one that was authorized
  const setcore::Octets* pres = nullptr;      // the last one that was made
  const db::Intent* authorization = nullptr;  // of that PReq
  const db::Intent* reversal = nullptr;       // of that authorization
  const db::Intent* capture = nullptr;        // of that authorization, the last one

  // The outcome of the authorization is still to be told.
  bool authorizing() const { return authorization != nullptr && authorization->open(); }
};

// OutcomeOpen: the acquirer was asked to authorize, and no PRes tells yet what came of it; or an
// exchange with it is open.  Whoever ends the payment now may end one that is paid (E-71).
bool OutcomeOpen(const Ledger& ledger);

}  // namespace bridge

#endif  // BRIDGE_CALLS_HISTORY_H_
