// How often a wrong passphrase may be tried (interfaces.md 3): four in a row cost nothing, from the
// fifth on each one closes the wallet to passphrases, for 1 s, 2 s, 4 s … up to 300 s.
#ifndef BRIDGE_WALLET_PASSPHRASE_GUARD_H_
#define BRIDGE_WALLET_PASSPHRASE_GUARD_H_

#include <cstdint>

namespace bridge {

inline constexpr std::int64_t kFreeFailures = 5;  // the fifth starts the first wait
inline constexpr std::uint32_t kLongestWaitS = 300;

// WaitAfter gives the seconds that `failures` wrong passphrases in a row cost.
std::uint32_t WaitAfter(std::int64_t failures);

// RemainingWait gives the whole seconds until the next passphrase is looked at, 0 for at once.
// Times in ms; a clock that was set back behind the last failure counts as no time passed.
std::uint32_t RemainingWait(std::int64_t failures, std::int64_t last_ms, std::int64_t now_ms);

}  // namespace bridge

#endif  // BRIDGE_WALLET_PASSPHRASE_GUARD_H_
