#include "db/schema.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "db/files.h"
#include "unit/db/fault_vfs.h"
#include "unit/db/plain_reader.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

Result<void> MigrateFile(const std::string& path, const Schema& schema, const char* vfs = nullptr) {
  const auto fd = OpenPrivate(path);
  if (!fd) return tl::unexpected<Error>(fd.error());
  close(*fd);
  auto connection = Connection::Open(
      path, Access::kWrite, [&](Connection& c) { return Accept(c, schema, false); }, vfs);
  if (!connection) return tl::unexpected<Error>(connection.error());
  return Migrate(**connection, schema);
}

std::string Shape(const std::string& path) {
  return PlainRead(path,
                   "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name; "
                   "PRAGMA user_version; PRAGMA application_id; PRAGMA integrity_check; "
                   "PRAGMA foreign_key_check");
}

Schema First(const Schema& schema, std::size_t versions) {
  return {schema.application_id, schema.what, schema.migrations.first(versions)};
}

class SchemaTest : public testing::TestWithParam<const Schema& (*)()> {
 protected:
  const Schema& schema_ = GetParam()();
  TempDir dir_;
};

TEST_P(SchemaTest, EveryVersionLeadsToThePresentOne) {
  ASSERT_TRUE(MigrateFile(dir_ / "whole.db", schema_).has_value());
  const std::string whole = Shape(dir_ / "whole.db");
  EXPECT_NE(whole.find("\nok\n"), std::string::npos) << whole;
  ASSERT_GE(schema_.migrations.size(), 2u);
  for (std::size_t version = 0; version <= schema_.migrations.size(); ++version) {
    const std::string path = dir_ / ("from" + std::to_string(version));
    if (version > 0) {
      ASSERT_TRUE(MigrateFile(path, First(schema_, version)).has_value());
      ASSERT_EQ(PlainRead(path, "PRAGMA user_version"), std::to_string(version) + "\n");
    }
    ASSERT_TRUE(MigrateFile(path, schema_).has_value());
    EXPECT_EQ(Shape(path), whole);
    ASSERT_TRUE(MigrateFile(path, schema_).has_value());
    EXPECT_EQ(Shape(path), whole);
  }
}

TEST_P(SchemaTest, KilledAtAnyWriteOrSyncItLeavesAWholeVersionAndGoesOnFromThere) {
  ASSERT_TRUE(MigrateFile(dir_ / "whole.db", schema_).has_value());
  const std::string whole = Shape(dir_ / "whole.db");
  const char* vfs = RegisterFaultVfs();
  bool finished = false;
  int points = 0;
  for (int n = 0; !finished; ++n) {
    const std::string path = dir_ / ("killed" + std::to_string(n));
    const pid_t child = fork();
    if (child == 0) {
      SetFault({Fault::kKill, n});
      _exit(MigrateFile(path, schema_, vfs) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    finished = WIFEXITED(status);
    if (finished) {
      ASSERT_EQ(WEXITSTATUS(status), 0);
    } else {
      ++points;
    }
    ASSERT_TRUE(MigrateFile(path, schema_).has_value()) << n;
    ASSERT_EQ(Shape(path), whole) << n;
  }
  EXPECT_GT(points, static_cast<int>(schema_.migrations.size()));
}

TEST_P(SchemaTest, ANewerVersionIsRefusedUntouched) {
  const std::string path = dir_ / "newer.db";
  ASSERT_TRUE(MigrateFile(path, schema_).has_value());
  const auto contents = [&] {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string before = contents();
  const auto older = MigrateFile(path, First(schema_, schema_.migrations.size() - 1));
  ASSERT_FALSE(older.has_value());
  EXPECT_EQ(older.error().kind, ErrorKind::kCorrupt);
  EXPECT_EQ(contents(), before);
}

TEST_P(SchemaTest, AFailingMigrationLeavesTheVersionBeforeIt) {
  const std::string path = dir_ / "failing.db";
  std::vector<Migration> list(schema_.migrations.begin(), schema_.migrations.end());
  list.push_back({"9999_broken", "CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE half (x)"});
  const Schema broken = {schema_.application_id, schema_.what, list};
  EXPECT_FALSE(MigrateFile(path, broken).has_value());
  EXPECT_EQ(PlainRead(path, "PRAGMA user_version"),
            std::to_string(schema_.migrations.size()) + "\n");
  EXPECT_EQ(PlainRead(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), "0\n");
  EXPECT_TRUE(MigrateFile(path, schema_).has_value());
}

INSTANTIATE_TEST_SUITE_P(Both, SchemaTest, testing::Values(&WalletSchema, &GatewaySchema));

TEST(Schemas, AreToldApart) {
  const TempDir dir;
  ASSERT_TRUE(MigrateFile(dir / "a.db", WalletSchema()).has_value());
  EXPECT_EQ(MigrateFile(dir / "a.db", GatewaySchema()).error().kind, ErrorKind::kCorrupt);
}

}  // namespace
}  // namespace db
