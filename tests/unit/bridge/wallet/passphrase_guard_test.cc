#include "bridge/wallet/passphrase_guard.h"

#include <gtest/gtest.h>

#include <limits>

namespace bridge {
namespace {

TEST(PassphraseGuard, WaitsDoubleFromOneTo300SecondsAfterFiveFailures) {
  const std::uint32_t waits[] = {0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
  for (std::int64_t failures = 0; failures < 16; ++failures) {
    EXPECT_EQ(WaitAfter(failures), waits[failures]) << failures;
  }
  EXPECT_EQ(WaitAfter(std::numeric_limits<std::int64_t>::max()), 300U);
}

TEST(PassphraseGuard, TheRestOfAWaitIsRoundedUpToSeconds) {
  constexpr std::int64_t kLast = 1768478400000;
  EXPECT_EQ(RemainingWait(4, kLast, kLast), 0U);
  EXPECT_EQ(RemainingWait(7, kLast, kLast), 4U);
  EXPECT_EQ(RemainingWait(7, kLast, kLast + 1), 4U);
  EXPECT_EQ(RemainingWait(7, kLast, kLast + 1000), 3U);
  EXPECT_EQ(RemainingWait(7, kLast, kLast + 3999), 1U);
  EXPECT_EQ(RemainingWait(7, kLast, kLast + 4000), 0U);
  EXPECT_EQ(RemainingWait(7, kLast, kLast + 4001), 0U);
}

TEST(PassphraseGuard, AClockSetBackNeverWaitsLongerThanTheWait) {
  EXPECT_EQ(RemainingWait(7, 1768478400000, 0), 4U);
}

}  // namespace
}  // namespace bridge
