// Queries for one row, or for all rows, of a type described by Columns.
#ifndef DB_FIND_H_
#define DB_FIND_H_

#include <optional>
#include <string_view>
#include <vector>

#include "db/row.h"

namespace db {

// FindRow runs `sql`, whose columns are ColumnList<T>(), and gives its first row.
template <class T, class... V>
Result<std::optional<T>> FindRow(const Reader& reader, std::string_view sql, const V&... values) {
  Query query(reader, sql);
  query.With(values...);
  const auto row = query.Step();
  if (!row) return tl::unexpected<Error>(row.error());
  if (!*row) return std::optional<T>();
  return std::optional<T>(ReadRow<T>(query));
}

template <class T, class... V>
Result<std::vector<T>> FindRows(const Reader& reader, std::string_view sql, const V&... values) {
  Query query(reader, sql);
  query.With(values...);
  std::vector<T> rows;
  for (;;) {
    const auto row = query.Step();
    if (!row) return tl::unexpected<Error>(row.error());
    if (!*row) return rows;
    rows.push_back(ReadRow<T>(query));
  }
}

// FindValue gives the first column of the first row; FindValues that of every row.
template <class T, class... V>
Result<std::optional<T>> FindValue(const Reader& reader, std::string_view sql, const V&... values) {
  Query query(reader, sql);
  query.With(values...);
  const auto row = query.Step();
  if (!row) return tl::unexpected<Error>(row.error());
  if (!*row) return std::optional<T>();
  T value{};
  query.Get(0, value);
  return std::optional<T>(std::move(value));
}

template <class T, class... V>
Result<std::vector<T>> FindValues(const Reader& reader, std::string_view sql, const V&... values) {
  Query query(reader, sql);
  query.With(values...);
  std::vector<T> found;
  for (;;) {
    const auto row = query.Step();
    if (!row) return tl::unexpected<Error>(row.error());
    if (!*row) return found;
    query.Get(0, found.emplace_back());
  }
}

// Change runs a statement that gives no rows.
template <class... V>
Result<void> Change(Transaction& tx, std::string_view sql, const V&... values) {
  Query query(tx, sql);
  query.With(values...);
  return query.Run();
}

// StoreRow runs `sql`, made by InsertSql<T>, with the columns of `row`.
template <class T>
Result<void> StoreRow(Transaction& tx, std::string_view sql, const T& row) {
  Query query(tx, sql);
  BindRow(query, row);
  return query.Run();
}

}  // namespace db

#endif  // DB_FIND_H_
