// Payment-handler purchases (its calls only, the gateway behind them) with two threads against one,
// beside what two threads bring to a loop of bare RSA operations in the same circumstances: the
// same processors also do the gateway's operations, and whoever asked for them waits meanwhile.
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/clocks.h"
#include "bench/floor.h"
#include "bench/measures.h"
#include "bench/samples.h"
#include "bench/shop.h"

namespace bench {
namespace {

constexpr std::size_t kKeyBits = 2048;
constexpr double kLeastRatio = 0.9;

// Microseconds until `work(t)` has returned on each of `threads` threads.
double Together(int threads, const std::function<void(int)>& work) {
  std::vector<std::exception_ptr> failed(static_cast<std::size_t>(threads));
  const double start = WallMicros();
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      try {
        work(t);
      } catch (...) {
        failed[static_cast<std::size_t>(t)] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  const double passed = WallMicros() - start;
  for (const std::exception_ptr& failure : failed) {
    if (failure) std::rethrow_exception(failure);
  }
  return passed;
}

constexpr std::size_t kStart = 6;     // of Steps(): StartPaymentPaymentHandler
constexpr std::size_t kContinue = 8;  // ContinueProcess with the PReq

// Purchases per second of the payment handler with `threads` threads that make `each` purchases.
double HandlerRate(Shop& shop, int threads, int each, int& number) {
  std::vector<std::vector<Purchase>> purchases(static_cast<std::size_t>(threads));
  for (auto& mine : purchases) {
    for (int i = 0; i < each; ++i) {
      mine.push_back(shop.NewPurchase("t" + std::to_string(++number)));
      for (std::size_t s = 0; s < kStart; ++s) Run(Steps()[s], mine.back());
    }
  }
  const auto all = [&](std::size_t step) {
    return Together(threads, [&](int t) {
      for (Purchase& purchase : purchases[static_cast<std::size_t>(t)]) {
        Run(Steps()[step], purchase);
      }
    });
  };
  double passed = all(kStart);
  for (auto& mine : purchases) {
    for (Purchase& purchase : mine) Run(Steps()[kStart + 1], purchase);
  }
  passed += all(kContinue);
  return threads * each * 1e6 / passed;
}

// Private-key operations of a purchase in the payment handler and, while it waits, in the gateway.
constexpr int kOwnOperations = 4;
constexpr int kGatewayOperations = 3;

// A thread at the other end of a socket that does the gateway's operations for each octet it gets.
class Other {
 public:
  Other() {
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends_) != 0) throw std::runtime_error("no socket pair");
    thread_ = std::thread([this] {
      char octet = 0;
      while (read(ends_[1], &octet, 1) == 1) {
        for (int i = 0; i < kGatewayOperations; ++i) crypto_.Sign();
        if (write(ends_[1], &octet, 1) != 1) return;
      }
    });
  }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;
  ~Other() {
    shutdown(ends_[0], SHUT_RDWR);
    thread_.join();
    for (const int end : ends_) close(end);
  }

  void Ask() {
    char octet = 0;
    if (write(ends_[0], &octet, 1) != 1 || read(ends_[0], &octet, 1) != 1) {
      throw std::runtime_error("the other thread is gone");
    }
  }

 private:
  Crypto crypto_{kKeyBits};
  int ends_[2] = {};
  std::thread thread_;
};

// Purchases per second of which nothing is left but RSA.
double RsaRate(int threads, int each) {
  struct Worker {
    Crypto crypto{kKeyBits};
    Other other;
  };
  std::vector<std::unique_ptr<Worker>> workers;
  for (int t = 0; t < threads; ++t) workers.push_back(std::make_unique<Worker>());
  return threads * each * 1e6 / Together(threads, [&](int t) {
           Worker& worker = *workers[static_cast<std::size_t>(t)];
           for (int i = 0; i < each; ++i) {
             for (int n = 0; n < kOwnOperations; ++n) worker.crypto.Sign();
             worker.other.Ask();
           }
         });
}

}  // namespace

std::vector<Row> TwoThreads(Extent extent) {
  Shop shop(kKeyBits);
  const int rounds = extent == Extent::kSmoke ? 1 : extent == Extent::kUsual ? 8 : 20;
  const int each = extent == Extent::kSmoke ? 2 : 60;
  int number = 0;
  HandlerRate(shop, 2, 2, number);
  std::vector<double> one, two, bare_one, bare_two;
  for (int round = 0; round < rounds; ++round) {
    one.push_back(HandlerRate(shop, 1, each, number));
    two.push_back(HandlerRate(shop, 2, each, number));
    bare_one.push_back(RsaRate(1, each * 3));
    bare_two.push_back(RsaRate(2, each * 3));
  }
  const auto best = [](const std::vector<double>& rates) {
    return *std::max_element(rates.begin(), rates.end());
  };
  const double scaling = best(two) / best(one);
  const double bare = best(bare_two) / best(bare_one);
  const double ratio = scaling / bare;
  return {{fmt::format("payment handler, RSA-{}, 1 thread", kKeyBits),
           fmt::format("{:.0f} /s", best(one)),
           "",
           {},
           "",
           {}},
          {fmt::format("payment handler, RSA-{}, 2 threads", kKeyBits),
           fmt::format("{:.0f} /s", best(two)),
           "",
           {},
           "",
           {}},
          {"  scaling, against bare RSA", fmt::format("x {:.2f}", scaling),
           fmt::format("x {:.2f}", bare), ratio, ">= 0.9", ratio >= kLeastRatio}};
}

}  // namespace bench
