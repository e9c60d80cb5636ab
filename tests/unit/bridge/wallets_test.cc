#include "bridge/wallets.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace bridge {
namespace {

struct Tally {
  std::atomic<int> closed = 0;
  std::atomic<int> forgotten = 0;
  std::atomic<int> destroyed = 0;
};

class FakeSession {
 public:
  explicit FakeSession(Tally* tally, bool close_throws = false)
      : tally_(tally), close_throws_(close_throws) {}
  FakeSession(const FakeSession&) = delete;
  FakeSession& operator=(const FakeSession&) = delete;
  ~FakeSession() { ++tally_->destroyed; }
  void Close() {
    if (close_throws_) throw std::logic_error("close");
    ++tally_->closed;
  }
  void ForgetAfterFork() { ++tally_->forgotten; }

 private:
  Tally* tally_;
  bool close_throws_;
};

using Table = WalletTable<FakeSession>;

class Wallets : public testing::Test {
 protected:
  Wallets() { table_.Init(); }
  opb_wallet Open(bool close_throws = false) {
    return table_.BeginOpen()->Fill(std::make_unique<FakeSession>(&tally_, close_throws));
  }
  opb_status Enter(opb_wallet token) {
    const auto use = table_.Enter(token);
    return use ? OPB_OK : use.error();
  }
  // What `body` gives in the child of a fork; -1000 if the child dies.
  template <class Body>
  static int InChild(Body body) {
    const pid_t child = fork();
    if (child == 0) _exit(body());
    int status = 0;
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1000;
    return WEXITSTATUS(status);
  }

  Tally tally_;
  Table table_;
};

TEST_F(Wallets, ATokenIsNeverZeroAndNeverGivenTwice) {
  std::set<opb_wallet> seen;
  for (int i = 0; i < 1000; ++i) {
    const opb_wallet token = Open();
    EXPECT_NE(token, 0u);
    EXPECT_TRUE(seen.insert(token).second);
    if (i % 3 != 0) {
      EXPECT_EQ(table_.Close(token), OPB_OK);
    }
  }
}

TEST_F(Wallets, StaleForgedAndTwiceClosedTokensAreArguments) {
  const opb_wallet token = Open();
  EXPECT_EQ(Enter(token), OPB_OK);
  EXPECT_EQ(Enter(0), OPB_E_ARGUMENT);
  EXPECT_EQ(Enter(token + 1), OPB_E_ARGUMENT);
  EXPECT_EQ(Enter(token + (opb_wallet{1} << 32)), OPB_E_ARGUMENT);
  EXPECT_EQ(Enter(~opb_wallet{0}), OPB_E_ARGUMENT);
  EXPECT_EQ(table_.Close(token), OPB_OK);
  EXPECT_EQ(table_.Close(token), OPB_E_ARGUMENT);
  EXPECT_EQ(Enter(token), OPB_E_ARGUMENT);
  const opb_wallet next = Open();  // in the same slot
  EXPECT_EQ(static_cast<std::uint32_t>(next), static_cast<std::uint32_t>(token));
  EXPECT_EQ(Enter(token), OPB_E_ARGUMENT);
  EXPECT_EQ(Enter(next), OPB_OK);
  EXPECT_EQ(tally_.closed, 1);
  EXPECT_EQ(tally_.destroyed, 1);
}

TEST_F(Wallets, AReservedSlotThatIsNotFilledIsFreeAgain) {
  {
    const auto opening = table_.BeginOpen();
    ASSERT_TRUE(opening);
    EXPECT_EQ(table_.Deinit(), OPB_E_STATE);
  }
  EXPECT_EQ(table_.Deinit(), OPB_OK);
}

TEST_F(Wallets, BeforeInitAndAfterDeinitIsAState) {
  const opb_wallet token = Open();
  EXPECT_EQ(table_.Close(token), OPB_OK);
  EXPECT_EQ(table_.Deinit(), OPB_OK);
  EXPECT_EQ(table_.Deinit(), OPB_E_STATE);
  EXPECT_EQ(table_.BeginOpen().error(), OPB_E_STATE);
  EXPECT_EQ(Enter(token), OPB_E_STATE);
  EXPECT_EQ(table_.Close(token), OPB_E_STATE);
}

TEST_F(Wallets, OnlyTheLastDeinitMindsAnOpenWallet) {
  table_.Init();
  const opb_wallet token = Open();
  EXPECT_EQ(table_.Deinit(), OPB_OK);
  EXPECT_EQ(table_.Deinit(), OPB_E_STATE);
  EXPECT_EQ(Enter(token), OPB_OK);
  EXPECT_EQ(table_.Close(token), OPB_OK);
  EXPECT_EQ(table_.Deinit(), OPB_OK);
}

TEST_F(Wallets, CloseDuringACallIsAState) {
  const opb_wallet token = Open();
  {
    const auto use = table_.Enter(token);
    ASSERT_TRUE(use);
    const auto second = table_.Enter(token);
    EXPECT_TRUE(second);
    EXPECT_EQ(table_.Close(token), OPB_E_STATE);
    EXPECT_EQ(table_.Deinit(), OPB_E_STATE);
  }
  EXPECT_EQ(table_.Close(token), OPB_OK);
}

TEST_F(Wallets, APoisonedWalletSaysSoUntilItIsClosedAndOthersWorkOn) {
  const opb_wallet token = Open();
  const opb_wallet other = Open();
  {
    auto use = table_.Enter(token);
    ASSERT_TRUE(use);
    use->Poison(OPB_E_INTERNAL);
    use->Poison(OPB_E_STORAGE);
  }
  EXPECT_EQ(Enter(token), OPB_E_INTERNAL);
  EXPECT_EQ(Enter(other), OPB_OK);
  EXPECT_EQ(table_.Close(token), OPB_OK);
  const opb_wallet next = Open();  // in the same slot, clean
  EXPECT_EQ(Enter(next), OPB_OK);
}

TEST_F(Wallets, AThrowingCloseStillFreesTheSlot) {
  const opb_wallet token = Open(true);
  EXPECT_THROW(table_.Close(token), std::logic_error);
  EXPECT_EQ(table_.Close(token), OPB_E_ARGUMENT);
  EXPECT_EQ(tally_.destroyed, 1);
  EXPECT_EQ(table_.Deinit(), OPB_OK);
}

TEST_F(Wallets, AfterAForkAnInheritedWalletAnswersForkedAndNothingElse) {
  const opb_wallet token = Open();
  EXPECT_EQ(InChild([&] {
              if (Enter(token) != OPB_E_FORKED) return 1;
              if (table_.Close(token) != OPB_E_FORKED) return 2;
              if (table_.Deinit() != OPB_OK || tally_.forgotten != 1) return 3;
              if (tally_.destroyed != 0 || tally_.closed != 0) return 4;
              if (Enter(token) != OPB_E_FORKED) return 5;
              if (table_.Deinit() != OPB_E_STATE || tally_.forgotten != 1) return 6;
              return 0;
            }),
            0);
  EXPECT_EQ(Enter(token), OPB_OK);
  EXPECT_EQ(tally_.forgotten, 0);
}

TEST_F(Wallets, TheChildOpensWalletsOfItsOwn) {
  const opb_wallet token = Open();
  EXPECT_EQ(InChild([&] {
              table_.Init();
              const opb_wallet own = Open();
              if (own == token || Enter(own) != OPB_OK) return 1;
              if (Enter(token) != OPB_E_FORKED) return 2;
              if (table_.Deinit() != OPB_OK) return 3;
              if (Enter(own) != OPB_OK || tally_.forgotten != 1) return 4;
              if (table_.Deinit() != OPB_E_STATE) return 5;
              if (table_.Close(own) != OPB_OK || table_.Deinit() != OPB_OK) return 6;
              return 0;
            }),
            0);
}

TEST_F(Wallets, ManyThreadsOpenCallAndClose) {
  constexpr int kThreads = 16;
  constexpr int kRounds = 200;
  std::atomic<int> wrong = 0;
  const opb_wallet shared = Open();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kRounds; ++i) {
        const opb_wallet token = Open();
        if (Enter(token) != OPB_OK || Enter(shared) != OPB_OK) ++wrong;
        if (table_.Close(token) != OPB_OK || table_.Close(token) != OPB_E_ARGUMENT) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(tally_.closed, kThreads * kRounds);
  EXPECT_EQ(table_.Close(shared), OPB_OK);
}

}  // namespace
}  // namespace bridge
