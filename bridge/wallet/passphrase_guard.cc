#include "bridge/wallet/passphrase_guard.h"

#include <algorithm>

namespace bridge {

std::uint32_t WaitAfter(std::int64_t failures) {
  if (failures < kFreeFailures) return 0;
  constexpr std::int64_t kMostDoublings = 9;  // 2^9 is above the longest wait
  const std::int64_t doublings = std::min(failures - kFreeFailures, kMostDoublings);
  return std::min(kLongestWaitS, std::uint32_t{1} << doublings);
}

std::uint32_t RemainingWait(std::int64_t failures, std::int64_t last_ms, std::int64_t now_ms) {
  const std::int64_t wait_ms = std::int64_t{WaitAfter(failures)} * 1000;
  const std::int64_t passed_ms = now_ms > last_ms ? now_ms - last_ms : 0;
  if (passed_ms >= wait_ms) return 0;
  return static_cast<std::uint32_t>((wait_ms - passed_ms + 999) / 1000);
}

}  // namespace bridge
