#include "end_to_end/virtual_time.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace storm {

std::int64_t VirtualTime::NowMs() {
  const std::lock_guard lock(mutex_);
  return now_;
}

int VirtualTime::threads() {
  const std::lock_guard lock(mutex_);
  return threads_;
}

void VirtualTime::AwaitTurn(std::unique_lock<std::mutex>& lock, Waiters::iterator self) {
  self->go.wait(lock, [&] { return self->runs; });
  waiters_.erase(self);
}

// Gives up the turn and waits for the next one.
void VirtualTime::Park(std::int64_t until, std::function<bool()> ready) {
  std::unique_lock lock(mutex_);
  const auto self = waiters_.emplace(waiters_.end());
  self->until = until;
  self->ready = std::move(ready);
  --running_;
  all_wait_.notify_one();
  AwaitTurn(lock, self);
}

VirtualTime::Waiter* VirtualTime::NextReady() {
  for (Waiter& waiter : waiters_) {
    if (waiter.until <= now_ || (waiter.ready && waiter.ready())) return &waiter;
  }
  return nullptr;
}

void VirtualTime::Conduct() {
  constexpr int kMaxTurns = 100000;
  int turns = 0;  // since the clock has moved
  std::unique_lock lock(mutex_);
  while (true) {
    all_wait_.wait(lock, [&] { return running_ == 0; });
    if (threads_ == 0) return;
    lock.unlock();
    const std::int64_t next_outside = outside_.step(now_);
    lock.lock();
    if (Waiter* next = NextReady(); next != nullptr) {
      if (++turns > kMaxTurns) {
        std::fprintf(stderr, "time stands still at %lld ms: somebody polls without end\n",
                     static_cast<long long>(now_));
        std::abort();
      }
      next->runs = true;
      ++running_;
      next->go.notify_one();
      continue;
    }
    std::int64_t next = next_outside;
    for (const Waiter& waiter : waiters_) next = std::min(next, waiter.until);
    if (next == kNever) {
      // Only a thread that is not ours, which closes a wallet, can move anything now.
      all_wait_.wait_for(lock, std::chrono::milliseconds(1));
    } else {
      if (next > now_) turns = 0;
      now_ = std::max(now_, next);
    }
  }
}

void VirtualTime::SleepUntil(std::int64_t at) { Park(at, {}); }

void VirtualTime::Poll(std::span<pollfd> descriptors, int timeout_ms) {
  const std::int64_t until = timeout_ms < 0 ? kNever : NowMs() + timeout_ms;
  Park(until, [descriptors] { return poll(descriptors.data(), descriptors.size(), 0) > 0; });
  poll(descriptors.data(), descriptors.size(), 0);
}

bool VirtualTime::Await(std::condition_variable& /*changed*/, std::unique_lock<std::mutex>& lock,
                        std::int64_t until_ms, const std::function<bool()>& done) {
  if (done()) return true;
  lock.unlock();
  Park(until_ms, done);
  lock.lock();
  return done();
}

// The new thread stands in the row before it exists, so that the row does not depend on the system.
std::thread VirtualTime::StartThread(std::function<void()> body) {
  const std::lock_guard lock(mutex_);
  const auto self = waiters_.emplace(waiters_.end());
  self->until = 0;
  ++threads_;
  return std::thread([this, self, body = std::move(body)] {
    {
      std::unique_lock turn(mutex_);
      AwaitTurn(turn, self);
    }
    body();
    const std::lock_guard ended(mutex_);
    --threads_;
    --running_;
    all_wait_.notify_one();
  });
}

tl::expected<std::vector<bridge::SocketAddress>, std::string> VirtualTime::Resolve(
    const std::string& host) {
  return outside_.resolve(host);
}

tl::expected<bridge::FileDescriptor, std::string> VirtualTime::BeginConnect(
    const bridge::SocketAddress& address) {
  return outside_.connect(address);
}

}  // namespace storm
