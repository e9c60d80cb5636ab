// One description of a row for both directions.  A row struct has
//   template <class A, class Self> static void Columns(A& a, Self& self) { a("name", self.name); …
//   }
// and Insert, Replace and ReadRow make SQL, bindings and columns from it.
#ifndef DB_ROW_H_
#define DB_ROW_H_

#include <string>
#include <string_view>

#include "db/sqlite.h"

namespace db {

namespace row_internal {

struct Names {
  std::string list;
  std::string marks;
  std::string assignments;
  template <class T>
  void operator()(std::string_view name, const T&) {
    if (!list.empty()) {
      list += ", ";
      marks += ", ";
      assignments += ", ";
    }
    list += name;
    marks += '?';
    assignments.append(name).append(" = ?");
  }
};

struct Binder {
  Query& query;
  template <class T>
  void operator()(std::string_view, const T& value) {
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

// InsertSql is "INSERT INTO table (…) VALUES (…)"; `verb` may be "INSERT OR REPLACE".
template <class T>
std::string InsertSql(std::string_view table, std::string_view verb = "INSERT") {
  const auto& names = row_internal::NamesOf<T>();
  std::string sql(verb);
  sql.append(" INTO ").append(table).append(" (").append(names.list);
  return sql.append(") VALUES (").append(names.marks).append(")");
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
