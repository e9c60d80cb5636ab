// One description of a row for both directions.  A row struct has
//   template <class A, class Self> static void Columns(A& a, Self& self) { a("name", self.name); …
//   }
// and InsertSql, UpsertSql, SelectSql, BindRow and ReadRow make SQL, bindings and columns from it.
#ifndef DB_ROW_H_
#define DB_ROW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "db/sqlite.h"

namespace db {

namespace row_internal {

struct Names {
  std::string list;
  std::string marks;
  template <class T>
  void operator()(std::string_view name, const T&) {
    if (!list.empty()) {
      list += ", ";
      marks += ", ";
    }
    list += name;
    marks += '?';
  }
};

struct Excluded {
  std::string list;
  template <class T>
  void operator()(std::string_view name, const T&) {
    if (!list.empty()) list += ", ";
    list.append(name).append(" = excluded.").append(name);
  }
};

struct Binder {
  Query& query;
  // A row id of 0 has not been given yet: SQLite chooses it.
  template <class T>
  void operator()(std::string_view name, const T& value) {
    if constexpr (std::is_same_v<T, std::int64_t>) {
      if (value == 0 && name == "id") return query.Bind(std::nullopt);
    }
    query.Bind(value);
  }
};

struct Getter {
  const Query& query;
  int column = 0;
  template <class T>
  void operator()(std::string_view, T& value) {
    query.Get(column++, value);
  }
};

template <class T>
const Names& NamesOf() {
  static const Names& names = *[] {
    auto* made = new Names;
    const T row{};
    T::Columns(*made, row);
    return made;
  }();
  return names;
}

}  // namespace row_internal

// ColumnList is "a, b, c" in the order of T::Columns.
template <class T>
const std::string& ColumnList() {
  return row_internal::NamesOf<T>().list;
}

// InsertSql is "INSERT INTO table (…) VALUES (…)".
template <class T>
std::string InsertSql(std::string_view table) {
  const auto& names = row_internal::NamesOf<T>();
  std::string sql("INSERT INTO ");
  sql.append(table).append(" (").append(names.list);
  return sql.append(") VALUES (").append(names.marks).append(")");
}

// UpsertSql replaces the other columns of the row with the same `key` (a column list) in place.
template <class T>
std::string UpsertSql(std::string_view table, std::string_view key) {
  row_internal::Excluded excluded;
  const T row{};
  T::Columns(excluded, row);
  return InsertSql<T>(table) + " ON CONFLICT (" + std::string(key) + ") DO UPDATE SET " +
         excluded.list;
}

template <class T>
std::string SelectSql(std::string_view from_and_where) {
  return "SELECT " + ColumnList<T>() + " FROM " + std::string(from_and_where);
}

template <class T>
void BindRow(Query& query, const T& row) {
  row_internal::Binder binder{query};
  T::Columns(binder, row);
}

// ReadRow reads the columns of ColumnList<T>() from `first` on.
template <class T>
T ReadRow(const Query& query, int first = 0) {
  T row{};
  row_internal::Getter getter{query, first};
  T::Columns(getter, row);
  return row;
}

}  // namespace db

#endif  // DB_ROW_H_
