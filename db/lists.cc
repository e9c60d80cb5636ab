#include "db/lists.h"

#include "db/find.h"

namespace db {
namespace {

// `table` with its column `value`, one of the two pairs used below.
template <class T>
Result<void> StoreList(Transaction& tx, std::string_view remove, std::string_view insert,
                       std::string_view owner, std::string_view use, const std::vector<T>& list) {
  if (auto done = Change(tx, remove, owner, use); !done) return done;
  int position = 0;
  for (const T& item : list) {
    if (auto done = Change(tx, insert, owner, use, position++, item); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> StoreChain(Transaction& tx, std::string_view owner, std::string_view use,
                        const std::vector<Octets>& chain) {
  return StoreList(tx, "DELETE FROM chain WHERE owner = ? AND list = ?",
                   "INSERT INTO chain (owner, list, position, der) VALUES (?, ?, ?, ?)", owner, use,
                   chain);
}

Result<std::vector<Octets>> LoadChain(const Reader& reader, std::string_view owner,
                                      std::string_view use) {
  return FindValues<Octets>(
      reader, "SELECT der FROM chain WHERE owner = ? AND list = ? ORDER BY position", owner, use);
}

Result<void> StoreWords(Transaction& tx, std::string_view owner, std::string_view use,
                        const std::vector<std::string>& words) {
  return StoreList(tx, "DELETE FROM word WHERE owner = ? AND list = ?",
                   "INSERT INTO word (owner, list, position, word) VALUES (?, ?, ?, ?)", owner, use,
                   words);
}

Result<std::vector<std::string>> LoadWords(const Reader& reader, std::string_view owner,
                                           std::string_view use) {
  return FindValues<std::string>(
      reader, "SELECT word FROM word WHERE owner = ? AND list = ? ORDER BY position", owner, use);
}

Result<void> StoreLimits(Transaction& tx, std::string_view owner,
                         const std::vector<AmountLimit>& limits) {
  if (auto done = Change(tx, "DELETE FROM amount_limit WHERE owner = ?", owner); !done) return done;
  for (const AmountLimit& limit : limits) {
    if (auto done = Change(
            tx, "INSERT INTO amount_limit (owner, currency, least, most) VALUES (?, ?, ?, ?)",
            owner, limit.currency, limit.least, limit.most);
        !done) {
      return done;
    }
  }
  return {};
}

Result<std::vector<AmountLimit>> LoadLimits(const Reader& reader, std::string_view owner) {
  return FindRows<AmountLimit>(
      reader, "SELECT currency, least, most FROM amount_limit WHERE owner = ? ORDER BY currency",
      owner);
}

Result<void> DropLists(Transaction& tx, std::string_view owner) {
  for (const char* sql : {"DELETE FROM chain WHERE owner = ?", "DELETE FROM word WHERE owner = ?",
                          "DELETE FROM amount_limit WHERE owner = ?"}) {
    if (auto done = Change(tx, sql, owner); !done) return done;
  }
  return {};
}

}  // namespace db
