// Where the search for payments that have been kept long enough stands, for one open wallet
// (keep_days).  A few rows at a time, so that no call waits for it.  Any thread.
#ifndef BRIDGE_CALLS_KEPT_PAYMENTS_H_
#define BRIDGE_CALLS_KEPT_PAYMENTS_H_

#include <cstdint>
#include <mutex>
#include <optional>

namespace bridge {

class KeptPayments {
 public:
  static constexpr std::int64_t kPauseMs = 3600000;  // between two walks over the ledger

  // Begin gives the row behind which to look on, or nothing: not due, or another thread is looking.
  std::optional<std::int64_t> Begin(std::int64_t now_ms) {
    const std::lock_guard lock(mutex_);
    // A clock that was set back ends the pause.
    const bool paused = now_ms >= paused_ms_ && now_ms - paused_ms_ < kPauseMs;
    if (looking_ || (walked_ && paused)) return std::nullopt;
    looking_ = true;
    return after_;
  }

  // End says how far it was looked; `last`: the ledger ends there.
  void End(std::int64_t after, bool last, std::int64_t now_ms) {
    const std::lock_guard lock(mutex_);
    looking_ = false;
    walked_ = last;
    after_ = last ? 0 : after;
    paused_ms_ = now_ms;
  }

 private:
  std::mutex mutex_;
  bool looking_ = false;
  bool walked_ = false;
  std::int64_t after_ = 0;
  std::int64_t paused_ms_ = 0;
};

}  // namespace bridge

#endif  // BRIDGE_CALLS_KEPT_PAYMENTS_H_
