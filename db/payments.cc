#include "db/payments.h"

#include <algorithm>
#include <array>

#include "db/find.h"

namespace db {
namespace {

// Columns that an update leaves alone: what never changes, and the state, which stands in an index
// and is written only when it does change.
constexpr bool Fixed(std::string_view column) {
  constexpr std::array<std::string_view, 5> kFixed = {"id", "pay_id", "role", "started",
                                                      "process_state"};
  return std::find(kFixed.begin(), kFixed.end(), column) != kFixed.end();
}

struct Assignments {
  std::string list;
  template <class T>
  void operator()(std::string_view name, const T&) {
    if (Fixed(name)) return;
    if (!list.empty()) list += ", ";
    list.append(name).append(" = ?");
  }
};

struct BindChanging {
  Query& query;
  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (!Fixed(name)) query.Bind(value);
  }
};

const std::string& UpdateSql(bool with_state) {
  static const auto& sql = *[] {
    Assignments assignments;
    const Payment none;
    Payment::Columns(assignments, none);
    const std::string same = "UPDATE payment SET " + assignments.list;
    return new std::array<std::string, 2>{same + " WHERE id = ?",
                                          same + ", process_state = ? WHERE id = ?"};
  }();
  return sql[with_state ? 1 : 0];
}

Result<void> Update(Transaction& tx, const Payment& payment, bool with_state) {
  Query update(tx, UpdateSql(with_state));
  BindChanging binder{update};
  Payment::Columns(binder, payment);
  if (with_state) update.Bind(payment.process_state);
  update.Bind(payment.id);
  if (auto done = update.Run(); !done) return done;
  if (Changes(tx) == 1) return {};
  return Fail(ErrorKind::kMissing, "payment " + payment.pay_id + " is not stored");
}

}  // namespace

Result<std::int64_t> InsertPayment(Transaction& tx, const Payment& payment) {
  static const std::string& sql = *new std::string(InsertSql<Payment>("payment"));
  Payment row = payment;
  row.id = 0;
  if (auto stored = StoreRow(tx, sql, row); !stored) return tl::unexpected<Error>(stored.error());
  return LastRowId(tx);
}

Result<void> RecordPayment(Transaction& tx, Payment& payment, const Standing& before,
                           std::vector<Entry>& entries, const EventCause& cause, Millis now) {
  const bool state_moved = before.process_state != payment.process_state;
  const bool moved = state_moved || before.percent_complete != payment.percent_complete;
  if (moved) payment.changed = now;
  if (moved || !cause.reason.empty()) {
    if (entries.empty()) entries.emplace_back();
    Entry& event = entries.back();
    event.from_state = before.process_state;
    event.to_state = payment.process_state;
    event.percent = payment.percent_complete;
    event.reason = cause.reason;
  }
  int number = payment.entries;
  payment.entries += static_cast<int>(entries.size());
  if (payment.id == 0) {
    const auto id = InsertPayment(tx, payment);
    if (!id) return tl::unexpected<Error>(id.error());
    payment.id = *id;
  } else if (auto updated = Update(tx, payment, state_moved); !updated) {
    return updated;
  }
  for (Entry& entry : entries) {
    entry.at = now;
    entry.call = cause.call;
    if (auto added = AppendEntry(tx, payment.id, ++number, entry); !added) return added;
  }
  return {};
}

Result<std::optional<Payment>> FindPayment(const Reader& reader, std::string_view pay_id) {
  static const std::string& sql = *new std::string(SelectSql<Payment>("payment WHERE pay_id = ?"));
  return FindRow<Payment>(reader, sql, pay_id);
}

Result<std::optional<PaymentStatus>> FindPaymentStatus(const Reader& reader,
                                                       std::string_view pay_id) {
  static const std::string& sql =
      *new std::string(SelectSql<PaymentStatus>("payment WHERE pay_id = ?"));
  return FindRow<PaymentStatus>(reader, sql, pay_id);
}

Result<std::int64_t> CountInProgress(const Reader& reader) {
  const auto count = FindValue<std::int64_t>(
      reader, "SELECT count(*) FROM payment WHERE process_state = 'InProgress'");
  if (!count) return tl::unexpected<Error>(count.error());
  return count->value_or(0);
}

Result<std::vector<std::string>> ListPending(const Reader& reader, std::string_view role) {
  return FindValues<std::string>(
      reader,
      "SELECT pay_id FROM payment WHERE process_state IN ('InProgress', 'Suspended') "
      "AND (?1 = '' OR role = ?1) ORDER BY id",
      role);
}

Result<std::vector<std::string>> ListUncaptured(const Reader& reader) {
  return FindValues<std::string>(
      reader,
      "SELECT pay_id FROM payment WHERE role = 'PaymentHandler' "
      "AND process_state = 'CompletedOk' AND captured IS NULL ORDER BY id");
}

Result<bool> InstrumentInUse(const Reader& reader, std::string_view payment_instrument_id) {
  const auto found = FindValue<std::int64_t>(
      reader,
      "SELECT 1 FROM payment WHERE process_state IN ('InProgress', 'Suspended') "
      "AND payment_instrument_id = ? LIMIT 1",
      payment_instrument_id);
  if (!found) return tl::unexpected<Error>(found.error());
  return found->has_value();
}

Result<bool> BrandInUse(const Reader& reader, std::string_view brand_id) {
  const auto found = FindValue<std::int64_t>(
      reader,
      "SELECT 1 FROM payment WHERE process_state IN ('InProgress', 'Suspended') "
      "AND brand_id = ? UNION ALL "
      "SELECT 1 FROM intent JOIN payment ON payment.id = intent.payment "
      "WHERE intent.settled IS NULL AND payment.brand_id = ? LIMIT 1",
      brand_id, brand_id);
  if (!found) return tl::unexpected<Error>(found.error());
  return found->has_value();
}

Result<std::vector<PaymentLine>> ListPayments(const Reader& reader) {
  static const std::string& sql =
      *new std::string(SelectSql<PaymentLine>("payments ORDER BY started, PayId"));
  return FindRows<PaymentLine>(reader, sql);
}

}  // namespace db
