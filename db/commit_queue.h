// Group commit by the callers themselves: whoever finds no leader leads, runs the members that have
// queued up, each in its own savepoint if there are several, and commits once for all.  First come,
// first served; no thread of its own.
//
// A caller gets success only when its member is in a synced frame.  What a failure means:
//   the member's own error     its savepoint is undone, the others are not touched
//   kFull                      nothing of the group was recorded (disk full, no memory, an
//                              interrupt, a foreign process in the way); may be asked again
//   kPoisoned                  an input/output error or a failed sync: what is on disk is unknown;
//                              every later Write answers the same and touches nothing
#ifndef DB_COMMIT_QUEUE_H_
#define DB_COMMIT_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "db/error.h"
#include "db/function_ref.h"
#include "db/sqlite.h"

namespace db {

class CommitQueue {
 public:
  using Member = FunctionRef<Result<void>(Transaction&)>;

  // `connection` is used by the leader only and outlives the queue.
  explicit CommitQueue(Connection& connection) : connection_(connection) {}
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // Write runs `member` once, on this or another caller's thread, and returns when its fate is
  // settled.  The member must be short, must not call Write, and must not rely on thread-locals of
  // its caller.  What it captured holds only if Write succeeds.  What it throws is thrown here,
  // after its savepoint is undone.
  Result<void> Write(Member member);

  // Any thread.
  bool poisoned() const;
  // Callers that wait for a leader to take them up, this instant.
  std::size_t waiting() const;

 private:
  struct Waiter {
    explicit Waiter(Member m) : member(m) {}
    Member member;
    Result<void> result;
    std::exception_ptr thrown;
  };

  // Those who queued up together and share a commit.  Everybody in it waits for its stage and is
  // woken by one call; the leader touches no waiter after kSettled.
  enum Stage : std::int32_t {
    kWaiting,
    kToBeLed,  // somebody in it may lead: whoever makes it kLed
    kLed,
    kSettled,  // results are there
  };
  struct Crowd {
    std::vector<Waiter*> members;
    std::atomic<std::int32_t> stage = kWaiting;
  };

  // The caller holds mutex_.
  std::shared_ptr<Crowd> Join(Waiter& waiter);
  // True: the caller leads the crowd.  False: it is settled.
  static bool AwaitLead(Crowd& crowd);
  // Takes up the first crowd of the queue, settles it, and hands over.
  void Lead();
  void HandOver();
  static void Settle(Crowd& crowd);

  // Gives every waiter of the group its result; true: the store is poisoned now.
  bool RunGroup(const std::vector<Waiter*>& group, bool poisoned);
  // What failed the group as a whole, if anything did.
  std::optional<Error> CommitGroup(const std::vector<Waiter*>& group);
  // Runs the member in the open transaction; `savepoint`: and undoes it alone if it fails.
  std::optional<Error> RunMember(Waiter& waiter, bool savepoint);
  void Undo();

  Connection& connection_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<Crowd>> queue_;  // guarded by mutex_
  bool led_ = false;                          // guarded by mutex_: somebody leads, or is about to
  bool poisoned_ = false;                     // guarded by mutex_
};

}  // namespace db

#endif  // DB_COMMIT_QUEUE_H_
