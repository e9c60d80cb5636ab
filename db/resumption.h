// What resuming a payment asks the store (RFC 3538, 8.7; E-118): which payments were under way when
// the wallet was opened, and which want attention.  Functions fail with the Reader's errors.
#ifndef DB_RESUMPTION_H_
#define DB_RESUMPTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "db/error.h"
#include "db/sqlite.h"

namespace db {

// Payment::id of every payment InProgress, ascending.
Result<std::vector<std::int64_t>> ListInProgress(const Reader& reader);

// A payment that wants attention: InProgress, Suspended, or with an open intent.
struct Unfinished {
  std::string pay_id;
  std::string role;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("pay_id", self.pay_id);
    a("role", self.role);
  }
};
// Oldest first.
Result<std::vector<Unfinished>> ListUnfinished(const Reader& reader);

}  // namespace db

#endif  // DB_RESUMPTION_H_
