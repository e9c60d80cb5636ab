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
  std::shared_ptr<Crowd> crowd;
  bool leads = false;
  {
    const std::lock_guard lock(mutex_);
    crowd = Join(self);
    leads = !led_;
    led_ = true;
  }
  if (leads || AwaitLead(*crowd)) Lead();
  if (self.thrown) std::rethrow_exception(self.thrown);
  return std::move(self.result);
}

std::shared_ptr<CommitQueue::Crowd> CommitQueue::Join(Waiter& waiter) {
  if (queue_.empty() || queue_.back()->members.size() == kMaxGroup) {
    auto crowd = std::make_shared<Crowd>();
    crowd->members.reserve(kMaxGroup);
    queue_.push_back(std::move(crowd));
  }
  queue_.back()->members.push_back(&waiter);
  return queue_.back();
}

bool CommitQueue::AwaitLead(Crowd& crowd) {
  for (;;) {
    std::int32_t stage = crowd.stage.load();
    if (stage == kSettled) return false;
    if (stage != kToBeLed) {
      crowd.stage.wait(stage);
    } else if (crowd.stage.compare_exchange_strong(stage, kLed)) {
      return true;
    }
  }
}

void CommitQueue::Lead() {
  std::shared_ptr<Crowd> crowd;
  bool poisoned = false;
  {
    const std::lock_guard lock(mutex_);
    crowd = std::move(queue_.front());
    queue_.pop_front();
    poisoned = poisoned_;
  }
  poisoned = RunGroup(crowd->members, poisoned) || poisoned;
  if (poisoned) {
    const std::lock_guard lock(mutex_);
    poisoned_ = true;
  }
  if (!poisoned && connection_.wal_pages() >= kCheckpointPages) {
    Settle(*crowd);
    if (!connection_.Checkpoint()) {
      connection_.Condemn();
      const std::lock_guard lock(mutex_);
      poisoned_ = true;
    }
    HandOver();
  } else {
    // The next leader works while this crowd wakes up.
    HandOver();
    Settle(*crowd);
  }
}

void CommitQueue::HandOver() {
  std::shared_ptr<Crowd> next;
  {
    const std::lock_guard lock(mutex_);
    led_ = !queue_.empty();
    if (!led_) return;
    next = queue_.front();
    next->stage.store(kToBeLed);  // sequentially consistent: notify looks for sleepers after it
  }
  next->stage.notify_one();
}

void CommitQueue::Settle(Crowd& crowd) {
  crowd.stage.store(kSettled);
  crowd.stage.notify_all();
}

bool CommitQueue::poisoned() const {
  const std::lock_guard lock(mutex_);
  return poisoned_;
}

std::size_t CommitQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  std::size_t waiting = 0;
  for (const auto& crowd : queue_) waiting += crowd->members.size();
  return waiting;
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
  const bool alone = group.size() == 1;
  for (Waiter* waiter : group) {
    if (auto failure = RunMember(*waiter, !alone)) {
      Undo();
      return failure;
    }
  }
  if (const Waiter& first = *group.front(); alone && (!first.result || first.thrown)) {
    Undo();
    return std::nullopt;
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

std::optional<Error> CommitQueue::RunMember(Waiter& waiter, bool savepoint) {
  if (const int code = savepoint ? connection_.Run("SAVEPOINT member") : SQLITE_OK;
      code != SQLITE_OK) {
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

  if (!savepoint) return std::nullopt;
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
