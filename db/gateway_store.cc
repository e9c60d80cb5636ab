#include "db/gateway_store.h"

#include <unistd.h>

#include "db/files.h"
#include "db/find.h"

namespace db {

Result<std::unique_ptr<GatewayStore>> GatewayStore::Open(const std::string& path, const char* vfs) {
  const std::size_t slash = path.rfind('/');
  const std::string above = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const auto directory = AbsoluteDirectory(above);
  if (!directory) return tl::unexpected<Error>(directory.error());
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (name.empty()) return Fail(ErrorKind::kRefused, path + " names no file");
  const std::string database = *directory + "/" + name;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (auto checked = CheckPrivate(database + suffix); !checked) {
      return tl::unexpected<Error>(checked.error());
    }
  }
  auto lease = Lease::Take(database + ".lease");
  if (!lease) return tl::unexpected<Error>(lease.error());
  const auto fd = OpenPrivate(database);
  if (!fd) return tl::unexpected<Error>(fd.error());
  close(*fd);
  if (auto synced = SyncDirectory(*directory); !synced) {
    return tl::unexpected<Error>(synced.error());
  }
  std::unique_ptr<GatewayStore> store(new GatewayStore);
  if (auto started = store->Start(database, std::move(*lease), GatewaySchema(), vfs); !started) {
    return tl::unexpected<Error>(started.error());
  }
  return store;
}

Result<std::optional<Octets>> FindRequestAnswer(const Reader& reader, OctetView digest) {
  return FindValue<Octets>(reader,
                           "SELECT answer FROM request WHERE digest = ? "
                           "UNION ALL SELECT answer FROM error WHERE digest = ?",
                           digest, digest);
}

Result<bool> RrpidAnswered(const Reader& reader, OctetView signer_thumb, OctetView rrpid) {
  const auto found = FindValue<std::int64_t>(
      reader, "SELECT 1 FROM request WHERE signer_thumb = ? AND rrpid = ?", signer_thumb, rrpid);
  if (!found) return tl::unexpected<Error>(found.error());
  return found->has_value();
}

Result<void> RecordRequest(Transaction& tx, const AnsweredRequest& request) {
  static const std::string& sql = *new std::string(InsertSql<AnsweredRequest>("request"));
  return StoreRow(tx, sql, request);
}

Result<bool> RecordError(Transaction& tx, const AnsweredError& error, Millis forget,
                         std::int64_t most) {
  if (auto done = Change(tx, "DELETE FROM error WHERE at < ?", forget); !done) {
    return tl::unexpected<Error>(done.error());
  }
  const auto kept = FindValue<std::int64_t>(tx, "SELECT COUNT(*) FROM error");
  if (!kept) return tl::unexpected<Error>(kept.error());
  if (kept->value_or(0) >= most) return false;
  static const std::string& sql = *new std::string(InsertSql<AnsweredError>("error"));
  if (auto stored = StoreRow(tx, sql, error); !stored) {
    return tl::unexpected<Error>(stored.error());
  }
  return true;
}

Result<std::optional<Instruction>> FindInstruction(const Reader& reader,
                                                   std::string_view merchant_id, OctetView xid) {
  static const std::string& sql =
      *new std::string(SelectSql<Instruction>("instruction WHERE merchant_id = ? AND xid = ?"));
  return FindRow<Instruction>(reader, sql, merchant_id, xid);
}

Result<void> StoreInstruction(Transaction& tx, const Instruction& instruction) {
  static const std::string& sql =
      *new std::string(UpsertSql<Instruction>("instruction", "merchant_id, xid"));
  return StoreRow(tx, sql, instruction);
}

Result<void> RecordAuthorization(Transaction& tx, const Authorization& authorization) {
  static const std::string& sql = *new std::string(InsertSql<Authorization>("auth"));
  return StoreRow(tx, sql, authorization);
}
Result<std::optional<Authorization>> FindAuthorization(const Reader& reader,
                                                       std::string_view merchant_id,
                                                       OctetView auth_rrpid) {
  static const std::string& sql =
      *new std::string(SelectSql<Authorization>("auth WHERE merchant_id = ? AND auth_rrpid = ?"));
  return FindRow<Authorization>(reader, sql, merchant_id, auth_rrpid);
}
Result<void> ReduceAuthorization(Transaction& tx, std::string_view merchant_id,
                                 OctetView auth_rrpid, std::string_view amount, bool reversed) {
  return Change(tx,
                "UPDATE auth SET amount = ?, reversed = ? WHERE merchant_id = ? AND auth_rrpid = ?",
                amount, reversed, merchant_id, auth_rrpid);
}

Result<void> MarkCaptured(Transaction& tx, std::string_view merchant_id, OctetView auth_rrpid,
                          std::int64_t batch) {
  return Change(tx,
                "UPDATE auth SET captured = 1, batch = ? WHERE merchant_id = ? AND auth_rrpid = ?",
                batch, merchant_id, auth_rrpid);
}

Result<std::optional<bool>> BatchClosed(const Reader& reader, std::string_view merchant_id,
                                        std::string_view curr_code, std::int64_t batch) {
  const auto closed = FindValue<std::int64_t>(
      reader,
      "SELECT closed IS NOT NULL FROM batch WHERE id = ? AND merchant_id = ? AND curr_code = ?",
      batch, merchant_id, curr_code);
  if (!closed) return tl::unexpected<Error>(closed.error());
  return *closed ? std::optional(**closed != 0) : std::nullopt;
}

Result<BatchPlace> NextInBatch(Transaction& tx, std::string_view merchant_id,
                               std::string_view curr_code, Millis now) {
  if (auto done = Change(tx,
                         "INSERT INTO batch (merchant_id, curr_code, opened, last_sequence) "
                         "VALUES (?, ?, ?, 1) ON CONFLICT (merchant_id, curr_code) "
                         "WHERE closed IS NULL DO UPDATE SET last_sequence = last_sequence + 1",
                         merchant_id, curr_code, now);
      !done) {
    return tl::unexpected<Error>(done.error());
  }
  auto place = FindRow<BatchPlace>(tx,
                                   "SELECT id, last_sequence FROM batch WHERE merchant_id = ? AND "
                                   "curr_code = ? AND closed IS NULL",
                                   merchant_id, curr_code);
  if (!place) return tl::unexpected<Error>(place.error());
  return place->value_or(BatchPlace());
}

Result<void> RecordDiagnostic(Transaction& tx, std::string_view peer, OctetView octets, Millis at,
                              const DiagnosticLimits& limits) {
  if (auto done = Change(tx, "INSERT INTO diagnostic (peer, octets, at) VALUES (?, ?, ?)", peer,
                         octets, at);
      !done) {
    return done;
  }
  return Change(tx,
                "DELETE FROM diagnostic WHERE id IN (SELECT id FROM "
                "(SELECT id, ROW_NUMBER() OVER newest AS messages, "
                "SUM(length(octets)) OVER newest AS octets "
                "FROM diagnostic WINDOW newest AS (ORDER BY id DESC)) "
                "WHERE messages > ? OR octets > ?)",
                limits.messages, limits.octets);
}

Result<void> StoreGatewaySetting(Transaction& tx, std::string_view name, OctetView value) {
  return Change(tx, "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", name, value);
}

Result<std::optional<Octets>> LoadGatewaySetting(const Reader& reader, std::string_view name) {
  return FindValue<Octets>(reader, "SELECT value FROM setting WHERE name = ?", name);
}

}  // namespace db
