// The payments that were started with one payment instrument, the most recent one first (RFC 3867,
// 4.4.2).  Functions fail with the Reader's errors.
#ifndef DB_INSTRUMENT_LOG_H_
#define DB_INSTRUMENT_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

Result<std::int64_t> CountInstrumentPayments(const Reader& reader,
                                             std::string_view payment_instrument_id);

struct InstrumentPayment {
  std::optional<std::string> amount;
  std::optional<std::string> curr_code;
  std::optional<std::string> merchant_name;
  Millis started = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("amount", self.amount);
    a("curr_code", self.curr_code);
    a("merchant_name", self.merchant_name);
    a("started", self.started);
  }
};
// The n-th, counted from 0; nothing if there are not so many.
Result<std::optional<InstrumentPayment>> NthInstrumentPayment(
    const Reader& reader, std::string_view payment_instrument_id, std::int64_t n);

}  // namespace db

#endif  // DB_INSTRUMENT_LOG_H_
