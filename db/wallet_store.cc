#include "db/wallet_store.h"

#include <unistd.h>

#include "db/files.h"
#include "db/schema.h"

namespace db {
namespace {

constexpr const char* kDatabase = "/wallet.db";
constexpr const char* kLease = "/lease";

Result<void> CheckDatabaseFiles(const std::string& database) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (auto checked = CheckPrivate(database + suffix); !checked) return checked;
  }
  return {};
}

// Makes the file 0600 before SQLite would make it 0644.  Only under the lease: closing a file that
// SQLite has open in this process would drop SQLite's locks.
Result<void> Precreate(const std::string& database, const std::string& directory) {
  const auto fd = OpenPrivate(database);
  if (!fd) return tl::unexpected<Error>(fd.error());
  close(*fd);
  return SyncDirectory(directory);
}

}  // namespace

Result<std::unique_ptr<WalletStore>> WalletStore::Open(const std::string& directory,
                                                       WalletMode mode, const char* vfs) {
  const bool provision = mode == WalletMode::kProvision;
  auto place = PrivateDirectory(directory, provision);
  if (!place) return tl::unexpected<Error>(place.error());
  const std::string database = *place + kDatabase;
  if (!provision && !Exists(database)) {
    return Fail(ErrorKind::kMissing, database + " does not exist: provision the wallet first");
  }
  if (auto checked = CheckDatabaseFiles(database); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  auto lease = Lease::Take(*place + kLease);
  if (!lease) return tl::unexpected<Error>(lease.error());
  if (provision) {
    if (auto made = Precreate(database, *place); !made) return tl::unexpected<Error>(made.error());
  }
  std::unique_ptr<WalletStore> store(new WalletStore);
  store->directory_ = std::move(*place);
  if (auto started = store->Start(database, std::move(*lease), WalletSchema(), vfs); !started) {
    return tl::unexpected<Error>(started.error());
  }
  return store;
}

Result<std::unique_ptr<ReadConnection>> OpenWalletReader(const std::string& directory) {
  const auto place = PrivateDirectory(directory, /*make=*/false);
  if (!place) return tl::unexpected<Error>(place.error());
  const std::string database = *place + kDatabase;
  if (auto checked = CheckDatabaseFiles(database); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  return ReadConnection::Open(database, WalletSchema());
}

}  // namespace db
