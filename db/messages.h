// The SET messages of a payment as they were sent and received, octet for octet, and its receipts.
#ifndef DB_MESSAGES_H_
#define DB_MESSAGES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

struct Message {
  std::int64_t payment = 0;  // Payment::id
  int seq = 0;               // 1, 2, … in the payment; given by AppendMessage
  std::string direction;     // "sent" or "received"
  std::string kind;          // "PInitReq", "PReq", "Initiation", "Error", …
  Octets octets;
  Octets digest;  // SHA-256 of the octets, made by the caller
  Millis at = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("payment", self.payment);
    a("seq", self.seq);
    a("direction", self.direction);
    a("kind", self.kind);
    a("octets", self.octets);
    a("digest", self.digest);
    a("at", self.at);
  }
};

// AppendMessage gives the sequence number.  message.seq is ignored.
Result<int> AppendMessage(Transaction& tx, const Message& message);

// The last message of this direction and kind; an empty `kind` is any.
Result<std::optional<Message>> LastMessage(const Reader& reader, std::int64_t payment,
                                           std::string_view direction, std::string_view kind);
Result<std::vector<Message>> ListMessages(const Reader& reader, std::int64_t payment);

struct Receipt {
  std::int64_t payment = 0;
  std::string name;  // "PRes"
  Millis received = 0;
  Octets octets;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("payment", self.payment);
    a("name", self.name);
    a("received", self.received);
    a("octets", self.octets);
  }
};

// One receipt per payment and name; kConflict when there is one with other octets, success when the
// octets are the same.
Result<void> InsertReceipt(Transaction& tx, const Receipt& receipt);
Result<std::optional<Receipt>> FindReceipt(const Reader& reader, std::int64_t payment,
                                           std::string_view name);

}  // namespace db

#endif  // DB_MESSAGES_H_
