#include "db/removal.h"

#include <optional>
#include <string>
#include <string_view>

#include "db/find.h"

namespace db {
namespace {

// In this order; every `?1` is the payment's id, `?2` the time.
constexpr std::string_view kSteps[] = {
    "INSERT INTO removed_payment (pay_id, role, process_state, completion_code, xid, "
    "requests, changed, removed) SELECT pay_id, role, process_state, completion_code, xid, "
    "(SELECT group_concat(call || ' ' || hex(digest), char(10)) FROM entry "
    "WHERE digest IS NOT NULL AND id > ?1 << 20 AND id < ?1 + 1 << 20), "
    "changed, ?2 FROM payment WHERE id = ?1 AND process_state <> 'NotYetStarted'",
    "INSERT OR IGNORE INTO used_id (kind, value, pay_id, at) SELECT 'rrpid', intent.rrpid, "
    "payment.pay_id, intent.opened FROM intent JOIN payment ON payment.id = intent.payment "
    "WHERE intent.id > ?1 << 20 AND intent.id < ?1 + 1 << 20",
    "DELETE FROM intent WHERE id > ?1 << 20 AND id < ?1 + 1 << 20",
    "DELETE FROM entry WHERE id > ?1 << 20 AND id < ?1 + 1 << 20",
    "DELETE FROM payment WHERE id = ?1",
};

// Of a payment: nothing is due any more, neither here nor at the acquirer.
constexpr std::string_view kNothingDue =
    "process_state NOT IN ('InProgress', 'Suspended') AND NOT EXISTS "
    "(SELECT 1 FROM intent WHERE intent.payment = payment.id AND settled IS NULL) ";

}  // namespace

Result<bool> IsRemoved(const Reader& reader, std::string_view pay_id) {
  const auto found =
      FindValue<std::int64_t>(reader, "SELECT 1 FROM removed_payment WHERE pay_id = ?", pay_id);
  if (!found) return tl::unexpected<Error>(found.error());
  return found->has_value();
}

Result<void> RemovePayment(Transaction& tx, std::int64_t payment, Millis now) {
  static const std::string& sql =
      *new std::string("SELECT " + std::string(kNothingDue) + "FROM payment WHERE id = ?");
  const auto removable = FindValue<std::int64_t>(tx, sql, payment);
  if (!removable) return tl::unexpected<Error>(removable.error());
  if (!*removable) return Fail(ErrorKind::kMissing, "there is no such payment");
  if (**removable == 0) return Fail(ErrorKind::kConflict, "the payment is pending");
  for (const std::string_view step : kSteps) {
    Query query(tx, step);
    query.Bind(payment);
    if (step.find("?2") != std::string_view::npos) query.Bind(now);
    if (auto done = query.Run(); !done) return done;
  }
  return {};
}

Result<std::vector<Removable>> ListRemovable(const Reader& reader, const KeptUntil& search) {
  static const std::string& sql = *new std::string(
      SelectSql<Removable>("payment WHERE id > ?1 AND id <= ?1 + ?2 AND changed < ?3 AND " +
                           std::string(kNothingDue) + "ORDER BY id LIMIT ?4"));
  return FindRows<Removable>(reader, sql, search.after, search.rows, search.before, search.limit);
}

Result<std::int64_t> LastPayment(const Reader& reader) {
  const auto last = FindValue<std::int64_t>(reader, "SELECT max(id) FROM payment");
  if (!last) return tl::unexpected<Error>(last.error());
  return last->value_or(0);
}

}  // namespace db
