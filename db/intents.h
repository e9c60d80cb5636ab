// Intents: exchanges with the acquirer.  Recorded and committed before the request leaves, settled
// by the outcome (architecture.md, invariant 5; set-processing.md, 7.6).
#ifndef DB_INTENTS_H_
#define DB_INTENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

struct Intent {
  std::int64_t id = 0;       // given by OpenIntent
  std::int64_t payment = 0;  // Payment::id
  std::string kind;          // "AuthReq"
  Octets rrpid;
  Octets xid;
  Octets request;  // the identical octets of every attempt
  std::string gateway;
  Millis opened = 0;
  std::optional<Octets> outcome;  // verified response, none if resolved by hand
  std::optional<Millis> settled;
  std::optional<std::string> resolved_as;  // "approved" or "declined"
  std::optional<std::string> resolved_by;
  std::optional<std::string> resolved_why;

  bool open() const { return !settled; }

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("id", self.id);
    a("payment", self.payment);
    a("kind", self.kind);
    a("rrpid", self.rrpid);
    a("xid", self.xid);
    a("request", self.request);
    a("gateway", self.gateway);
    a("opened", self.opened);
    a("outcome", self.outcome);
    a("settled", self.settled);
    a("resolved_as", self.resolved_as);
    a("resolved_by", self.resolved_by);
    a("resolved_why", self.resolved_why);
  }
};

// OpenIntent gives the row id, a neighbour of the payment's other ids (history.h).  kConflict: the
// payment has an open intent.
Result<std::int64_t> OpenIntent(Transaction& tx, const Intent& intent);

// SettleIntent records the outcome.  kConflict: settled already.
Result<void> SettleIntent(Transaction& tx, std::int64_t intent, OctetView outcome, Millis now);

// ResolveIntent closes by hand (`set-bridge resolve`).  kConflict: settled already.
Result<void> ResolveIntent(Transaction& tx, std::int64_t intent, std::string_view as,
                           std::string_view by, std::string_view why, Millis now);

// LateOutcome keeps the response to an intent that was resolved by hand before it came.  The first
// one stays.
Result<void> LateOutcome(Transaction& tx, std::int64_t intent, OctetView outcome);

Result<std::optional<Intent>> FindOpenIntent(const Reader& reader, std::int64_t payment);
// The newest intent of this kind, open or settled.
Result<std::optional<Intent>> LastIntent(const Reader& reader, std::int64_t payment,
                                         std::string_view kind);
// All intents of a payment, oldest first.
Result<std::vector<Intent>> LoadIntents(const Reader& reader, std::int64_t payment);
// The gateways, each once, whose word on an intent is still due.
Result<std::vector<std::string>> AwaitedGateways(const Reader& reader);

}  // namespace db

#endif  // DB_INTENTS_H_
