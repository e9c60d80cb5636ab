// Short lists that belong to a configured thing: certificate chains, currencies, prefixes, limits.
// `owner` is the thing ("instrument:visa-gold"), `use` which of its lists.
#ifndef DB_LISTS_H_
#define DB_LISTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "db/error.h"
#include "db/instruments.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

Result<void> StoreChain(Transaction& tx, std::string_view owner, std::string_view use,
                        const std::vector<Octets>& chain);
Result<std::vector<Octets>> LoadChain(const Reader& reader, std::string_view owner,
                                      std::string_view use);
Result<void> StoreWords(Transaction& tx, std::string_view owner, std::string_view use,
                        const std::vector<std::string>& words);
Result<std::vector<std::string>> LoadWords(const Reader& reader, std::string_view owner,
                                           std::string_view use);
Result<void> StoreLimits(Transaction& tx, std::string_view owner,
                         const std::vector<AmountLimit>& limits);
Result<std::vector<AmountLimit>> LoadLimits(const Reader& reader, std::string_view owner);
// DropLists removes everything `owner` has.
Result<void> DropLists(Transaction& tx, std::string_view owner);

}  // namespace db

#endif  // DB_LISTS_H_
