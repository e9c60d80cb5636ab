// What bounds a peer of the gateway: its address, its rate, the work that waits.
#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bridge/programs/set_gateway/access.h"
#include "bridge/programs/set_gateway/descriptors.h"
#include "bridge/programs/set_gateway/peers.h"
#include "bridge/programs/set_gateway/workers.h"

namespace bridge::gateway {
namespace {

TEST(Peers, AnAddressHasSoManyConnectionsAtATime) {
  Peers peers({.connections = 2, .messages_per_second = 100});
  Peers::Peer* first = *peers.Enter("a", 0);
  EXPECT_EQ(*peers.Enter("a", 0), first);
  EXPECT_EQ(peers.Enter("a", 0).error(), "too many connections");
  EXPECT_TRUE(peers.Enter("b", 0));
  peers.Leave(*first);
  EXPECT_TRUE(peers.Enter("a", 0));
}

TEST(Peers, AnAddressHasSoManyNewConnectionsASecond) {
  Peers peers({.connections = 100, .messages_per_second = 2});
  EXPECT_TRUE(peers.Enter("a", 0));
  EXPECT_TRUE(peers.Enter("a", 0));
  EXPECT_EQ(peers.Enter("a", 499).error(), "too many new connections per second");
  EXPECT_TRUE(peers.Enter("a", 500));
  EXPECT_FALSE(peers.Enter("a", 999));
  EXPECT_TRUE(peers.Enter("a", 1000));
}

TEST(Peers, AllConnectionsOfAnAddressShareItsMessages) {
  Peers peers({.connections = 2, .messages_per_second = 3});
  Peers::Peer& peer = **peers.Enter("a", 0);
  ASSERT_TRUE(peers.Enter("a", 0));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(peers.TakeMessage(peer, 1000));
  EXPECT_FALSE(peers.TakeMessage(peer, 1000));
  EXPECT_FALSE(peers.TakeMessage(peer, 1333));
  EXPECT_TRUE(peers.TakeMessage(peer, 1334));
  // What is not used does not heap up.
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(peers.TakeMessage(peer, 100000));
  EXPECT_FALSE(peers.TakeMessage(peer, 100000));
}

TEST(Peers, WhatIsAboveTheRateHasToBeWaitedFor) {
  Peers peers({.connections = 1, .messages_per_second = 10});
  Peers::Peer& peer = **peers.Enter("a", 0);
  EXPECT_EQ(peers.ChargeMessages(peer, 10, 0), 0);
  EXPECT_EQ(peers.ChargeMessages(peer, 1, 0), 100);
  EXPECT_EQ(peers.ChargeMessages(peer, 5, 100), 500);
  EXPECT_EQ(peers.ChargeMessages(peer, 0, 600), 0);
}

TEST(Peers, OnlyWhomForgettingGivesNothingIsForgotten) {
  Peers peers({.connections = 1, .messages_per_second = 1});
  Peers::Peer* stays = *peers.Enter("stays", 0);
  for (std::size_t i = 0; i < Peers::kRemembered; ++i) {
    peers.Leave(**peers.Enter(std::to_string(i), 0));
  }
  // The last of those had its connection just now: its bucket is empty.
  EXPECT_GT(peers.remembered(), Peers::kRemembered);
  peers.Leave(**peers.Enter("later", 1000));
  for (std::size_t i = 0; i <= Peers::kRemembered; ++i) {
    peers.Leave(**peers.Enter("x" + std::to_string(i), 2000));
  }
  EXPECT_LE(peers.remembered(), Peers::kRemembered + 2);
  EXPECT_EQ(peers.Enter("stays", 3000).error(), "too many connections");
  peers.Leave(*stays);
  EXPECT_TRUE(peers.Enter("stays", 3000));
}

TEST(Access, TellsWhoMayComeFromWhere) {
  std::vector<MerchantAccess> merchants(3);
  merchants[0].transport_id = "here";
  merchants[0].shared_secret = setcore::SecretOctets(setcore::Octets{1, 2});
  merchants[0].allowed_peers = {"192.0.2.1", "::1"};
  merchants[1].transport_id = "there";
  merchants[1].shared_secret = setcore::SecretOctets(setcore::Octets{3});
  merchants[1].allowed_peers = {"192.0.2.2"};
  merchants[2].transport_id = "no secret";
  merchants[2].allowed_peers = {"192.0.2.3"};
  const Access strict(merchants, true);
  EXPECT_TRUE(strict.Allows("192.0.2.1"));
  EXPECT_TRUE(strict.Allows("::1"));
  EXPECT_TRUE(strict.Allows("192.0.2.3"));
  EXPECT_FALSE(strict.Allows("192.0.2.4"));
  EXPECT_TRUE(Access(merchants, false).Allows("192.0.2.4"));
  EXPECT_EQ(strict.Secret("here", "192.0.2.1"), &merchants[0].shared_secret);
  EXPECT_EQ(strict.Secret("here", "192.0.2.2"), nullptr);
  EXPECT_EQ(strict.Secret("there", "192.0.2.2"), &merchants[1].shared_secret);
  EXPECT_EQ(strict.Secret("no secret", "192.0.2.3"), nullptr);
  EXPECT_EQ(strict.Secret("nobody", "192.0.2.1"), nullptr);
  merchants[1].allowed_peers.clear();
  EXPECT_TRUE(Access(merchants, true).Allows("192.0.2.4"));
}

TEST(Workers, RefuseWhatIsTooMuchAndDoAllTheRest) {
  std::mutex mutex;
  std::condition_variable changed;
  bool started = false;
  bool go = false;
  int done = 0;
  Workers workers(1, {.jobs = 2, .octets = 10}, {});
  const auto count = [&] {
    const std::lock_guard lock(mutex);
    ++done;
  };
  ASSERT_TRUE(workers.Post(1, [&] {
    std::unique_lock lock(mutex);
    started = true;
    changed.notify_all();
    changed.wait(lock, [&] { return go; });
  }));
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return started; });
  }
  EXPECT_TRUE(workers.Post(9, count));
  EXPECT_TRUE(workers.Post(9, count)) << "the ninth octet left room for one more job";
  EXPECT_FALSE(workers.Post(0, count)) << "two jobs wait";
  {
    const std::lock_guard lock(mutex);
    go = true;
  }
  changed.notify_all();
  workers.Join();
  EXPECT_EQ(done, 2);
}

TEST(Workers, RefuseOctetsThatAreTooMany) {
  std::mutex mutex;
  std::condition_variable changed;
  bool started = false;
  bool go = false;
  Workers workers(1, {.jobs = 100, .octets = 10}, {});
  ASSERT_TRUE(workers.Post(1, [&] {
    std::unique_lock lock(mutex);
    started = true;
    changed.notify_all();
    changed.wait(lock, [&] { return go; });
  }));
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return started; });
  }
  EXPECT_TRUE(workers.Post(9, [] {}));
  EXPECT_TRUE(workers.Post(1, [] {}));
  EXPECT_FALSE(workers.Post(1, [] {}));
  {
    const std::lock_guard lock(mutex);
    go = true;
  }
  changed.notify_all();
}

TEST(Workers, WhatWaitsAsideTakesNoRoomFromTheOthersAndRunsAfterThem) {
  std::mutex mutex;
  std::condition_variable changed;
  bool started = false;
  bool go = false;
  std::string done;
  Workers workers(1, {.jobs = 2, .octets = 10}, {.jobs = 3, .octets = 8});
  ASSERT_TRUE(workers.Post(1, [&] {
    std::unique_lock lock(mutex);
    started = true;
    changed.notify_all();
    changed.wait(lock, [&] { return go; });
  }));
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return started; });
  }
  const auto note = [&](char what) { return [&done, what] { done += what; }; };
  EXPECT_TRUE(workers.PostAside(1, note('a')));
  EXPECT_TRUE(workers.PostAside(6, note('b')));
  EXPECT_TRUE(workers.PostAside(1, note('c'))) << "the seventh octet left room for one more job";
  EXPECT_FALSE(workers.PostAside(0, note('d'))) << "three jobs wait";
  EXPECT_TRUE(workers.Post(9, note('1')));
  EXPECT_TRUE(workers.Post(1, note('2')));
  EXPECT_FALSE(workers.Post(0, note('3')));
  {
    const std::lock_guard lock(mutex);
    go = true;
  }
  changed.notify_all();
  workers.Join();
  EXPECT_EQ(done, "12abc");
}

TEST(Workers, RefuseOctetsAsideThatAreTooMany) {
  Workers workers(0, {}, {.jobs = 100, .octets = 8});
  EXPECT_TRUE(workers.PostAside(7, [] {}));
  EXPECT_TRUE(workers.PostAside(1, [] {}));
  EXPECT_FALSE(workers.PostAside(1, [] {})) << "eight wait";
  EXPECT_TRUE(workers.Post(1, [] {}));
}

TEST(Workers, BlockAllSignals) {
  sigset_t blocked;
  sigemptyset(&blocked);
  {
    Workers workers(1, {}, {});
    workers.Post(0, [&] { pthread_sigmask(SIG_SETMASK, nullptr, &blocked); });
  }
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGPIPE}) {
    EXPECT_EQ(sigismember(&blocked, signal), 1) << signal;
  }
  sigset_t ours;
  pthread_sigmask(SIG_SETMASK, nullptr, &ours);
  EXPECT_EQ(sigismember(&ours, SIGTERM), 0);
}

TEST(Descriptors, LeaveRoomForTheRest) {
  EXPECT_EQ(ConnectionsWithin(0), 0U);
  EXPECT_EQ(ConnectionsWithin(64), 0U);
  EXPECT_EQ(ConnectionsWithin(65), 1U);
  EXPECT_EQ(ConnectionsWithin(20000), 19936U);
}

}  // namespace
}  // namespace bridge::gateway
