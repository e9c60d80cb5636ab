#include "db/lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "db/wallet_config.h"
#include "db/wallet_store.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

using testing::HasSubstr;

// A forked child that runs `body`, says so by one octet, and waits until it is killed or let go.
class Child {
 public:
  explicit Child(const std::function<bool()>& body) {
    int ready[2] = {};
    int go[2] = {};
    if (pipe(ready) != 0 || pipe(go) != 0) abort();
    pid_ = fork();
    if (pid_ == 0) {
      close(go[1]);
      const char answer = body() ? 'y' : 'n';
      if (write(ready[1], &answer, 1) != 1) _exit(3);
      char octet = 0;
      while (read(go[0], &octet, 1) > 0) {
      }
      _exit(0);
    }
    close(ready[1]);
    close(go[0]);
    go_ = go[1];
    char answer = 0;
    ok_ = read(ready[0], &answer, 1) == 1 && answer == 'y';
    close(ready[0]);
  }
  ~Child() { End(SIGKILL); }
  void End(int signal) {
    if (pid_ <= 0) return;
    if (signal != 0) kill(pid_, signal);
    close(go_);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  bool ok() const { return ok_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int go_ = -1;
  bool ok_ = false;
};

TEST(LeaseTest, AnotherProcessIsToldWhoHoldsIt) {
  const TempDir dir;
  const std::string path = dir / "lease";
  Child child([&] {
    // Kept until the child ends.
    static auto* held = new Result<Lease>(Lease::Take(path));
    return held->has_value();
  });
  ASSERT_TRUE(child.ok());
  const auto mine = Lease::Take(path);
  ASSERT_FALSE(mine.has_value());
  EXPECT_EQ(mine.error().kind, ErrorKind::kLocked);
  EXPECT_THAT(mine.error().detail, HasSubstr("pid " + std::to_string(child.pid())));
  child.End(0);
  EXPECT_TRUE(Lease::Take(path).has_value());
}

TEST(LeaseTest, AHolderKilledLeavesTheStoreFree) {
  const TempDir dir;
  const std::string path = dir / "lease";
  Child child([&] {
    static auto* held = new Result<Lease>(Lease::Take(path));
    return held->has_value();
  });
  ASSERT_TRUE(child.ok());
  child.End(SIGKILL);
  EXPECT_TRUE(Lease::Take(path).has_value());
}

TEST(LeaseTest, ASecondOneInTheSameProcessIsRefusedAndDoesNotReleaseTheFirst) {
  const TempDir dir;
  const std::string path = dir / "lease";
  const auto first = Lease::Take(path);
  ASSERT_TRUE(first.has_value());
  for (int i = 0; i < 2; ++i) {
    const auto second = Lease::Take(path);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().kind, ErrorKind::kLocked);
    EXPECT_THAT(second.error().detail, HasSubstr("this process"));
  }
}

TEST(LeaseTest, AChildThatClosesItsCopyLeavesTheParentsLock) {
  const TempDir dir;
  const std::string path = dir / "lease";
  auto held = std::make_unique<Result<Lease>>(Lease::Take(path));
  ASSERT_TRUE(held->has_value());
  Child child([&] {
    held.reset();
    const auto again = Lease::Take(path);
    return !again.has_value() && again.error().kind == ErrorKind::kLocked;
  });
  EXPECT_TRUE(child.ok());
  child.End(0);
  EXPECT_EQ(Lease::Take(path).error().kind, ErrorKind::kLocked);
  held.reset();
  EXPECT_TRUE(Lease::Take(path).has_value());
}

TEST(LeaseTest, AnOrderlyCloseFreesTheStoreAlthoughAChildLives) {
  const TempDir dir;
  const std::string path = dir / "lease";
  auto held = std::make_unique<Result<Lease>>(Lease::Take(path));
  ASSERT_TRUE(held->has_value());
  const Child child([] { return true; });
  ASSERT_TRUE(child.ok());
  held.reset();
  EXPECT_TRUE(Lease::Take(path).has_value());
}

TEST(ForkTest, AChildForgetsTheStoreWithoutTouchingItAndTheParentGoesOn) {
  const TempDir dir;
  auto store = WalletStore::Open(dir / "wallet", WalletMode::kProvision);
  ASSERT_TRUE(store.has_value());
  const auto put = [&](const char* value) {
    return (*store)->Write([&](Transaction& tx) { return StoreSetting(tx, "name", value); });
  };
  ASSERT_TRUE(put("before").has_value());
  Child child([&] {
    const auto written = put("child");
    const auto read = (*store)->Read([](Reader& r) { return LoadSetting(r, "name"); });
    const bool refused = !written && written.error().kind == ErrorKind::kRefused && !read;
    store->reset();
    const auto locked = WalletStore::Open(dir / "wallet", WalletMode::kOpen);
    auto own = WalletStore::Open(dir / "own", WalletMode::kProvision);
    return refused && !locked && locked.error().kind == ErrorKind::kLocked && own.has_value();
  });
  EXPECT_TRUE(child.ok());
  child.End(0);
  ASSERT_TRUE(put("after").has_value());
  EXPECT_EQ(*(*store)->Read([](Reader& r) { return LoadSetting(r, "name"); }), "after");
  store->reset();
  auto again = WalletStore::Open(dir / "wallet", WalletMode::kOpen);
  ASSERT_TRUE(again.has_value()) << again.error().detail;
  EXPECT_EQ(*(*again)->Read([](Reader& r) { return LoadSetting(r, "name"); }), "after");
}

TEST(ForkTest, ALivingChildThatForgotTheStoreDoesNotKeepItLockedAfterItsParentsDeath) {
  const TempDir dir;
  // parent (a child of this test) opens and forks; its child forgets; the parent is killed.
  int told[2] = {};
  ASSERT_EQ(pipe(told), 0);
  Child parent([&] {
    static auto* store = new Result<std::unique_ptr<WalletStore>>(
        WalletStore::Open(dir / "wallet", WalletMode::kProvision));
    if (!store->has_value()) return false;
    const pid_t grandchild = fork();
    if (grandchild == 0) {
      (**store).reset();
      const pid_t self = getpid();
      if (write(told[1], &self, sizeof self) != sizeof self) _exit(3);
      pause();
      _exit(0);
    }
    return grandchild > 0;
  });
  ASSERT_TRUE(parent.ok());
  pid_t grandchild = 0;
  ASSERT_EQ(read(told[0], &grandchild, sizeof grandchild), static_cast<ssize_t>(sizeof grandchild));
  EXPECT_EQ(WalletStore::Open(dir / "wallet", WalletMode::kOpen).error().kind, ErrorKind::kLocked);
  parent.End(SIGKILL);
  const auto opened = WalletStore::Open(dir / "wallet", WalletMode::kOpen);
  EXPECT_TRUE(opened.has_value());
  kill(grandchild, SIGKILL);
  close(told[0]);
  close(told[1]);
}

}  // namespace
}  // namespace db
