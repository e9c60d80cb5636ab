// kill -9 while several threads commit: what was acknowledged is there afterwards.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "db/wallet_config.h"
#include "db/wallet_store.h"
#include "unit/db/plain_reader.h"
#include "unit/db/temp_dir.h"

namespace db {
namespace {

constexpr int kThreads = 4;

// Writes settings named round.thread.i and says each name, ended by a newline, once it is durable.
[[noreturn]] void WriteForEver(const std::string& wallet, int round, int out) {
  const auto opened = WalletStore::Open(wallet, WalletMode::kProvision);
  if (!opened) _exit(1);
  WalletStore& store = **opened;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0;; ++i) {
        std::string name =
            std::to_string(round) + "." + std::to_string(t) + "." + std::to_string(i);
        if (!store.Write([&](Transaction& tx) { return StoreSetting(tx, name, "v"); })) _exit(2);
        name += '\n';
        if (write(out, name.data(), name.size()) != static_cast<ssize_t>(name.size())) _exit(3);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  _exit(4);
}

TEST(Crash, WhatWasAcknowledgedSurvivesKill9) {
  const TempDir dir;
  const std::string wallet = dir / "wallet";
  std::set<std::string> acknowledged;
  for (int round = 0; round < 20; ++round) {
    int acks[2] = {};
    ASSERT_EQ(pipe(acks), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(acks[0]);
      WriteForEver(wallet, round, acks[1]);
    }
    close(acks[1]);
    std::string text;
    char buffer[4096];
    const std::size_t enough = 50 + 137 * static_cast<std::size_t>(round);
    bool killed = false;
    for (ssize_t n = 0; (n = read(acks[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
      if (!killed && text.size() > enough) {
        kill(child, SIGKILL);
        killed = true;
      }
    }
    close(acks[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
    for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos;
         at = end + 1) {
      acknowledged.insert(text.substr(at, end - at));
    }
    // As another program sees it before anybody has opened the wallet for writing again.
    const std::string there = "\n" + PlainRead(wallet + "/wallet.db", "SELECT name FROM setting");
    for (const std::string& name : acknowledged) {
      ASSERT_NE(there.find("\n" + name + "\n"), std::string::npos) << name;
    }
  }
  EXPECT_GT(acknowledged.size(), 100u);
  ASSERT_TRUE(WalletStore::Open(wallet, WalletMode::kOpen).has_value());
  EXPECT_EQ(PlainRead(wallet + "/wallet.db", "PRAGMA integrity_check"), "ok\n");
}

}  // namespace
}  // namespace db
