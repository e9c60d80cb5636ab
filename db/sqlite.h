// A thin layer over one SQLite connection: opened with our pragmas, statements prepared once,
// typed binding and columns.  Fails with db::Error; SQLite's codes are mapped in one place
// (MapCode in sqlite.cc).  A Connection belongs to one thread at a time: its owner serialises.
#ifndef DB_SQLITE_H_
#define DB_SQLITE_H_

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "db/error.h"
#include "db/function_ref.h"
#include "db/octets.h"

struct sqlite3;
struct sqlite3_stmt;

namespace db {

enum class Access : std::uint8_t {
  kWrite,  // the one writing connection: WAL, synchronous FULL, PERSIST_WAL
  kRead,   // mode=ro; creates nothing, checkpoints nothing
};

class Connection {
 public:
  // Open opens the existing file `path` (absolute, no symbolic link in it).  kWrite switches to WAL
  // after `accept` has said yes: `accept` sees the connection before anything is written, so that a
  // database that is not ours or newer is left untouched.  Errors: kMissing, kCorrupt, kFull,
  // kPoisoned.  `vfs` names a SQLite VFS, null is the default one (tests put faults there).
  static Result<std::unique_ptr<Connection>> Open(const std::string& path, Access access,
                                                  FunctionRef<Result<void>(Connection&)> accept,
                                                  const char* vfs = nullptr);
  // Closes; a writing connection empties its WAL into the database first (TRUNCATE checkpoint),
  // unless Condemn was called.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Exec runs statements that return no rows.  Not prepared, not kept: for BEGIN-less scripts.
  Result<void> Exec(const char* sql);

  // Number reads the first column of the first row of `sql`, 0 if there is no row.
  Result<std::int64_t> Number(const char* sql);

  // Run runs the kept statement `sql`, which gives no rows, and gives SQLite's code as it is.
  int Run(std::string_view sql);

  // Checkpoint moves what it can of the WAL into the database without waiting for readers;
  // `truncate` also waits for them and empties the WAL file.  Errors: kPoisoned when a write or a
  // sync failed.  A reader in the way or a full disk is no error: the WAL stays.
  Result<void> Checkpoint(bool truncate = false);

  // Pages in the WAL after the last commit of this connection.
  int wal_pages() const { return wal_pages_; }

  // The file, as it was opened.
  std::string Path() const;

  // InTransaction asks SQLite itself (sqlite3_get_autocommit).
  bool InTransaction() const;

  // From now on a statement outside a transaction fails instead of committing by itself: SQLite may
  // have rolled the transaction back behind our back.
  void RequireTransaction(bool required) { transaction_required_ = required; }

  // Condemn forbids the checkpoint at close: what is on disk is unknown and stays as it is.
  void Condemn();

  // Forget lets go of the connection without a system call: the child of a fork may not touch the
  // parent's files.  The memory is leaked on purpose.
  void Forget();

  // Failure maps SQLite's result `code` of a failed step; `place` is for people.
  tl::unexpected<Error> Failure(int code, std::string_view place);

  // The worst failure since the last call that can undo a whole transaction (kFull or kPoisoned).
  std::optional<Error> TakeFatal() { return std::exchange(fatal_, std::nullopt); }

  // Kept statement for `sql`; null when it does not compile or there is no memory: see Failure.
  sqlite3_stmt* Prepared(std::string_view sql, int* code);

  sqlite3* handle() const { return handle_; }
  bool transaction_required() const { return transaction_required_; }

 private:
  Connection() = default;
  Result<void> ConfigureWriter();
  void Close();

  sqlite3* handle_ = nullptr;
  bool transaction_required_ = false;
  bool condemned_ = false;
  bool writer_ = false;
  int wal_pages_ = 0;
  std::optional<Error> fatal_;

  // Statements are few and long: their length and their ends tell most of them apart.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const {
      constexpr std::size_t kEnd = 16;
      const std::hash<std::string_view> hash;
      return s.size() * 31 + hash(s.substr(0, kEnd)) * 7 +
             hash(s.substr(s.size() - std::min(s.size(), kEnd)));
    }
  };
  std::unordered_map<std::string, sqlite3_stmt*, Hash, std::equal_to<>> statements_;
};

// Reader is the right to read: a consistent snapshot, valid while the function it was handed to
// runs.  Transaction, which is a Reader, is the right to write.
class Reader {
 public:
  explicit Reader(Connection& connection) : connection_(&connection) {}
  Connection& connection() const { return *connection_; }

 private:
  Connection* connection_;
};

class Transaction : public Reader {
 public:
  using Reader::Reader;
};

// Query is one use of a kept statement.  Values are bound in the order of the calls; text and
// octets are borrowed until the Query is destroyed.  Not reentrant: one Query per SQL text at a
// time.
class Query {
 public:
  Query(const Reader& reader, std::string_view sql);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  void Bind(std::string_view text);
  void Bind(const std::string& text) { Bind(std::string_view(text)); }
  void Bind(const char* text) { Bind(std::string_view(text)); }
  void Bind(OctetView octets);
  void Bind(const Octets& octets) { Bind(OctetView(octets)); }
  void Bind(std::nullopt_t);
  template <std::integral I>
  void Bind(I number) {
    BindNumber(static_cast<std::int64_t>(number));
  }
  template <class T>
  void Bind(const std::optional<T>& value) {
    if (value) {
      Bind(*value);
    } else {
      Bind(std::nullopt);
    }
  }
  template <class... T>
  Query& With(const T&... values) {
    (Bind(values), ...);
    return *this;
  }

  // Step: true when a row is there, false at the end.
  Result<bool> Step();
  // Run steps to the end and ignores rows.
  Result<void> Run();

  // Columns of the current row, from 0.  NULL reads as empty, 0 or nullopt.
  std::string Text(int column) const;
  Octets Blob(int column) const;
  std::int64_t Number(int column) const;
  bool Null(int column) const;
  void Get(int column, std::string& out) const { out = Text(column); }
  void Get(int column, Octets& out) const { out = Blob(column); }
  void Get(int column, bool& out) const { out = Number(column) != 0; }
  template <std::integral I>
  void Get(int column, I& out) const {
    out = static_cast<I>(Number(column));
  }
  template <class T>
  void Get(int column, std::optional<T>& out) const {
    if (Null(column)) {
      out.reset();
    } else {
      Get(column, out.emplace());
    }
  }

 private:
  void BindNumber(std::int64_t number);

  Connection& connection_;
  std::string_view sql_;
  sqlite3_stmt* statement_ = nullptr;
  int code_ = 0;  // first failure of prepare or bind
  int next_ = 1;
};

// Changes counts the rows the last INSERT, UPDATE or DELETE of this connection touched.
std::int64_t Changes(const Transaction& tx);
// LastRowId is the row id of the last INSERT of this connection.
std::int64_t LastRowId(const Transaction& tx);

}  // namespace db

#endif  // DB_SQLITE_H_
