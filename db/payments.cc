#include "db/payments.h"

#include <algorithm>
#include <array>

#include "db/find.h"

namespace db {
namespace {

// Columns that an update leaves alone: what never changes, and what stands in an index and is
// written only when it does change.
constexpr bool Fixed(std::string_view column) {
  constexpr std::array<std::string_view, 6> kFixed = {"id",      "pay_id", "role",
                                                      "started", "lid_m",  "xid"};
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

const std::string& UpdateSql() {
  static const std::string& sql = *[] {
    Assignments assignments;
    const Payment none;
    Payment::Columns(assignments, none);
    return new std::string("UPDATE payment SET " + assignments.list + " WHERE id = ?");
  }();
  return sql;
}

struct Before {
  std::string process_state;
  int percent_complete = 0;
  std::optional<Octets> lid_m;
  std::optional<Octets> xid;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("process_state", self.process_state);
    a("percent_complete", self.percent_complete);
    a("lid_m", self.lid_m);
    a("xid", self.xid);
  }
};

}  // namespace

Result<std::int64_t> InsertPayment(Transaction& tx, const Payment& payment) {
  static const std::string& sql = *new std::string(InsertSql<Payment>("payment"));
  Payment row = payment;
  row.id = 0;
  if (auto stored = StoreRow(tx, sql, row); !stored) return tl::unexpected<Error>(stored.error());
  return LastRowId(tx);
}

Result<void> UpdatePayment(Transaction& tx, Payment& payment, const EventCause& cause, Millis now) {
  static const std::string& select = *new std::string(SelectSql<Before>("payment WHERE id = ?"));
  const auto before = FindRow<Before>(tx, select, payment.id);
  if (!before) return tl::unexpected<Error>(before.error());
  if (!*before) return Fail(ErrorKind::kMissing, "payment " + payment.pay_id + " is not stored");

  const bool moved = (*before)->process_state != payment.process_state ||
                     (*before)->percent_complete != payment.percent_complete;
  if (moved) payment.changed = now;
  {
    Query update(tx, UpdateSql());
    BindChanging binder{update};
    const Payment& row = payment;
    Payment::Columns(binder, row);
    update.Bind(row.id);
    if (auto done = update.Run(); !done) return done;
  }
  if ((*before)->lid_m != payment.lid_m || (*before)->xid != payment.xid) {
    if (auto done = Change(tx, "UPDATE payment SET lid_m = ?, xid = ? WHERE id = ?", payment.lid_m,
                           payment.xid, payment.id);
        !done) {
      return done;
    }
  }
  if (!moved && cause.reason.empty()) return {};
  return Change(tx,
                "INSERT INTO event (payment, seq, at, call, from_state, to_state, percent, reason) "
                "VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM event WHERE payment = ?1), "
                "?2, ?3, ?4, ?5, ?6, ?7)",
                payment.id, now, cause.call, (*before)->process_state, payment.process_state,
                payment.percent_complete, cause.reason);
}

Result<std::optional<Payment>> FindPayment(const Reader& reader, std::string_view pay_id) {
  static const std::string& sql = *new std::string(SelectSql<Payment>("payment WHERE pay_id = ?"));
  return FindRow<Payment>(reader, sql, pay_id);
}

Result<std::optional<Payment>> FindPaymentByXid(const Reader& reader, OctetView xid) {
  static const std::string& sql = *new std::string(
      SelectSql<Payment>("payment WHERE xid = ? AND xid IS NOT NULL ORDER BY id DESC LIMIT 1"));
  return FindRow<Payment>(reader, sql, xid);
}

Result<std::optional<Payment>> FindPaymentByLidM(const Reader& reader, OctetView lid_m) {
  static const std::string& sql = *new std::string(
      SelectSql<Payment>("payment WHERE lid_m = ? AND lid_m IS NOT NULL ORDER BY id DESC LIMIT 1"));
  return FindRow<Payment>(reader, sql, lid_m);
}

Result<std::optional<Payment>> FindPaymentByRrpid(const Reader& reader, OctetView rrpid) {
  static const std::string& sql = *new std::string(SelectSql<Payment>(
      "payment WHERE pay_id = (SELECT pay_id FROM used_id WHERE kind = 'rrpid' AND value = ?)"));
  return FindRow<Payment>(reader, sql, rrpid);
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
      "AND brand_id = ? LIMIT 1",
      brand_id);
  if (!found) return tl::unexpected<Error>(found.error());
  return found->has_value();
}

Result<std::vector<PaymentLine>> ListPayments(const Reader& reader) {
  static const std::string& sql =
      *new std::string(SelectSql<PaymentLine>("payments ORDER BY started, PayId"));
  return FindRows<PaymentLine>(reader, sql);
}

Result<void> RecordOffer(Transaction& tx, std::int64_t payment, std::string_view brand_id) {
  return Change(tx, "INSERT OR IGNORE INTO offer (payment, brand_id) VALUES (?, ?)", payment,
                brand_id);
}

Result<bool> WasOffered(const Reader& reader, std::int64_t payment, std::string_view brand_id) {
  const auto found = FindValue<std::int64_t>(
      reader, "SELECT 1 FROM offer WHERE payment = ? AND brand_id = ?", payment, brand_id);
  if (!found) return tl::unexpected<Error>(found.error());
  return found->has_value();
}

}  // namespace db
