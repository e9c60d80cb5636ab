// Many threads on one wallet, writing and reading.  Runs under TSan too.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "db/wallet_config.h"
#include "db/wallet_store.h"
#include "unit/db/plain_reader.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

constexpr int kThreads = 16;
constexpr int kEach = 100;

TEST(StoreThreads, SixteenWritersAndFourReadersAgreeOnWhatIsThere) {
  const TempDir dir;
  const auto opened = WalletStore::Open(dir / "wallet", WalletMode::kProvision);
  ASSERT_TRUE(opened.has_value());
  WalletStore& store = **opened;
  std::mutex mutex;
  std::set<std::string> written;
  std::atomic<bool> over = false;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        const std::string name = std::to_string(t) + "." + std::to_string(i);
        const bool fails = i % 7 == 3;
        const auto done = store.Write([&](Transaction& tx) -> Result<void> {
          if (auto stored = StoreSetting(tx, name, "v"); !stored) return stored;
          if (fails) return Fail(ErrorKind::kConflict, "on purpose");
          return {};
        });
        ASSERT_EQ(done.has_value(), !fails);
        if (!fails) {
          // What has been acknowledged is seen by this thread's next read.
          const auto seen = store.Read([&](Reader& r) { return LoadSetting(r, name); });
          ASSERT_TRUE(seen.has_value() && seen->has_value());
          const std::lock_guard lock(mutex);
          written.insert(name);
        }
      }
    });
  }
  std::vector<std::thread> readers;
  for (int r = 0; r < 4; ++r) {
    readers.emplace_back([&] {
      while (!over) {
        std::set<std::string> before;
        {
          const std::lock_guard lock(mutex);
          before = written;
        }
        if (before.empty()) continue;
        const auto seen =
            store.Read([&](Reader& reader) { return LoadSetting(reader, *before.rbegin()); });
        ASSERT_TRUE(seen.has_value() && seen->has_value());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  over = true;
  for (std::thread& reader : readers) reader.join();

  std::string expected;
  for (const std::string& name : written) expected += name + "\n";
  EXPECT_EQ(PlainRead(dir / "wallet/wallet.db", "SELECT name FROM setting ORDER BY name"),
            expected);
}

// However many others write without end, each gets to write a hundred times.
TEST(StoreThreads, EveryCallerGetsItsTurn) {
  constexpr int kTurns = 100;
  const TempDir dir;
  const auto opened = WalletStore::Open(dir / "wallet", WalletMode::kProvision);
  ASSERT_TRUE(opened.has_value());
  WalletStore& store = **opened;
  std::atomic<int> unserved = kThreads;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const std::string name = std::to_string(t);
      for (int turns = 0; unserved > 0;) {
        ASSERT_TRUE(store.Write([&](Transaction& tx) { return StoreSetting(tx, name, "v"); }));
        if (++turns == kTurns) --unserved;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(unserved, 0);
}

}  // namespace
}  // namespace db
