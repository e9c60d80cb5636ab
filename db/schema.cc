#include "db/schema.h"

#include <fmt/format.h>

#include <string>

namespace db {

Result<void> Accept(Connection& connection, const Schema& schema, bool exact) {
  const auto application = connection.Number("PRAGMA application_id");
  if (!application) return tl::unexpected<Error>(application.error());
  const auto version = connection.Number("PRAGMA user_version");
  if (!version) return tl::unexpected<Error>(version.error());
  const auto present = static_cast<std::int64_t>(schema.migrations.size());

  if (*application != schema.application_id) {
    const auto objects = connection.Number("SELECT count(*) FROM sqlite_schema");
    if (!objects) return tl::unexpected<Error>(objects.error());
    const bool empty = *application == 0 && *version == 0 && *objects == 0;
    if (!empty || exact) {
      return Fail(ErrorKind::kCorrupt,
                  fmt::format("{}: this database is not a {}", connection.Path(), schema.what));
    }
    return {};
  }
  if (*version > present) {
    return Fail(ErrorKind::kCorrupt,
                fmt::format("{}: a {} of version {}, this program knows versions up to {}: use "
                            "the release that wrote it, or a newer one",
                            connection.Path(), schema.what, *version, present));
  }
  if (*version < 0 || (exact && *version != present)) {
    return Fail(ErrorKind::kCorrupt,
                fmt::format("{}: a {} of version {} instead of {}: whoever opens it for writing "
                            "brings it up to date: the host, set-bridge provision, set-gateway for "
                            "its own",
                            connection.Path(), schema.what, *version, present));
  }
  return {};
}

namespace {

Result<void> Apply(Connection& connection, const Schema& schema, std::size_t index) {
  const Migration& migration = schema.migrations[index];
  if (auto done = connection.Exec(migration.sql); !done) return done;
  return connection.Exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                     schema.application_id, index + 1)
                             .c_str());
}

}  // namespace

Result<void> Migrate(Connection& connection, const Schema& schema) {
  for (;;) {
    const auto version = connection.Number("PRAGMA user_version");
    if (!version) return tl::unexpected<Error>(version.error());
    const auto index = static_cast<std::size_t>(*version);
    if (index >= schema.migrations.size()) return {};

    if (auto begun = connection.Exec("BEGIN IMMEDIATE"); !begun) return begun;
    auto done = Apply(connection, schema, index);
    if (done) done = connection.Exec("COMMIT");
    if (!done) {
      if (connection.InTransaction()) static_cast<void>(connection.Exec("ROLLBACK"));
      done.error().detail += fmt::format(" (migration {})", schema.migrations[index].name);
      return done;
    }
  }
}

}  // namespace db
