// A wallet's store: the file wallet.db in the wallet directory, under the directory's lease.
// Tables and views: migrations/wallet.
#ifndef DB_WALLET_STORE_H_
#define DB_WALLET_STORE_H_

#include <memory>
#include <string>
#include <utility>

#include "db/error.h"
#include "db/store.h"

namespace db {

enum class WalletMode : std::uint8_t {
  kOpen,       // the wallet must exist: kMissing otherwise
  kProvision,  // directory (0700) and database (0600) are made if they do not exist
};

class WalletStore : public Store {
 public:
  // Open takes the lease, brings the schema up to date and makes the store ready.  Directory and
  // files must belong to this user, must not be symbolic links and must not be writable by others.
  // Errors: kMissing, kLocked (detail names the holder's pid), kRefused, kCorrupt (not a wallet,
  // damaged, newer than this program: left untouched), kFull, kPoisoned.
  // `vfs` is for tests: the name of a SQLite VFS of the writing connection.
  static Result<std::unique_ptr<WalletStore>> Open(const std::string& directory, WalletMode mode,
                                                   const char* vfs = nullptr);

  // Absolute path of the directory, for the files the bridge keeps beside the database.
  const std::string& directory() const { return directory_; }

 private:
  WalletStore() = default;
  std::string directory_;
};

// WalletReader reads a wallet without a lease, also beside a running host: `set-bridge payments`.
// Errors: kMissing, kRefused, kCorrupt (also: schema other than this program's).
Result<std::unique_ptr<ReadConnection>> OpenWalletReader(const std::string& directory);

}  // namespace db

#endif  // DB_WALLET_STORE_H_
