// Reads a database as any other program would: plain SQLite, mode=ro, busy_timeout 5000.
#ifndef TESTS_UNIT_DB_PLAIN_READER_H_
#define TESTS_UNIT_DB_PLAIN_READER_H_

#include <sqlite3.h>

#include <string>

namespace db {

// PlainRead gives the rows of `sql`: columns joined by '|', rows ended by '\n'; NULL is "NULL",
// a failure "error: …".
inline std::string PlainRead(const std::string& database, const std::string& sql) {
  sqlite3* handle = nullptr;
  const std::string uri = "file:" + database + "?mode=ro";
  std::string out;
  if (sqlite3_open_v2(uri.c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr) ==
      SQLITE_OK) {
    sqlite3_busy_timeout(handle, 5000);
    const int code = sqlite3_exec(
        handle, sql.c_str(),
        [](void* to, int columns, char** values, char**) {
          auto& text = *static_cast<std::string*>(to);
          for (int i = 0; i < columns; ++i) {
            if (i > 0) text += '|';
            text += values[i] == nullptr ? "NULL" : values[i];
          }
          text += '\n';
          return 0;
        },
        &out, nullptr);
    if (code != SQLITE_OK) out = std::string("error: ") + sqlite3_errmsg(handle);
  } else {
    out = std::string("error: ") + sqlite3_errmsg(handle);
  }
  sqlite3_close(handle);
  return out;
}

}  // namespace db

#endif  // TESTS_UNIT_DB_PLAIN_READER_H_
