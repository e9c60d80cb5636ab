// Files and directories that only their owner may touch.
#ifndef DB_FILES_H_
#define DB_FILES_H_

#include <string>

#include "db/error.h"

namespace db {

// OpenPrivate opens the regular file `path` for reading and writing, or makes it (0600), and gives
// the descriptor (CLOEXEC), which the caller closes.  kRefused: a symbolic link, not a regular
// file, another owner, or writable by others.  kFull: no space for it.  kMissing: no directory.
Result<int> OpenPrivate(const std::string& path);

// CheckPrivate judges an existing file in the same way without opening it; a file that does not
// exist is fine.  (Opening and closing a database that is open in this process would drop SQLite's
// locks.)
Result<void> CheckPrivate(const std::string& path);

// Exists: lstat finds something there.
bool Exists(const std::string& path);

// PrivateDirectory gives the absolute path of the directory `path`, all links above it resolved.
// `make` makes it (0700) if it does not exist.  kMissing, kRefused as above, kFull.
Result<std::string> PrivateDirectory(const std::string& path, bool make);

// AbsoluteDirectory gives the absolute path of a directory, all links resolved.  kMissing,
// kRefused.
Result<std::string> AbsoluteDirectory(const std::string& path);

// SyncDirectory makes new names in the directory durable.
Result<void> SyncDirectory(const std::string& path);

}  // namespace db

#endif  // DB_FILES_H_
