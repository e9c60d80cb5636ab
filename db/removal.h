// Removing final payments (RFC 3867, 4.4.1; keep_days): amounts, messages, stored answers and
// receipts go; role, PayId, request digests, XID, RRPIDs, final state and time stay, so that
// nothing that was paid once can be paid again.  Of a payment that was never started nothing stays.
#ifndef DB_REMOVAL_H_
#define DB_REMOVAL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

// Whether a payment of this PayId was removed.
Result<bool> IsRemoved(const Reader& reader, std::string_view pay_id);

// RemovePayment reduces a payment (by Payment::id).  kConflict: it is pending, or an exchange with
// the acquirer is open; kMissing: there is none.
Result<void> RemovePayment(Transaction& tx, std::int64_t payment, Millis now);

// Where a search for payments that have been kept long enough stands.
struct KeptUntil {
  Millis before = 0;       // payments that have not changed since
  std::int64_t after = 0;  // Payment::id where to begin
  int rows = 0;            // how many ids to look at
  int limit = 0;           // how many payments to give at most
};
struct Removable {
  std::int64_t id = 0;
  std::string pay_id;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("id", self.id);
    a("pay_id", self.pay_id);
  }
};
// By id.
Result<std::vector<Removable>> ListRemovable(const Reader& reader, const KeptUntil& search);

// The highest Payment::id; 0 for an empty ledger.
Result<std::int64_t> LastPayment(const Reader& reader);

}  // namespace db

#endif  // DB_REMOVAL_H_
