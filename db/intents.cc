#include "db/intents.h"

#include <algorithm>

#include "db/find.h"
#include "db/history.h"

namespace db {
namespace {

Result<void> OneRow(Transaction& tx, Result<void> done) {
  if (done && Changes(tx) != 1) return Fail(ErrorKind::kConflict, "the intent is not open");
  return done;
}

}  // namespace

Result<std::int64_t> OpenIntent(Transaction& tx, const Intent& intent) {
  static const std::string& sql = *new std::string(InsertSql<Intent>("intent"));
  const auto last =
      FindValue<std::int64_t>(tx, "SELECT max(id) FROM intent WHERE id > ? AND id < ?",
                              Place(intent.payment, 0), Place(intent.payment + 1, 0));
  if (!last) return tl::unexpected<Error>(last.error());
  Intent row = intent;
  row.id = std::max(last->value_or(0), Place(intent.payment, 0)) + 1;
  if (auto stored = StoreRow(tx, sql, row); !stored) return tl::unexpected<Error>(stored.error());
  return row.id;
}

Result<void> SettleIntent(Transaction& tx, std::int64_t intent, OctetView outcome, Millis now) {
  return OneRow(
      tx, Change(tx, "UPDATE intent SET outcome = ?, settled = ? WHERE id = ? AND settled IS NULL",
                 outcome, now, intent));
}

Result<void> ResolveIntent(Transaction& tx, std::int64_t intent, std::string_view as,
                           std::string_view by, std::string_view why, Millis now) {
  return OneRow(tx, Change(tx,
                           "UPDATE intent SET settled = ?, resolved_as = ?, resolved_by = ?, "
                           "resolved_why = ? WHERE id = ? AND settled IS NULL",
                           now, as, by, why, intent));
}

Result<void> LateOutcome(Transaction& tx, std::int64_t intent, OctetView outcome) {
  return Change(tx,
                "UPDATE intent SET outcome = ? WHERE id = ? AND resolved_as IS NOT NULL "
                "AND outcome IS NULL",
                outcome, intent);
}

Result<std::optional<Intent>> FindOpenIntent(const Reader& reader, std::int64_t payment) {
  static const std::string& sql =
      *new std::string(SelectSql<Intent>("intent WHERE payment = ? AND settled IS NULL"));
  return FindRow<Intent>(reader, sql, payment);
}

Result<std::optional<Intent>> LastIntent(const Reader& reader, std::int64_t payment,
                                         std::string_view kind) {
  static const std::string& sql = *new std::string(
      SelectSql<Intent>("intent WHERE id > ? AND id < ? AND kind = ? ORDER BY id DESC LIMIT 1"));
  return FindRow<Intent>(reader, sql, Place(payment, 0), Place(payment + 1, 0), kind);
}

Result<std::vector<std::string>> AwaitedGateways(const Reader& reader) {
  return FindValues<std::string>(
      reader, "SELECT DISTINCT gateway FROM intent WHERE settled IS NULL ORDER BY gateway");
}

Result<std::vector<Intent>> LoadIntents(const Reader& reader, std::int64_t payment) {
  static const std::string& sql =
      *new std::string(SelectSql<Intent>("intent WHERE id > ? AND id < ? ORDER BY id"));
  return FindRows<Intent>(reader, sql, Place(payment, 0), Place(payment + 1, 0));
}

}  // namespace db
