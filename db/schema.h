// The schema of a store: its application_id and the migrations that lead to its present version.
// Version n is the state after the first n migrations (migrations/*/NNNN_*.sql, embedded by the
// build).  Each migration is one transaction with its user_version in it, so a process killed at
// any point leaves a whole version behind, and running again goes on from there.
#ifndef DB_SCHEMA_H_
#define DB_SCHEMA_H_

#include <cstdint>
#include <span>

#include "db/error.h"
#include "db/sqlite.h"

namespace db {

struct Migration {
  const char* name;  // "0001_identity"
  const char* sql;
};

struct Schema {
  std::int64_t application_id;
  const char* what;  // for messages: "wallet", "gateway store"
  std::span<const Migration> migrations;
};

// Embedded by the build.
const Schema& WalletSchema();
const Schema& GatewaySchema();

// Accept says whether the database is one of ours and not newer; it writes nothing.  An empty
// database is accepted unless `exact`, which demands the present version.  Error: kCorrupt.
Result<void> Accept(Connection& connection, const Schema& schema, bool exact);

// Migrate brings an accepted database to the present version.  Idempotent.
Result<void> Migrate(Connection& connection, const Schema& schema);

}  // namespace db

#endif  // DB_SCHEMA_H_
