#include "db/instrument_log.h"

#include "db/find.h"

namespace db {

Result<std::int64_t> CountInstrumentPayments(const Reader& reader,
                                             std::string_view payment_instrument_id) {
  const auto count = FindValue<std::int64_t>(
      reader, "SELECT count(*) FROM payment WHERE payment_instrument_id = ?",
      payment_instrument_id);
  if (!count) return tl::unexpected<Error>(count.error());
  return count->value_or(0);
}

Result<std::optional<InstrumentPayment>> NthInstrumentPayment(
    const Reader& reader, std::string_view payment_instrument_id, std::int64_t n) {
  static const std::string& sql = *new std::string(SelectSql<InstrumentPayment>(
      "payment WHERE payment_instrument_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?"));
  return FindRow<InstrumentPayment>(reader, sql, payment_instrument_id, n);
}

}  // namespace db
