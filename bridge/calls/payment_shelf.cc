#include "bridge/calls/payment_shelf.h"

#include <utility>

namespace bridge {
namespace {

constexpr std::size_t kMostFiles = 64;  // of some 10 to 20 KiB each

}  // namespace

void PaymentShelf::Renew(std::uint64_t edition) {
  if (edition_ >= edition) return;
  edition_ = edition;
  files_.clear();
  turns_.clear();
  in_progress_.reset();
}

std::shared_ptr<const PaymentFile> PaymentShelf::Find(std::string_view pay_id,
                                                      std::uint64_t edition) {
  const std::lock_guard lock(mutex_);
  Renew(edition);
  const auto found = files_.find(pay_id);
  if (found == files_.end()) return nullptr;
  turns_.splice(turns_.begin(), turns_, found->second.turn);
  return found->second.file;
}

void PaymentShelf::Put(std::shared_ptr<const PaymentFile> file, std::uint64_t edition) {
  const std::lock_guard lock(mutex_);
  Renew(edition);
  const std::string_view pay_id = file->payment.pay_id;
  if (const auto old = files_.find(pay_id); old != files_.end()) {
    turns_.erase(old->second.turn);
    files_.erase(old);
  }
  if (edition < edition_) return;
  if (files_.size() >= kMostFiles) {
    const std::string_view last = turns_.back();
    turns_.pop_back();
    files_.erase(last);
  }
  turns_.push_front(pay_id);
  files_.emplace(pay_id, Place{std::move(file), turns_.begin()});
}

std::optional<std::int64_t> PaymentShelf::InProgress(std::uint64_t edition) {
  const std::lock_guard lock(mutex_);
  Renew(edition);
  return in_progress_;
}

void PaymentShelf::SetInProgress(std::int64_t count, std::uint64_t edition) {
  const std::lock_guard lock(mutex_);
  Renew(edition);
  if (edition == edition_) in_progress_ = count;
}

void PaymentShelf::MoveInProgress(std::int64_t by) {
  const std::lock_guard lock(mutex_);
  if (in_progress_) *in_progress_ += by;
}

void PaymentShelf::ForgetInProgress() {
  const std::lock_guard lock(mutex_);
  in_progress_.reset();
}

}  // namespace bridge
