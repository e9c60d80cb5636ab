#include "db/commit_queue.h"

#include <sqlite3.h>

#include <optional>
#include <utility>

namespace db {
namespace {

constexpr std::size_t kMaxGroup = 64;   // members of one commit
constexpr int kCheckpointPages = 1000;  // WAL pages from which the leader checkpoints

Error Poison(Error error) {
  error.kind = ErrorKind::kPoisoned;
  return error;
}

}  // namespace

Result<void> CommitQueue::Write(Member member) {
  Waiter self(member);
  std::unique_lock lock(mutex_);
  queue_.push_back(&self);
  while (!self.done && (led_ || queue_.front() != &self)) self.wake.wait(lock);

  if (!self.done) {
    led_ = true;
    std::vector<Waiter*>& group = group_;
    group.clear();
    try {
      group.reserve(kMaxGroup);
    } catch (...) {
      queue_.pop_front();
      HandOver();
      throw;
    }
    while (!queue_.empty() && group.size() < kMaxGroup) {
      group.push_back(queue_.front());
      queue_.pop_front();
    }
    const bool poisoned = poisoned_;
    lock.unlock();
    const bool broken = RunGroup(group, poisoned);
    lock.lock();
    if (broken) poisoned_ = true;
    for (Waiter* waiter : group) {
      waiter->done = true;
      // Under the lock: the waiter lives on its caller's stack and is gone once it sees `done`.
      if (waiter != &self) waiter->wake.notify_one();
    }
    if (!poisoned_ && connection_.wal_pages() >= kCheckpointPages) {
      lock.unlock();
      const bool failed = !connection_.Checkpoint();
      if (failed) connection_.Condemn();
      lock.lock();
      if (failed) poisoned_ = true;
    }
    HandOver();
  }
  lock.unlock();
  if (self.thrown) std::rethrow_exception(self.thrown);
  return std::move(self.result);
}

void CommitQueue::HandOver() {
  led_ = false;
  if (!queue_.empty()) queue_.front()->wake.notify_one();
}

bool CommitQueue::poisoned() const {
  const std::lock_guard lock(mutex_);
  return poisoned_;
}

std::size_t CommitQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

bool CommitQueue::RunGroup(const std::vector<Waiter*>& group, bool poisoned) {
  try {
    std::optional<Error> failure;
    if (poisoned) {
      failure = Error{ErrorKind::kPoisoned, "an earlier commit failed: close and open the store"};
    } else {
      failure = CommitGroup(group);
    }
    if (!failure) return false;
    if (failure->kind == ErrorKind::kPoisoned && !poisoned) connection_.Condemn();
    for (Waiter* waiter : group) waiter->result = tl::unexpected<Error>(*failure);
    return failure->kind == ErrorKind::kPoisoned;
  } catch (...) {
    Undo();
    for (Waiter* waiter : group) waiter->thrown = std::current_exception();
    return false;
  }
}

std::optional<Error> CommitQueue::CommitGroup(const std::vector<Waiter*>& group) {
  connection_.TakeFatal();
  if (const int code = connection_.Run("BEGIN IMMEDIATE"); code != SQLITE_OK) {
    return connection_.Failure(code, "begin").value();
  }
  connection_.RequireTransaction(true);
  for (Waiter* waiter : group) {
    if (auto failure = RunMember(*waiter)) {
      Undo();
      return failure;
    }
  }
  connection_.RequireTransaction(false);
  const int code = connection_.Run("COMMIT");
  if (code == SQLITE_OK) return std::nullopt;
  Error error = connection_.Failure(code, "commit").value();
  // Whatever the kind of input/output error, the commit frame may or may not be on disk.
  if ((code & 0xff) == SQLITE_IOERR) error = Poison(std::move(error));
  Undo();
  return error;
}

std::optional<Error> CommitQueue::RunMember(Waiter& waiter) {
  if (const int code = connection_.Run("SAVEPOINT member"); code != SQLITE_OK) {
    return connection_.Failure(code, "savepoint").value();
  }
  try {
    Transaction tx(connection_);
    waiter.result = waiter.member(tx);
  } catch (...) {
    waiter.thrown = std::current_exception();
  }
  const auto fatal = connection_.TakeFatal();
  if (!connection_.InTransaction()) {
    return fatal.value_or(Error{ErrorKind::kFull, "SQLite rolled the transaction back"});
  }
  if (fatal && fatal->kind == ErrorKind::kPoisoned) return fatal;

  const bool keep = waiter.result.has_value() && !waiter.thrown;
  int code = keep ? SQLITE_OK : connection_.Run("ROLLBACK TO member");
  if (code == SQLITE_OK) code = connection_.Run("RELEASE member");
  if (code == SQLITE_OK) return std::nullopt;
  return connection_.Failure(code, "end of savepoint").value();
}

void CommitQueue::Undo() {
  connection_.RequireTransaction(false);
  if (connection_.InTransaction()) connection_.Run("ROLLBACK");
}

}  // namespace db
