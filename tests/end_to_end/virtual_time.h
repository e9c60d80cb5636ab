// VirtualTime: the System of a link whose clock jumps to the next moment at which something happens
// as soon as every thread waits, and where one thread at a time runs: a play with the same seeds
// takes the same course, and an hour passes as fast as its work is done.
#ifndef TESTS_END_TO_END_VIRTUAL_TIME_H_
#define TESTS_END_TO_END_VIRTUAL_TIME_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "bridge/acquirer/system.h"

namespace storm {

class VirtualTime final : public bridge::System {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  // What lies outside of the threads.  It runs while all of them wait.
  struct Outside {
    std::function<tl::expected<bridge::FileDescriptor, std::string>(const bridge::SocketAddress&)>
        connect;
    std::function<tl::expected<std::vector<bridge::SocketAddress>, std::string>(const std::string&)>
        resolve;
    // Does what is due at `now`; gives the next moment at which there is something to do.
    std::function<std::int64_t(std::int64_t now)> step;
  };

  explicit VirtualTime(std::uint32_t seed) : random_(seed) {}
  VirtualTime(const VirtualTime&) = delete;
  VirtualTime& operator=(const VirtualTime&) = delete;

  void SetOutside(Outside outside) { outside_ = std::move(outside); }

  // Lets the threads run in turn until all that StartThread has started have ended.
  void Conduct();
  // For a thread of StartThread: waits until `at`.
  void SleepUntil(std::int64_t at);
  // Threads that have not ended.
  int threads();

  std::int64_t NowMs() override;
  void Poll(std::span<pollfd> descriptors, int timeout_ms) override;
  bool Await(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
             std::int64_t until_ms, const std::function<bool()>& done) override;
  std::thread StartThread(std::function<void()> body) override;
  tl::expected<std::vector<bridge::SocketAddress>, std::string> Resolve(
      const std::string& host) override;
  setcore::Random& random() override { return random_; }
  tl::expected<bridge::FileDescriptor, std::string> BeginConnect(
      const bridge::SocketAddress& address) override;

 private:
  struct Waiter {
    std::int64_t until = kNever;
    std::function<bool()> ready;
    bool runs = false;
    std::condition_variable go;
  };

  using Waiters = std::list<Waiter>;

  class Dice final : public setcore::Random {
   public:
    explicit Dice(std::uint32_t seed) : engine_(seed) {}
    void Fill(std::span<std::uint8_t> out) override {
      for (std::uint8_t& octet : out) octet = static_cast<std::uint8_t>(engine_());
    }

   private:
    std::mt19937 engine_;
  };

  // Waits for the turn of `self`, with mutex_ held.
  void AwaitTurn(std::unique_lock<std::mutex>& lock, Waiters::iterator self);
  void Park(std::int64_t until, std::function<bool()> ready);
  Waiter* NextReady();

  Dice random_;
  Outside outside_;
  std::mutex mutex_;
  std::condition_variable all_wait_;
  std::int64_t now_ = 0;
  int threads_ = 0;
  int running_ = 0;
  Waiters waiters_;  // in the order in which they began to wait
};

}  // namespace storm

#endif  // TESTS_END_TO_END_VIRTUAL_TIME_H_
