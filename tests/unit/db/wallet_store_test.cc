#include "db/wallet_store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "db/wallet_config.h"
#include "unit/db/plain_reader.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

using testing::HasSubstr;

mode_t ModeOf(const std::string& path) {
  struct stat facts = {};
  return lstat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

std::string Contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

ErrorKind KindOf(const Result<std::unique_ptr<WalletStore>>& opened) {
  EXPECT_FALSE(opened.has_value());
  return opened ? ErrorKind::kInternal : opened.error().kind;
}

Result<void> Put(WalletStore& store, const char* value) {
  return store.Write([&](Transaction& tx) { return StoreSetting(tx, "name", value); });
}

class Wallet : public testing::Test {
 protected:
  auto Open(WalletMode mode = WalletMode::kOpen) { return WalletStore::Open(path_, mode); }
  void Provision() { ASSERT_TRUE(Open(WalletMode::kProvision).has_value()); }

  TempDir dir_;
  std::string path_ = dir_ / "wallet";
};

TEST_F(Wallet, ProvisioningMakesADirectoryAndFilesForTheOwnerOnlyWhateverTheUmask) {
  const mode_t before = umask(0);
  const auto store = Open(WalletMode::kProvision);
  umask(before);
  ASSERT_TRUE(store.has_value()) << store.error().detail;
  ASSERT_TRUE(Put(**store, "x").has_value());
  EXPECT_EQ(ModeOf(path_), 0700u);
  for (const char* name : {"/wallet.db", "/wallet.db-wal", "/wallet.db-shm", "/lease"}) {
    EXPECT_EQ(ModeOf(path_ + name), 0600u) << name;
  }
}

TEST_F(Wallet, ATightUmaskDoesNotLockTheOwnerOut) {
  const mode_t before = umask(0777);
  const auto store = Open(WalletMode::kProvision);
  umask(before);
  ASSERT_TRUE(store.has_value()) << store.error().detail;
  EXPECT_EQ(ModeOf(path_), 0700u);
  EXPECT_EQ(ModeOf(path_ + "/wallet.db"), 0600u);
}

TEST_F(Wallet, OpenMakesNothingWhereNoWalletIs) {
  EXPECT_EQ(KindOf(Open()), ErrorKind::kMissing);
  EXPECT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_EQ(KindOf(Open()), ErrorKind::kMissing);
  EXPECT_EQ(access((path_ + "/lease").c_str(), F_OK), -1);
}

TEST_F(Wallet, ItRunsInWalWithFullSynchronousAndForeignKeys) {
  const auto store = Open(WalletMode::kProvision);
  ASSERT_TRUE(store.has_value());
  const std::pair<const char*, std::int64_t> pragmas[] = {
      {"PRAGMA synchronous", 2},     {"PRAGMA foreign_keys", 1},
      {"PRAGMA trusted_schema", 0},  {"PRAGMA cell_size_check", 1},
      {"PRAGMA secure_delete", 1},   {"PRAGMA temp_store", 2},
      {"PRAGMA busy_timeout", 5000}, {"PRAGMA application_id", 0x53455457}};
  for (const auto& [sql, expected] : pragmas) {
    std::int64_t value = -1;
    ASSERT_TRUE((*store)->Write([&, sql = sql](Transaction& tx) -> Result<void> {
      value = *tx.connection().Number(sql);
      return {};
    }));
    EXPECT_EQ(value, expected) << sql;
  }
  EXPECT_EQ(PlainRead(path_ + "/wallet.db", "PRAGMA journal_mode"), "wal\n");
  EXPECT_EQ(PlainRead(path_ + "/wallet.db",
                      "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND schema = "
                      "'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'"),
            "0\n");
}

TEST_F(Wallet, WhatWasWrittenIsThereAfterCloseAndTheWalIsEmptyButKept) {
  {
    const auto store = Open(WalletMode::kProvision);
    ASSERT_TRUE(store.has_value());
    ASSERT_TRUE(Put(**store, "kept").has_value());
  }
  struct stat facts = {};
  ASSERT_EQ(stat((path_ + "/wallet.db-wal").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_size, 0);
  EXPECT_EQ(access((path_ + "/wallet.db-shm").c_str(), F_OK), 0);
  EXPECT_EQ(PlainRead(path_ + "/wallet.db", "SELECT value FROM setting"), "kept\n");
  const auto store = Open();
  ASSERT_TRUE(store.has_value()) << store.error().detail;
  EXPECT_EQ(*(*store)->Read([](Reader& r) { return LoadSetting(r, "name"); }), "kept");
}

TEST_F(Wallet, APlainReaderBesideTheWriterSeesCommittedRowsAtOnce) {
  const auto store = Open(WalletMode::kProvision);
  ASSERT_TRUE(store.has_value());
  for (int i = 0; i < 50; ++i) {
    const std::string value = std::to_string(i);
    ASSERT_TRUE(Put(**store, value.c_str()).has_value());
    ASSERT_EQ(PlainRead(path_ + "/wallet.db", "SELECT value FROM setting"), value + "\n");
  }
}

TEST_F(Wallet, TheReaderForPeopleWorksBesideARunningHost) {
  EXPECT_EQ(OpenWalletReader(path_).error().kind, ErrorKind::kMissing);
  const auto store = Open(WalletMode::kProvision);
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(Put(**store, "seen").has_value());
  const auto reader = OpenWalletReader(path_);
  ASSERT_TRUE(reader.has_value()) << reader.error().detail;
  EXPECT_EQ(*(*reader)->Read([](Reader& r) { return LoadSetting(r, "name"); }), "seen");
}

TEST_F(Wallet, TheReadConnectionCannotWrite) {
  const auto store = Open(WalletMode::kProvision);
  ASSERT_TRUE(store.has_value());
  const auto done = (*store)->Read([](Reader& reader) {
    Transaction forged(reader.connection());
    return StoreSetting(forged, "name", "forged");
  });
  EXPECT_FALSE(done.has_value());
}

TEST_F(Wallet, ASecondOpenInThisProcessIsLockedAndHurtsNothing) {
  const auto store = Open(WalletMode::kProvision);
  ASSERT_TRUE(store.has_value());
  for (int i = 0; i < 3; ++i) {
    const auto second = Open(i == 2 ? WalletMode::kProvision : WalletMode::kOpen);
    ASSERT_EQ(KindOf(second), ErrorKind::kLocked);
    EXPECT_THAT(second.error().detail, HasSubstr(std::to_string(getpid())));
  }
  ASSERT_TRUE(Put(**store, "still").has_value());
}

TEST_F(Wallet, WhatOthersMayWriteOrALinkLeadsToIsRefused) {
  Provision();
  const std::string database = path_ + "/wallet.db";
  for (const std::string& name : {path_, database, path_ + "/lease", database + "-wal"}) {
    const mode_t before = ModeOf(name);
    for (const mode_t bit : {S_IWGRP, S_IWOTH}) {
      ASSERT_EQ(chmod(name.c_str(), before | bit), 0);
      const auto opened = Open();
      ASSERT_EQ(KindOf(opened), ErrorKind::kRefused) << name;
      EXPECT_THAT(opened.error().detail, HasSubstr("chmod"));
      EXPECT_EQ(KindOf(Open(WalletMode::kProvision)), ErrorKind::kRefused) << name;
    }
    ASSERT_EQ(chmod(name.c_str(), before), 0);
  }
  for (const std::string& name : {path_, database, path_ + "/lease"}) {
    const std::string away = dir_ / "away";
    ASSERT_EQ(rename(name.c_str(), away.c_str()), 0);
    ASSERT_EQ(symlink(away.c_str(), name.c_str()), 0);
    EXPECT_EQ(KindOf(Open()), ErrorKind::kRefused) << name;
    EXPECT_EQ(KindOf(WalletStore::Open(path_ + "/", WalletMode::kProvision)), ErrorKind::kRefused)
        << name;
    ASSERT_EQ(unlink(name.c_str()), 0);
    ASSERT_EQ(rename(away.c_str(), name.c_str()), 0);
  }
  EXPECT_TRUE(Open().has_value());
}

TEST_F(Wallet, WhatBelongsToSomebodyElseIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  Provision();
  constexpr uid_t kNobody = 65534;
  for (const std::string& name : {path_, path_ + "/wallet.db", path_ + "/lease"}) {
    ASSERT_EQ(chown(name.c_str(), kNobody, kNobody), 0);
    EXPECT_EQ(KindOf(Open()), ErrorKind::kRefused) << name;
    ASSERT_EQ(chown(name.c_str(), 0, 0), 0);
  }
}

TEST_F(Wallet, ADirectoryInPlaceOfAFileIsRefused) {
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  ASSERT_EQ(mkdir((path_ + "/wallet.db").c_str(), 0700), 0);
  EXPECT_EQ(KindOf(Open(WalletMode::kProvision)), ErrorKind::kRefused);
}

TEST_F(Wallet, AForeignDatabaseAndGarbageAreLeftUntouched) {
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  const std::string database = path_ + "/wallet.db";
  sqlite3* foreign = nullptr;
  ASSERT_EQ(sqlite3_open(database.c_str(), &foreign), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(foreign, "CREATE TABLE mine (x)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(foreign);
  ASSERT_EQ(chmod(database.c_str(), 0600), 0);
  const std::string before = Contents(database);
  EXPECT_EQ(KindOf(Open()), ErrorKind::kCorrupt);
  EXPECT_EQ(KindOf(Open(WalletMode::kProvision)), ErrorKind::kCorrupt);
  EXPECT_EQ(Contents(database), before);

  const std::string garbage(10000, 'g');
  std::ofstream(database, std::ios::binary | std::ios::trunc) << garbage;
  EXPECT_EQ(KindOf(Open()), ErrorKind::kCorrupt);
  EXPECT_EQ(Contents(database), garbage);
}

TEST_F(Wallet, PathsWithEveryKindOfCharacterWork) {
  for (const char* name : {"with space", "q?mode=ro#%41&x", "ünïcode", "'quoted\""}) {
    const auto store = WalletStore::Open(dir_ / name, WalletMode::kProvision);
    ASSERT_TRUE(store.has_value()) << store.error().detail;
    EXPECT_TRUE(Put(**store, "x").has_value());
    EXPECT_EQ((*store)->directory(), dir_ / name);
  }
}

TEST_F(Wallet, ARelativePathStaysTheSameWalletWhenTheHostChangesItsDirectory) {
  const int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_GE(before, 0);
  ASSERT_EQ(chdir(dir_.path().c_str()), 0);
  auto store = WalletStore::Open("wallet", WalletMode::kProvision);
  ASSERT_EQ(fchdir(before), 0);
  close(before);
  ASSERT_TRUE(store.has_value()) << store.error().detail;
  EXPECT_EQ((*store)->directory(), path_);
  EXPECT_TRUE(Put(**store, "x").has_value());
}

TEST_F(Wallet, EveryDescriptorIsClosedOnExec) {
  const auto store = Open(WalletMode::kProvision);
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(Put(**store, "x").has_value());
  for (int fd = 3; fd < 256; ++fd) {
    const int flags = fcntl(fd, F_GETFD);
    if (flags < 0) continue;
    char target[512] = {};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    if (readlink(link.c_str(), target, sizeof target - 1) <= 0) continue;
    if (std::string(target).rfind(path_, 0) != 0) continue;
    EXPECT_NE(flags & FD_CLOEXEC, 0) << target;
  }
}

}  // namespace
}  // namespace db
