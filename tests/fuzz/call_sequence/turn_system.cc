#include "fuzz/call_sequence/turn_system.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "fuzz/target.h"

namespace call_sequence {

// splitmix64.
void Dice::Fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& octet : out) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    octet = static_cast<std::uint8_t>(mixed >> 56);
  }
}

void TurnSystem::BeginClosing() {
  Conduct(now_, [] { return false; });
  const std::lock_guard lock(mutex_);
  closing_ = true;
  changed_.notify_all();
}

bool TurnSystem::ThreadIsReady() {
  const std::lock_guard lock(mutex_);
  if (!lives_) return false;
  return until_ms_ <= now_ || poll(descriptors_.data(), descriptors_.size(), 0) > 0;
}

void TurnSystem::GiveTurn() {
  std::unique_lock lock(mutex_);
  has_turn_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !has_turn_; });
}

void TurnSystem::Conduct(std::int64_t until_ms, const std::function<bool()>& done) {
  constexpr int kMaxTurns = 100000;
  int turns = 0;  // since the clock has moved
  while (true) {
    fuzz::Require(++turns < kMaxTurns, "time goes on");
    const std::int64_t next_outside = outside_.Step(now_);
    if (ThreadIsReady()) {
      GiveTurn();
      continue;
    }
    if (done() || now_ >= until_ms) return;
    std::int64_t next = std::min(until_ms, next_outside);
    {
      const std::lock_guard lock(mutex_);
      if (lives_) next = std::min(next, until_ms_);
    }
    if (next > now_) {
      turns = 0;
      now_ = next;
    }
  }
}

void TurnSystem::ConductItself(std::span<pollfd> descriptors, std::int64_t until_ms) {
  if (!std::exchange(told_, true)) {  // the word comes by a descriptor
    poll(descriptors.data(), descriptors.size(), -1);
    return;
  }
  while (poll(descriptors.data(), descriptors.size(), 0) == 0) {
    const std::int64_t next = std::min(until_ms, outside_.Step(now_));
    if (poll(descriptors.data(), descriptors.size(), 0) > 0 || now_ >= until_ms) return;
    now_ = std::max<std::int64_t>(now_, next);
  }
}

void TurnSystem::Poll(std::span<pollfd> descriptors, int timeout_ms) {
  const std::int64_t until_ms = timeout_ms < 0 ? Outside::kNever : now_ + timeout_ms;
  {
    std::unique_lock lock(mutex_);
    descriptors_ = descriptors;
    until_ms_ = until_ms;
    has_turn_ = false;
    changed_.notify_all();
    changed_.wait(lock, [this] { return has_turn_ || closing_; });
    if (!closing_) {
      poll(descriptors.data(), descriptors.size(), 0);
      return;
    }
  }
  ConductItself(descriptors, until_ms);
}

bool TurnSystem::Await(std::condition_variable& /*changed*/, std::unique_lock<std::mutex>& lock,
                       std::int64_t until_ms, const std::function<bool()>& done) {
  if (done()) return true;
  lock.unlock();
  Conduct(until_ms, done);
  lock.lock();
  return done();
}

std::thread TurnSystem::StartThread(std::function<void()> body) {
  const std::lock_guard lock(mutex_);
  fuzz::Require(!lives_, "a wallet's link has one thread");
  lives_ = true;
  until_ms_ = 0;
  return std::thread([this, body = std::move(body)] {
    {
      std::unique_lock turn(mutex_);
      changed_.wait(turn, [this] { return has_turn_ || closing_; });
    }
    body();
    const std::lock_guard ended(mutex_);
    lives_ = false;
    has_turn_ = false;
    changed_.notify_all();
  });
}

tl::expected<std::vector<bridge::SocketAddress>, std::string> TurnSystem::Resolve(
    const std::string& /*host*/) {
  return tl::unexpected(std::string("there are no names here"));
}

tl::expected<bridge::FileDescriptor, std::string> TurnSystem::BeginConnect(
    const bridge::SocketAddress& /*address*/) {
  return outside_.Connect();
}

}  // namespace call_sequence
