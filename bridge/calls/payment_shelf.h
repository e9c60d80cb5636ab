// PaymentShelf: the payments that calls have worked on lately, as the store holds them, so that the
// next call for one of them need not read it again.  Only Ledger writes payments beside the shelf;
// a Store::Write by anybody else makes everything on it stale (db::Store::edition).
#ifndef BRIDGE_CALLS_PAYMENT_SHELF_H_
#define BRIDGE_CALLS_PAYMENT_SHELF_H_

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "db/history.h"
#include "db/intents.h"
#include "db/payments.h"

namespace bridge {

// A payment with its history, as one transaction left it.
struct PaymentFile {
  db::Payment payment;
  std::vector<std::shared_ptr<const db::Entry>> entries;
  std::vector<std::shared_ptr<const db::Intent>> intents;
};

// Any thread.
class PaymentShelf {
 public:
  // Null: not here, or stale.
  std::shared_ptr<const PaymentFile> Find(std::string_view pay_id, std::uint64_t edition);
  // `edition` is that of the store before the file, or what it was made from, was read.
  void Put(std::shared_ptr<const PaymentFile> file, std::uint64_t edition);

  // How many payments are InProgress, if it is known.
  std::optional<std::int64_t> InProgress(std::uint64_t edition);
  void SetInProgress(std::int64_t count, std::uint64_t edition);
  void MoveInProgress(std::int64_t by);
  void ForgetInProgress();

 private:
  struct Place {
    std::shared_ptr<const PaymentFile> file;
    std::list<std::string_view>::iterator turn;
  };
  void Renew(std::uint64_t edition);

  std::mutex mutex_;
  std::uint64_t edition_ = 0;
  std::unordered_map<std::string_view, Place> files_;  // by the PayId inside the file
  std::list<std::string_view> turns_;                  // the one used last comes first
  std::optional<std::int64_t> in_progress_;
};

}  // namespace bridge

#endif  // BRIDGE_CALLS_PAYMENT_SHELF_H_
