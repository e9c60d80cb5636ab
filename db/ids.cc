#include "db/ids.h"

#include "db/find.h"

namespace db {
namespace {

Result<std::optional<std::string>> HolderOf(const Reader& reader, std::string_view kind,
                                            OctetView value) {
  return FindValue<std::string>(reader, "SELECT pay_id FROM used_id WHERE kind = ? AND value = ?",
                                kind, value);
}

Result<void> Reserve(Transaction& tx, std::string_view kind, OctetView value,
                     std::string_view pay_id, Millis at, std::string* other) {
  if (auto done = Change(tx,
                         "INSERT INTO used_id (kind, value, pay_id, at) VALUES (?, ?, ?, ?) "
                         "ON CONFLICT DO NOTHING",
                         kind, value, pay_id, at);
      !done || Changes(tx) == 1) {
    return done;
  }
  const auto holder = HolderOf(tx, kind, value);
  if (!holder) return tl::unexpected<Error>(holder.error());
  if (*holder == pay_id) return {};
  if (other != nullptr) *other = holder->value_or("");
  return Fail(ErrorKind::kConflict,
              std::string(kind) + " stands under another payment: " + holder->value_or(""));
}

}  // namespace

Result<void> ReserveIds(Transaction& tx, std::string_view pay_id, OctetView xid, OctetView rrpid,
                        Millis at, std::string* other) {
  if (auto done = Reserve(tx, "xid", xid, pay_id, at, other); !done || rrpid.empty()) return done;
  return Reserve(tx, "rrpid", rrpid, pay_id, at, other);
}

Result<std::optional<std::string>> PayIdOfXid(const Reader& reader, OctetView xid) {
  return HolderOf(reader, "xid", xid);
}

Result<std::optional<std::string>> PayIdOfRrpid(const Reader& reader, OctetView rrpid) {
  return HolderOf(reader, "rrpid", rrpid);
}

}  // namespace db
