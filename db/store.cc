#include "db/store.h"

#include <unistd.h>

namespace db {

Result<std::unique_ptr<ReadConnection>> ReadConnection::Open(const std::string& path,
                                                             const Schema& schema) {
  auto connection = Connection::Open(path, Access::kRead, [&schema](Connection& opened) {
    return Accept(opened, schema, /*exact=*/true);
  });
  if (!connection) return tl::unexpected<Error>(connection.error());
  std::unique_ptr<ReadConnection> made(new ReadConnection);
  made->connection_ = std::move(*connection);
  return made;
}

Result<void> ReadConnection::Begin() {
  if (const int code = connection_->Run("BEGIN"); code != 0) {
    return connection_->Failure(code, "begin reading");
  }
  return {};
}

void ReadConnection::End() {
  if (connection_->InTransaction()) connection_->Run("COMMIT");
}

Store::~Store() {
  if (lease_ && !Mine()) {
    if (read_) read_->Forget();
    if (write_) write_->Forget();
  }
  // The writer empties the WAL when no reader is in its way; the lease goes last.
  read_.reset();
  queue_.reset();
  write_.reset();
  lease_.reset();
}

bool Store::Mine() const { return getpid() == owner_; }

Result<void> Store::Start(const std::string& path, Lease lease, const Schema& schema,
                          const char* vfs) {
  owner_ = getpid();
  lease_.emplace(std::move(lease));
  auto write = Connection::Open(
      path, Access::kWrite,
      [&schema](Connection& opened) { return Accept(opened, schema, /*exact=*/false); }, vfs);
  if (!write) return tl::unexpected<Error>(write.error());
  write_ = std::move(*write);
  if (auto migrated = Migrate(*write_, schema); !migrated) return migrated;
  // After a failed sync of an earlier process a frame may be in the page cache but not on disk:
  // copying the WAL into the database and syncing that makes it whole.
  if (auto moved = write_->Checkpoint(/*truncate=*/true); !moved) return moved;
  queue_ = std::make_unique<CommitQueue>(*write_);
  auto read = ReadConnection::Open(path, schema);
  if (!read) return tl::unexpected<Error>(read.error());
  read_ = std::move(*read);
  return {};
}

Result<void> Store::Write(CommitQueue::Member member) {
  auto done = Amend(member);
  ++edition_;
  return done;
}

Result<void> Store::Amend(CommitQueue::Member member) {
  if (!Mine()) return Fail(ErrorKind::kRefused, "store inherited over a fork");
  return queue_->Write(member);
}

}  // namespace db
