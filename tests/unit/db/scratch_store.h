// A commit queue over a database with one table `t (k TEXT PRIMARY KEY, v BLOB)`, and threads that
// form a group of known members in a known order.
#ifndef TESTS_UNIT_DB_SCRATCH_STORE_H_
#define TESTS_UNIT_DB_SCRATCH_STORE_H_

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "db/commit_queue.h"
#include "db/files.h"
#include "db/find.h"
#include "db/sqlite.h"
#include "unit/db/plain_reader.h"
#include "unit/db/temp_dir.h"

namespace db {

class ScratchStore {
 public:
  explicit ScratchStore(const std::string& directory, const char* vfs = nullptr)
      : path_(directory + "/scratch.db") {
    const auto fd = OpenPrivate(path_);
    if (!fd) throw std::runtime_error(fd.error().detail);
    close(*fd);
    Open(vfs);
    if (auto made = connection_->Exec(
            "CREATE TABLE IF NOT EXISTS t (k TEXT PRIMARY KEY, v BLOB NOT NULL) STRICT");
        !made) {
      throw std::runtime_error(made.error().detail);
    }
  }

  void Open(const char* vfs = nullptr) {
    auto opened = Connection::Open(
        path_, Access::kWrite, [](Connection&) { return Result<void>(); }, vfs);
    if (!opened) throw std::runtime_error(opened.error().detail);
    connection_ = std::move(*opened);
    queue_ = std::make_unique<CommitQueue>(*connection_);
  }
  void Close() {
    queue_.reset();
    connection_.reset();
  }

  static Result<void> Put(Transaction& tx, const std::string& key, std::size_t size = 1) {
    return Change(tx, "INSERT INTO t (k, v) VALUES (?, ?)", key, Octets(size, 0x55));
  }
  Result<void> Put(const std::string& key, std::size_t size = 1) {
    return queue_->Write([&](Transaction& tx) { return Put(tx, key, size); });
  }

  // Keys in the database, joined by commas, as another program sees them.
  std::string Keys() const {
    return PlainRead(path_, "SELECT group_concat(k, ',') FROM (SELECT k FROM t ORDER BY k)");
  }

  // Group has the members queue up behind a leader that waits for them, so that all of them are one
  // group in this order, and gives their results.
  std::vector<Result<void>> Group(
      const std::vector<std::function<Result<void>(Transaction&)>>& members) {
    std::promise<void> entered;
    std::promise<void> leave;
    std::thread leader([&] {
      const auto done = queue_->Write([&](Transaction&) -> Result<void> {
        entered.set_value();
        leave.get_future().wait();
        return {};
      });
      static_cast<void>(done);
    });
    entered.get_future().wait();
    std::vector<Result<void>> results(members.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < members.size(); ++i) {
      threads.emplace_back([&, i] {
        try {
          results[i] = queue_->Write(members[i]);
        } catch (const std::exception& thrown) {
          results[i] = Fail(ErrorKind::kInternal, std::string("thrown: ") + thrown.what());
        }
      });
      while (queue_->waiting() < i + 1) std::this_thread::yield();
    }
    leave.set_value();
    leader.join();
    for (std::thread& thread : threads) thread.join();
    return results;
  }

  Connection& connection() { return *connection_; }
  CommitQueue& queue() { return *queue_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<CommitQueue> queue_;
};

}  // namespace db

#endif  // TESTS_UNIT_DB_SCRATCH_STORE_H_
