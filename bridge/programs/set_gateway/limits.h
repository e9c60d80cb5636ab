// What senders whom nobody has verified can make set-gateway keep.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_LIMITS_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "setcore/environment.h"

namespace bridge::gateway {

// An Error is kept at least 30 days and as long as the date of its request lets it be processed
// (set-processing.md, 2.3); a request dated further ahead than that gets no Error.
inline constexpr setcore::Time kErrorAhead_s = 30 * 86400;
inline constexpr setcore::Time kErrorKept_s = 2 * kErrorAhead_s;
inline constexpr std::int64_t kMaxErrors = 16384;

// Diagnostic messages that wait to be journaled.
inline constexpr std::size_t kMaxDiagnosticJobs = 16;
inline constexpr std::size_t kMaxDiagnosticJobOctets = 4U << 20U;
// Those in the journal, where the oldest make room.
inline constexpr std::int64_t kMaxDiagnostics = 1000;
inline constexpr std::int64_t kMaxDiagnosticOctets = 64 << 20;

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_LIMITS_H_
