#include "db/resumption.h"

#include "db/find.h"

namespace db {

Result<std::vector<std::int64_t>> ListInProgress(const Reader& reader) {
  return FindValues<std::int64_t>(
      reader, "SELECT id FROM payment WHERE process_state = 'InProgress' ORDER BY id");
}

Result<std::vector<Unfinished>> ListUnfinished(const Reader& reader) {
  static const std::string& sql = *new std::string(SelectSql<Unfinished>(
      "payment WHERE id IN (SELECT id FROM payment WHERE process_state IN ('InProgress', "
      "'Suspended') UNION SELECT payment FROM intent WHERE settled IS NULL) ORDER BY id"));
  return FindRows<Unfinished>(reader, sql);
}

}  // namespace db
