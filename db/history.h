// What happened to a payment, one entry for each commit that has something to tell: the move of its
// state, the SET messages received and sent, octet for octet, and the answer.  Entries are only
// ever added.  Functions take the caller's Reader or Transaction and fail with its errors.
#ifndef DB_HISTORY_H_
#define DB_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

inline constexpr std::size_t kRequestDigestSize = 32;  // SHA-256

struct Entry {
  Millis at = 0;
  std::string call;  // name of the API call, or of the command for people

  // A row of the view `events`, when state or percent moved or there is a reason for people.
  std::optional<std::string> from_state;
  std::optional<std::string> to_state;
  std::optional<int> percent;
  std::optional<std::string> reason;

  std::optional<std::string> received_kind;  // "PInitReq", "PReq", "Initiation", "Error", …
  std::optional<std::string> sent_kind;

  // The final answer of a journaled call, under the digest of its request (docs/architecture.md,
  // What is journaled).  With `gap`, the caller has cut out, at that place, what it makes of
  // `sent`.
  std::optional<Octets> digest;  // kRequestDigestSize octets
  std::optional<std::int64_t> gap;
  std::optional<Octets> answer;

  std::optional<Octets> received;
  std::optional<Octets> sent;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("at", self.at);
    a("call", self.call);
    a("from_state", self.from_state);
    a("to_state", self.to_state);
    a("percent", self.percent);
    a("reason", self.reason);
    a("received_kind", self.received_kind);
    a("sent_kind", self.sent_kind);
    a("digest", self.digest);
    a("gap", self.gap);
    a("answer", self.answer);
    a("received", self.received);
    a("sent", self.sent);
  }
};

// Entries and intents of a payment are neighbours: their row ids begin with that of the payment.
inline constexpr int kPlaceBits = 20;
constexpr std::int64_t Place(std::int64_t payment, std::int64_t number) {
  return payment << kPlaceBits | number;
}

// AppendEntry adds entry `number`, counted from 1, of a payment.  kConflict: there is one;
// kFull: the number is not below 2^kPlaceBits.
Result<void> AppendEntry(Transaction& tx, std::int64_t payment, int number, const Entry& entry);

// All entries of a payment, oldest first.
Result<std::vector<Entry>> LoadEntries(const Reader& reader, std::int64_t payment);

// The receipt of a payment: the message of one of its entries, the PRes.
struct Receipt {
  std::string name;
  Millis received = 0;
  Octets octets;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("name", self.name);
    a("at", self.received);
    a("octets", self.octets);
  }
};
Result<std::optional<Receipt>> FindReceipt(const Reader& reader, std::int64_t payment);

}  // namespace db

#endif  // DB_HISTORY_H_
