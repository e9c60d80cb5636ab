#include "db/history.h"

#include "db/find.h"

namespace db {
namespace {

// An entry as a row.
struct Placed {
  std::int64_t id = 0;
  const Entry* entry = nullptr;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    static const Entry& none = *new Entry;
    a("id", self.id);
    Entry::Columns(a, self.entry == nullptr ? none : *self.entry);
  }
};

}  // namespace

Result<void> AppendEntry(Transaction& tx, std::int64_t payment, int number, const Entry& entry) {
  static const std::string& sql = *new std::string(InsertSql<Placed>("entry"));
  if (number >= 1 << kPlaceBits) return Fail(ErrorKind::kFull, "a history has too many entries");
  if (entry.digest && entry.digest->size() != kRequestDigestSize) {
    return Fail(ErrorKind::kInternal, "a request digest is not SHA-256");
  }
  return StoreRow(tx, sql, Placed{Place(payment, number), &entry});
}

Result<std::vector<Entry>> LoadEntries(const Reader& reader, std::int64_t payment) {
  static const std::string& sql =
      *new std::string(SelectSql<Entry>("entry WHERE id > ? AND id < ? ORDER BY id"));
  return FindRows<Entry>(reader, sql, Place(payment, 0), Place(payment + 1, 0));
}

Result<std::optional<Receipt>> FindReceipt(const Reader& reader, std::int64_t payment) {
  return FindRow<Receipt>(reader,
                          "SELECT CASE role WHEN 'Consumer' THEN received_kind ELSE sent_kind END, "
                          "at, CASE role WHEN 'Consumer' THEN received ELSE sent END "
                          "FROM payment JOIN entry ON entry.id = (payment.id << 20 | receipt) "
                          "WHERE payment.id = ?",
                          payment);
}

}  // namespace db
