// TurnSystem: the System of one open wallet whose link never runs beside its caller.  The link's
// thread has its turn only while a call waits for it, virtual time passes only while both wait, and
// random octets come from a seed: the same calls take the same course.  A wallet has one gateway
// with a numeric address, hence one thread.  A broken rule ends the process.
#ifndef TESTS_FUZZ_CALL_SEQUENCE_TURN_SYSTEM_H_
#define TESTS_FUZZ_CALL_SEQUENCE_TURN_SYSTEM_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "bridge/acquirer/system.h"

namespace call_sequence {

// Dice gives the same octets after each Reset.
class Dice final : public setcore::Random {
 public:
  void Reset() { state_ = kSeed; }
  void Fill(std::span<std::uint8_t> out) override;

 private:
  static constexpr std::uint64_t kSeed = 20260115;
  std::uint64_t state_ = kSeed;
};

// What the link talks to.  It runs while the link's thread waits, or in that thread.
class Outside {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  virtual tl::expected<bridge::FileDescriptor, std::string> Connect() = 0;
  // Does what is due; gives the next moment at which there is something to do.
  virtual std::int64_t Step(std::int64_t now_ms) = 0;

 protected:
  ~Outside() = default;
};

class TurnSystem final : public bridge::System {
 public:
  TurnSystem(Outside& outside, Dice& dice) : outside_(outside), dice_(dice) {}
  TurnSystem(const TurnSystem&) = delete;
  TurnSystem& operator=(const TurnSystem&) = delete;

  // To be called before the wallet is closed: from then on the link's thread, for which the caller
  // waits, keeps the time itself.
  void BeginClosing();

  std::int64_t NowMs() override { return now_; }
  void Poll(std::span<pollfd> descriptors, int timeout_ms) override;
  bool Await(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
             std::int64_t until_ms, const std::function<bool()>& done) override;
  std::thread StartThread(std::function<void()> body) override;
  tl::expected<std::vector<bridge::SocketAddress>, std::string> Resolve(
      const std::string& host) override;
  setcore::Random& random() override { return dice_; }
  tl::expected<bridge::FileDescriptor, std::string> BeginConnect(
      const bridge::SocketAddress& address) override;

 private:
  // Lets everything happen until `done`, or until `until_ms`.
  void Conduct(std::int64_t until_ms, const std::function<bool()>& done);
  bool ThreadIsReady();
  void GiveTurn();
  void ConductItself(std::span<pollfd> descriptors, std::int64_t until_ms);

  Outside& outside_;
  Dice& dice_;
  std::atomic<std::int64_t> now_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  // All of these with mutex_ held.
  bool lives_ = false;
  bool has_turn_ = false;
  bool closing_ = false;
  bool told_ = false;  // the thread has seen that the wallet closes
  std::span<pollfd> descriptors_;
  std::int64_t until_ms_ = 0;
};

}  // namespace call_sequence

#endif  // TESTS_FUZZ_CALL_SEQUENCE_TURN_SYSTEM_H_
