// What the whole process shares and nobody ever releases: Xerces with the locked grammar pool, the
// private OpenSSL context, ICU's data.  Releasing any of it would pull it from under the host or
// from under threads that have used it; deinit gives back wallets only.
#ifndef BRIDGE_RUNTIME_H_
#define BRIDGE_RUNTIME_H_

#include <string>
#include <tl/expected.hpp>

namespace bridge {

// BuildRuntime makes the shared parts, the first time it succeeds; later calls cost a lock.  Any
// thread.  The error names the part that could not be made.
tl::expected<void, std::string> BuildRuntime();

}  // namespace bridge

#endif  // BRIDGE_RUNTIME_H_
