#include "bridge/calls/payment_gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace bridge {
namespace {

TEST(PaymentGate, LetsOneCallAtATimeWorkOnAPayment) {
  PaymentGate gate;
  auto first = gate.Enter("P");
  ASSERT_TRUE(first);
  EXPECT_FALSE(gate.Enter("P"));
  EXPECT_TRUE(gate.Enter("Q"));
  first.reset();
  EXPECT_TRUE(gate.Enter("P"));
}

TEST(PaymentGate, AMovedPassLeavesOnlyOnce) {
  PaymentGate gate;
  auto first = gate.Enter("P");
  {
    const PaymentGate::Pass moved(std::move(*first));
    first.reset();
    EXPECT_FALSE(gate.Enter("P"));
  }
  EXPECT_TRUE(gate.Enter("P"));
}

TEST(PaymentGate, ManyThreadsNeverShareAPayment) {
  PaymentGate gate;
  std::atomic<int> inside = 0;
  std::atomic<int> entered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 1000; ++round) {
        const auto pass = gate.Enter("P");
        if (!pass) continue;
        EXPECT_EQ(++inside, 1);
        ++entered;
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(entered, 0);
}

}  // namespace
}  // namespace bridge
