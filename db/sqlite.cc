#include "db/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstddef>

namespace db {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr int kCloseTimeoutMs =
    1000;  // how long a close waits for readers before it leaves the WAL

ErrorKind MapCode(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return ErrorKind::kConflict;
    case SQLITE_IOERR_NOMEM:
    case SQLITE_IOERR_SHMSIZE:  // the WAL index cannot grow: the disk is full
      return ErrorKind::kFull;
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::kFull;
    case SQLITE_IOERR:
      return ErrorKind::kPoisoned;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return ErrorKind::kCorrupt;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return ErrorKind::kRefused;
    default:
      return ErrorKind::kInternal;
  }
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Access access,
                                                     FunctionRef<Result<void>(Connection&)> accept,
                                                     const char* vfs) {
  std::unique_ptr<Connection> made(new Connection);
  const int flags = (access == Access::kWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW |
                    SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &made->handle_, flags, vfs);
  if (code != SQLITE_OK) {
    const int system = made->handle_ != nullptr ? sqlite3_system_errno(made->handle_) : 0;
    if (system == ENOENT) return Fail(ErrorKind::kMissing, path + ": no such file");
    return made->Failure(code, path);
  }
  sqlite3_busy_timeout(made->handle_, kBusyTimeoutMs);
  sqlite3_db_config(made->handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (auto done = made->Exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                             "PRAGMA temp_store = MEMORY");
      !done) {
    return tl::unexpected<Error>(done.error());
  }
  if (auto accepted = accept(*made); !accepted) return tl::unexpected<Error>(accepted.error());
  if (access == Access::kWrite) {
    if (auto done = made->ConfigureWriter(); !done) return tl::unexpected<Error>(done.error());
  }
  return made;
}

Result<void> Connection::ConfigureWriter() {
  const int on = 1;
  int persist = on;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
  if (auto done = Exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                       "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON");
      !done) {
    return done;
  }
  const auto synchronous = Number("PRAGMA synchronous");
  if (!synchronous) return tl::unexpected<Error>(synchronous.error());
  if (*synchronous != 2) return Fail(ErrorKind::kInternal, "SQLite refuses synchronous = FULL");
  Query mode(Reader(*this), "PRAGMA journal_mode");
  const auto row = mode.Step();
  if (!row) return tl::unexpected<Error>(row.error());
  if (mode.Text(0) != "wal") {
    return Fail(ErrorKind::kRefused,
                Path() +
                    ": SQLite cannot keep a write-ahead log here, for the file system has no "
                    "shared memory: use a local disk");
  }
  // Takes the place of SQLite's own checkpoints, which would swallow a failed sync.
  sqlite3_wal_hook(
      handle_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Connection*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  writer_ = true;
  return {};
}

Connection::~Connection() { Close(); }

void Connection::Close() {
  if (handle_ == nullptr) return;
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
  if (writer_ && !condemned_) {
    sqlite3_busy_timeout(handle_, kCloseTimeoutMs);
    sqlite3_wal_checkpoint_v2(handle_, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  }
  sqlite3_close(handle_);
  handle_ = nullptr;
}

void Connection::Condemn() {
  condemned_ = true;
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Connection::Forget() {
  statements_.clear();
  handle_ = nullptr;
}

Result<void> Connection::Exec(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failure(code, sql);
  return {};
}

int Connection::Run(std::string_view sql) {
  int code = SQLITE_OK;
  sqlite3_stmt* statement = Prepared(sql, &code);
  if (statement == nullptr) return code;
  code = sqlite3_step(statement);
  sqlite3_reset(statement);
  return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

Result<std::int64_t> Connection::Number(const char* sql) {
  Query query(Reader(*this), sql);
  const auto row = query.Step();
  if (!row) return tl::unexpected<Error>(row.error());
  return *row ? query.Number(0) : 0;
}

Result<void> Connection::Checkpoint(bool truncate) {
  const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  const int code = sqlite3_wal_checkpoint_v2(handle_, "main", mode, nullptr, nullptr);
  if (code == SQLITE_OK || MapCode(code) == ErrorKind::kFull) return {};
  return Failure(code, "checkpoint");
}

std::string Connection::Path() const {
  const char* path = handle_ == nullptr ? nullptr : sqlite3_db_filename(handle_, "main");
  return path == nullptr ? "" : path;
}

bool Connection::InTransaction() const { return sqlite3_get_autocommit(handle_) == 0; }

tl::unexpected<Error> Connection::Failure(int code, std::string_view place) {
  constexpr std::size_t kPlaceLength = 60;
  const ErrorKind kind = MapCode(code);
  const std::string path = Path();
  std::string detail =
      fmt::format("{}{}{}: {}", path, path.empty() || path == place ? "" : ": ",
                  path == place ? "" : place.substr(0, kPlaceLength), sqlite3_errstr(code));
  if (kind == ErrorKind::kCorrupt) detail += ": restore it from a backup";
  // The message of a constraint names the columns; that of other errors may quote values.
  if (kind == ErrorKind::kConflict && handle_ != nullptr) detail = sqlite3_errmsg(handle_);
  if ((kind == ErrorKind::kFull || kind == ErrorKind::kPoisoned) &&
      (!fatal_ || fatal_->kind != ErrorKind::kPoisoned)) {
    fatal_ = Error{kind, detail};
  }
  return Fail(kind, std::move(detail));
}

sqlite3_stmt* Connection::Prepared(std::string_view sql, int* code) {
  *code = SQLITE_OK;
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  *code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (statement != nullptr) statements_.emplace(sql, statement);
  return statement;
}

Query::Query(const Reader& reader, std::string_view sql)
    : connection_(reader.connection()), sql_(sql) {
  statement_ = connection_.Prepared(sql, &code_);
}

Query::~Query() {
  if (statement_ == nullptr || connection_.handle() == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Query::Bind(std::string_view text) {
  if (code_ != SQLITE_OK) return;
  // A null pointer would bind NULL.
  code_ = sqlite3_bind_text64(statement_, next_++, text.data() == nullptr ? "" : text.data(),
                              text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Query::Bind(OctetView octets) {
  if (code_ != SQLITE_OK) return;
  code_ = octets.empty() ? sqlite3_bind_zeroblob(statement_, next_++, 0)
                         : sqlite3_bind_blob64(statement_, next_++, octets.data(), octets.size(),
                                               SQLITE_STATIC);
}

void Query::Bind(std::nullopt_t) {
  if (code_ != SQLITE_OK) return;
  code_ = sqlite3_bind_null(statement_, next_++);
}

void Query::BindNumber(std::int64_t number) {
  if (code_ != SQLITE_OK) return;
  code_ = sqlite3_bind_int64(statement_, next_++, number);
}

Result<bool> Query::Step() {
  if (code_ != SQLITE_OK) return connection_.Failure(code_, sql_);
  if (statement_ == nullptr) return Fail(ErrorKind::kInternal, "empty statement");
  if (connection_.transaction_required() && !connection_.InTransaction()) {
    return Fail(ErrorKind::kFull, "the transaction was rolled back by SQLite");
  }
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.Failure(code, sql_);
}

Result<void> Query::Run() {
  for (;;) {
    const auto row = Step();
    if (!row) return tl::unexpected<Error>(row.error());
    if (!*row) return {};
  }
}

std::string Query::Text(int column) const {
  const auto* text = sqlite3_column_text(statement_, column);
  if (text == nullptr) return {};
  const int size = sqlite3_column_bytes(statement_, column);
  return std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
}

Octets Query::Blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? Octets() : Octets(data, data + size);
}

std::int64_t Query::Number(int column) const { return sqlite3_column_int64(statement_, column); }

bool Query::Null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Changes(const Transaction& tx) { return sqlite3_changes64(tx.connection().handle()); }

std::int64_t LastRowId(const Transaction& tx) {
  return sqlite3_last_insert_rowid(tx.connection().handle());
}

}  // namespace db
