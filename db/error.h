// How a store fails.  The bridge turns these into OPB_E_* at open and into ErrorResponses in calls.
#ifndef DB_ERROR_H_
#define DB_ERROR_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace db {

enum class ErrorKind : std::uint8_t {
  kLocked,    // another process holds the lease, or the wallet is open here already
  kFull,      // no space: nothing of the group was recorded; may be asked again
  kPoisoned,  // a sync or a commit failed: what is on disk is unknown, the store must be reopened
  kCorrupt,   // not a database of ours, damaged, or newer than this program
  kConflict,  // a UNIQUE rule of the ledger forbids the row; the caller's savepoint is undone
  kMissing,   // the store does not exist
  kRefused,   // permissions, owner or file type are not safe
  kInternal,  // a bug
};

// Name gives a word for logs, for example "locked".
std::string_view Name(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string detail;  // place and remedy in one line, no secret
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(ErrorKind kind, std::string detail) {
  return tl::unexpected<Error>(Error{kind, std::move(detail)});
}

}  // namespace db

#endif  // DB_ERROR_H_
