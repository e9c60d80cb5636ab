#include "db/messages.h"

#include "db/find.h"

namespace db {

Result<int> AppendMessage(Transaction& tx, const Message& message) {
  static const std::string& sql = *new std::string(InsertSql<Message>("message"));
  const auto last = FindValue<int>(
      tx, "SELECT coalesce(max(seq), 0) FROM message WHERE payment = ?", message.payment);
  if (!last) return tl::unexpected<Error>(last.error());
  Message row = message;
  row.seq = last->value_or(0) + 1;
  if (auto done = StoreRow(tx, sql, row); !done) return tl::unexpected<Error>(done.error());
  return row.seq;
}

Result<std::optional<Message>> LastMessage(const Reader& reader, std::int64_t payment,
                                           std::string_view direction, std::string_view kind) {
  static const std::string& sql = *new std::string(
      SelectSql<Message>("message WHERE payment = ?1 AND direction = ?2 AND (?3 = '' OR kind = ?3) "
                         "ORDER BY seq DESC LIMIT 1"));
  return FindRow<Message>(reader, sql, payment, direction, kind);
}

Result<std::vector<Message>> ListMessages(const Reader& reader, std::int64_t payment) {
  static const std::string& sql =
      *new std::string(SelectSql<Message>("message WHERE payment = ? ORDER BY seq"));
  return FindRows<Message>(reader, sql, payment);
}

Result<void> InsertReceipt(Transaction& tx, const Receipt& receipt) {
  static const std::string& sql = *new std::string(InsertSql<Receipt>("receipt"));
  const auto stored = FindReceipt(tx, receipt.payment, receipt.name);
  if (!stored) return tl::unexpected<Error>(stored.error());
  if (*stored) {
    if ((*stored)->octets == receipt.octets) return {};
    return Fail(ErrorKind::kConflict, "the payment has another receipt of this name");
  }
  return StoreRow(tx, sql, receipt);
}

Result<std::optional<Receipt>> FindReceipt(const Reader& reader, std::int64_t payment,
                                           std::string_view name) {
  static const std::string& sql =
      *new std::string(SelectSql<Receipt>("receipt WHERE payment = ? AND name = ?"));
  return FindRow<Receipt>(reader, sql, payment, name);
}

}  // namespace db
