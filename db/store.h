// What the wallet's and the gateway's store have in common: lease, one writing connection with
// group commit, one read-only connection.  Any thread may call Write and Read at any time.
#ifndef DB_STORE_H_
#define DB_STORE_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "db/commit_queue.h"
#include "db/error.h"
#include "db/lease.h"
#include "db/schema.h"
#include "db/sqlite.h"

namespace db {

// ReadConnection runs functions on a mode=ro connection, one at a time, each in one snapshot.
class ReadConnection {
 public:
  static Result<std::unique_ptr<ReadConnection>> Open(const std::string& path,
                                                      const Schema& schema);

  // Read calls `f(Reader&)`, which returns a Result, and gives what it gives.
  template <class F>
  auto Read(F&& f) -> std::invoke_result_t<F&, Reader&> {
    const std::lock_guard lock(mutex_);
    if (auto begun = Begin(); !begun) return tl::unexpected<Error>(begun.error());
    const Snapshot snapshot(*this);
    Reader reader(*connection_);
    return f(reader);
  }

  void Forget() { connection_->Forget(); }

 private:
  struct Snapshot {
    explicit Snapshot(ReadConnection& c) : connection(c) {}
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() { connection.End(); }
    ReadConnection& connection;
  };
  Result<void> Begin();
  void End();

  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

class Store {
 public:
  // In a child of fork() everything is forgotten without touching a file, except that the child's
  // copy of the lease is closed (opb.h, Fork).
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Write: see CommitQueue::Write.  `member` is called as Result<void>(Transaction&).
  Result<void> Write(CommitQueue::Member member);

  // Amend is Write for a caller that keeps copies of rows and brings them up to date itself; every
  // Write makes such copies stale.  `edition` grows with each Write, before it returns: a copy that
  // was read while it was e is good as long as it is e.
  Result<void> Amend(CommitQueue::Member member);
  std::uint64_t edition() const { return edition_.load(); }

  // Read: `f` is called as Result<T>(Reader&) on the read-only connection and must not call Read.
  // It sees every write whose Write has returned.
  template <class F>
  auto Read(F&& f) -> std::invoke_result_t<F&, Reader&> {
    if (!Mine()) return Fail(ErrorKind::kRefused, "store inherited over a fork");
    return read_->Read(f);
  }

  bool poisoned() const { return queue_->poisoned(); }

 protected:
  Store() = default;
  bool Mine() const;
  // Start opens the existing file `path` under `lease`, brings it to `schema` and gets the queue
  // going.  Errors as WalletStore::Open.
  Result<void> Start(const std::string& path, Lease lease, const Schema& schema, const char* vfs);

 private:
  pid_t owner_ = 0;
  std::atomic<std::uint64_t> edition_ = 0;
  std::optional<Lease> lease_;
  std::unique_ptr<Connection> write_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<ReadConnection> read_;
};

}  // namespace db

#endif  // DB_STORE_H_
