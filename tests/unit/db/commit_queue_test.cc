// Group commit: who gets what when a member, a statement, the disk or a sync fails.
#include "db/commit_queue.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/mount.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "unit/db/fault_vfs.h"
#include "unit/db/scratch_store.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

using Member = std::function<Result<void>(Transaction&)>;

Member Inserts(const std::string& key, std::size_t size = 1) {
  return [=](Transaction& tx) { return ScratchStore::Put(tx, key, size); };
}

std::string Kinds(const std::vector<Result<void>>& results) {
  std::string out;
  for (const auto& result : results) {
    if (!out.empty()) out += ' ';
    out += result ? "ok" : std::string(Name(result.error().kind));
  }
  return out;
}

class Group : public testing::Test {
 protected:
  ~Group() override { SetFault({}); }
  TempDir dir_;
};

TEST_F(Group, MembersAreCommittedByOneSyncInTheOrderOfTheirArrival) {
  ScratchStore store(dir_.path(), RegisterFaultVfs());
  std::vector<int> order;
  std::vector<Member> members;
  for (int i = 0; i < 16; ++i) {
    members.push_back([&order, i](Transaction& tx) {
      order.push_back(i);
      return ScratchStore::Put(tx, "k" + std::to_string(i));
    });
  }
  SetFault({Fault::kSync, 1000});
  const auto results = store.Group(members);
  for (const auto& result : results) EXPECT_TRUE(result.has_value());
  for (int i = 0; i < 16; ++i) EXPECT_EQ(order.at(static_cast<std::size_t>(i)), i);
  EXPECT_EQ(PlainRead(store.path(), "SELECT count(*) FROM t"), "16\n");
  // The frames of sixteen lone commits would be many more writes than those of one.
  const int together = CountedOperations();
  SetFault({Fault::kSync, 1000});
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(store.Put("alone" + std::to_string(i)).has_value());
  EXPECT_LT(together * 4, CountedOperations());
}

TEST_F(Group, AMemberThatFailsLosesItsOwnRowsOnly) {
  ScratchStore store(dir_.path());
  ASSERT_TRUE(store.Put("taken").has_value());
  const auto results = store.Group({
      Inserts("a"),
      [](Transaction& tx) -> Result<void> {
        if (auto done = ScratchStore::Put(tx, "lost"); !done) return done;
        return ScratchStore::Put(tx, "taken");
      },
      [](Transaction& tx) -> Result<void> {
        if (auto done = ScratchStore::Put(tx, "withdrawn"); !done) return done;
        return Fail(ErrorKind::kMissing, "changed its mind");
      },
      Inserts("b"),
      [](Transaction& tx) -> Result<void> {
        if (auto done = ScratchStore::Put(tx, "thrown"); !done) return done;
        throw std::bad_alloc();
      },
      Inserts("c"),
  });
  EXPECT_EQ(Kinds(results), "ok conflict missing ok internal ok");
  EXPECT_EQ(results[4].error().detail, "thrown: std::bad_alloc");
  EXPECT_EQ(store.Keys(), "a,b,c,taken\n");
  EXPECT_FALSE(store.queue().poisoned());
}

TEST_F(Group, AMemberSeesWhatThoseBeforeItWrote) {
  ScratchStore store(dir_.path());
  std::optional<std::string> seen;
  const auto results = store.Group({Inserts("first"), [&](Transaction& tx) -> Result<void> {
                                      const auto found = FindValue<std::string>(
                                          tx, "SELECT k FROM t WHERE k = 'first'");
                                      if (!found) return tl::unexpected<Error>(found.error());
                                      seen = *found;
                                      return {};
                                    }});
  EXPECT_EQ(Kinds(results), "ok ok");
  EXPECT_EQ(seen, "first");
}

TEST_F(Group, WhenSqliteRollsTheWholeTransactionBackNobodyIsToldOkAndNothingIsKept) {
  ScratchStore store(dir_.path());
  ASSERT_TRUE(store.Put("before").has_value());
  ASSERT_TRUE(store.connection().Number("PRAGMA max_page_count = 10").has_value());
  std::atomic<int> ran = 0;
  const auto results = store.Group({
      Inserts("a"),
      // Takes no notice of the failure, and would go on in a transaction of its own.
      [&](Transaction& tx) -> Result<void> {
        static_cast<void>(ScratchStore::Put(tx, "huge", 1 << 20));
        static_cast<void>(ScratchStore::Put(tx, "ghost"));
        return {};
      },
      [&](Transaction& tx) {
        ++ran;
        return ScratchStore::Put(tx, "b");
      },
  });
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(Kinds(results), "full full full");
  EXPECT_EQ(store.Keys(), "before\n");
  ASSERT_TRUE(store.connection().Number("PRAGMA max_page_count = 100000").has_value());
  EXPECT_TRUE(store.Put("after").has_value());
}

TEST_F(Group, AnInterruptUndoesTheGroupAndTheStoreGoesOn) {
  ScratchStore store(dir_.path());
  std::atomic<int> ran = 0;
  const auto results = store.Group({
      Inserts("a"),
      [&](Transaction& tx) -> Result<void> {
        sqlite3* handle = tx.connection().handle();
        sqlite3_progress_handler(
            handle, 1, [](void*) { return 1; }, nullptr);
        static_cast<void>(ScratchStore::Put(tx, "interrupted"));
        sqlite3_progress_handler(handle, 0, nullptr, nullptr);
        static_cast<void>(ScratchStore::Put(tx, "ghost"));
        return {};
      },
      [&](Transaction& tx) {
        ++ran;
        return ScratchStore::Put(tx, "b");
      },
  });
  EXPECT_EQ(Kinds(results), "full full full");
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(store.Keys(), "NULL\n");
  EXPECT_TRUE(store.Put("after").has_value());
  EXPECT_EQ(store.Keys(), "after\n");
}

TEST_F(Group, AFullDiskAtTheCommitFailsTheGroupAndNotTheStore) {
  ScratchStore store(dir_.path(), RegisterFaultVfs());
  ASSERT_TRUE(store.Put("before").has_value());
  for (int after = 0; after < 6; ++after) {
    SetFault({Fault::kFull, after});
    const std::string first = "a" + std::to_string(after);
    const auto results = store.Group({Inserts(first, 20000), Inserts("b" + first)});
    // The leader's empty group writes nothing, so the fault strikes this one.
    EXPECT_EQ(Kinds(results), "full full") << after;
    EXPECT_GT(Struck(), 0);
    EXPECT_FALSE(store.queue().poisoned());
    SetFault({});
    EXPECT_EQ(store.Keys(), "before\n");
  }
  EXPECT_TRUE(store.Put("after").has_value());
  store.Close();
  store.Open();
  EXPECT_EQ(store.Keys(), "after,before\n");
}

class Poison : public Group, public testing::WithParamInterface<Fault> {};

TEST_P(Poison, AFailureOfTheCommitIsForGoodAndNothingIsTriedAgain) {
  ScratchStore store(dir_.path(), RegisterFaultVfs());
  ASSERT_TRUE(store.Put("before").has_value());
  SetFault({GetParam(), 0, /*lasts=*/false});
  const auto results = store.Group({Inserts("a"), Inserts("b")});
  EXPECT_EQ(Kinds(results), "poisoned poisoned");
  EXPECT_EQ(Struck(), 1);
  EXPECT_TRUE(store.queue().poisoned());

  SetFault({});
  const auto later = store.Put("later");
  ASSERT_FALSE(later.has_value());
  EXPECT_EQ(later.error().kind, ErrorKind::kPoisoned);
  EXPECT_EQ(Kinds({store.Put("c")}), "poisoned");
  store.Close();
  // Neither a commit nor a checkpoint touched the files again.
  EXPECT_EQ(CountedOperations(), 0);

  store.Open();
  const std::string keys = store.Keys();
  EXPECT_TRUE(keys == "before\n" || keys == "a,b,before\n") << keys;
  EXPECT_TRUE(store.Put("after").has_value());
}

INSTANTIATE_TEST_SUITE_P(Faults, Poison, testing::Values(Fault::kIoError, Fault::kSync));

TEST_F(Group, AFailedReadInAMemberPoisonsToo) {
  {
    ScratchStore store(dir_.path());
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(store.Put("k" + std::to_string(i), 4000).has_value());
  }
  ScratchStore store(dir_.path(), RegisterFaultVfs());
  ASSERT_TRUE(store.Put("before").has_value());
  SetFault({Fault::kRead, 0});
  const auto results = store.Group({[](Transaction& tx) -> Result<void> {
    const auto sum = FindValue<std::int64_t>(tx, "SELECT sum(length(v)) FROM t");
    return sum ? Result<void>() : tl::unexpected<Error>(sum.error());
  }});
  ASSERT_GT(Struck(), 0);
  EXPECT_EQ(Kinds(results), "poisoned");
  SetFault({});
  EXPECT_EQ(Kinds({store.Put("later")}), "poisoned");
}

TEST_F(Group, AFailedSyncInACheckpointPoisonsWithoutTakingBackWhatWasCommitted) {
  ScratchStore store(dir_.path(), RegisterFaultVfs());
  // The commit's own sync succeeds; that of the checkpoint, which follows 1000 pages, fails.
  SetFault({Fault::kSync, 1});
  ASSERT_TRUE(store.Put("large", std::size_t{6} << 20).has_value());
  ASSERT_GT(Struck(), 0);
  EXPECT_TRUE(store.queue().poisoned());
  SetFault({});
  EXPECT_EQ(Kinds({store.Put("later")}), "poisoned");
  store.Close();
  store.Open();
  EXPECT_EQ(store.Keys(), "large\n");
}

TEST_F(Group, TheWalIsCheckpointedAlongTheWay) {
  ScratchStore store(dir_.path());
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(store.Put("k" + std::to_string(i), 50000).has_value());
  std::ifstream wal(store.path() + "-wal", std::ios::ate | std::ios::binary);
  EXPECT_LT(static_cast<long>(wal.tellg()), 8 << 20);  // of 20 MB written
}

// Every caller gets kFull or a committed row; rows equal answers; after space is there again the
// same requests succeed without reopening.
void SixteenCallersOnAFullDisk(ScratchStore& store, const std::function<void()>& fill,
                               const std::function<void()>& free_space) {
  constexpr int kThreads = 16;
  constexpr int kEach = 60;
  constexpr std::size_t kSize = 3000;
  std::mutex mutex;
  std::set<std::string> committed;
  std::set<std::string> refused;
  const auto work = [&](int thread) {
    for (int i = 0; i < kEach; ++i) {
      const std::string key = std::to_string(thread) + "-" + std::to_string(i);
      const auto done = store.Put(key, kSize);
      const std::lock_guard lock(mutex);
      if (done) {
        committed.insert(key);
      } else {
        EXPECT_EQ(done.error().kind, ErrorKind::kFull) << done.error().detail;
        refused.insert(key);
      }
    }
  };
  const auto run = [&] {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) threads.emplace_back(work, t);
    for (std::thread& thread : threads) thread.join();
  };
  const auto rows = [&] {
    std::string keys;
    for (const std::string& key : committed) keys += (keys.empty() ? "" : ",") + key;
    return (keys.empty() ? "NULL" : keys) + "\n";
  };
  fill();
  run();
  EXPECT_FALSE(refused.empty());
  EXPECT_EQ(store.Keys(), rows());
  EXPECT_FALSE(store.queue().poisoned());
  free_space();
  for (const std::string& key : std::set<std::string>(refused)) {
    const auto done = store.Put(key, kSize);
    ASSERT_TRUE(done.has_value()) << done.error().detail;
    committed.insert(key);
  }
  EXPECT_EQ(static_cast<int>(committed.size()), kThreads * kEach);
  EXPECT_EQ(store.Keys(), rows());
  store.Close();
  store.Open();
  EXPECT_EQ(store.Keys(), rows());
}

TEST_F(Group, SixteenCallersWhenWritesMeetAFullDisk) {
  ScratchStore store(dir_.path(), RegisterFaultVfs());
  SixteenCallersOnAFullDisk(
      store,
      [] {
        SetFault({Fault::kFull, 300});
      },
      [] { SetFault({}); });
}

TEST_F(Group, SixteenCallersWhenTheDatabaseMayNotGrow) {
  ScratchStore store(dir_.path());
  SixteenCallersOnAFullDisk(
      store,
      [&] { ASSERT_TRUE(store.connection().Number("PRAGMA max_page_count = 60").has_value()); },
      [&] {
        ASSERT_TRUE(store.connection().Number("PRAGMA max_page_count = 100000").has_value());
      });
}

TEST_F(Group, SixteenCallersOnASmallFileSystem) {
  const std::string mount_point = dir_ / "small";
  ASSERT_EQ(mkdir(mount_point.c_str(), 0700), 0);
  if (mount("tmpfs", mount_point.c_str(), "tmpfs", 0, "size=16m,mode=0700") != 0) {
    GTEST_SKIP() << "mounting a tmpfs is not allowed here";
  }
  {
    ScratchStore store(mount_point);
    const std::string ballast = mount_point + "/ballast";
    SixteenCallersOnAFullDisk(
        store,
        [&] {
          std::ofstream out(ballast, std::ios::binary);
          const std::string megabyte(std::size_t{1} << 20, 'x');
          while (out.write(megabyte.data(), static_cast<std::streamsize>(megabyte.size()))) {
          }
          out.close();
          ASSERT_EQ(truncate(ballast.c_str(), 15 << 20), 0);
        },
        [&] { ASSERT_EQ(unlink(ballast.c_str()), 0); });
  }
  EXPECT_EQ(umount(mount_point.c_str()), 0);
}

}  // namespace
}  // namespace db
