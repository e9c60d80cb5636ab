// The journal: final answers of acting calls, so that the same request never acts twice
// (architecture.md, What is journaled).
#ifndef DB_JOURNAL_H_
#define DB_JOURNAL_H_

#include <optional>
#include <string>
#include <string_view>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

inline constexpr std::size_t kJournalDigestSize = 32;  // SHA-256

struct JournalKey {
  std::string_view role;
  std::string_view pay_id;
  std::string_view call;
  OctetView digest;  // kJournalDigestSize octets, else kInternal
};

// FindAnswer gives the stored answer, octet for octet.
Result<std::optional<Octets>> FindAnswer(const Reader& reader, const JournalKey& key);

// RecordAnswer stores a final answer.  kConflict: one is stored already, whatever its octets.
Result<void> RecordAnswer(Transaction& tx, const JournalKey& key, OctetView answer, Millis at);

}  // namespace db

#endif  // DB_JOURNAL_H_
