#include "db/journal.h"

#include "db/find.h"

namespace db {

Result<std::optional<Octets>> FindAnswer(const Reader& reader, const JournalKey& key) {
  return FindValue<Octets>(
      reader,
      "SELECT answer FROM journal WHERE role = ? AND pay_id = ? AND call = ? AND digest = ?",
      key.role, key.pay_id, key.call, key.digest);
}

Result<void> RecordAnswer(Transaction& tx, const JournalKey& key, OctetView answer, Millis at) {
  if (key.digest.size() != kJournalDigestSize) {
    return Fail(ErrorKind::kInternal, "a journal digest is not SHA-256");
  }
  return Change(tx,
                "INSERT INTO journal (role, pay_id, call, digest, at, answer) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                key.role, key.pay_id, key.call, key.digest, at, answer);
}

}  // namespace db
