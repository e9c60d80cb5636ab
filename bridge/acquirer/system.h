// What an open wallet takes from the world around it: random octets, and for its links to acquirers
// steady time, waiting, threads, names and TCP connections.  OperatingSystem() is the real one;
// tests bring another, whose clock jumps where this one waits.
#ifndef BRIDGE_ACQUIRER_SYSTEM_H_
#define BRIDGE_ACQUIRER_SYSTEM_H_

#include <poll.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <tl/expected.hpp>
#include <vector>

#include "bridge/acquirer/socket.h"
#include "setcore/environment.h"

namespace bridge {

// System may be used from any thread.
class System {
 public:
  // Milliseconds of a clock that never goes back.
  virtual std::int64_t NowMs() = 0;
  // Waits until a descriptor is ready, at most `timeout_ms`; -1: for ever.
  virtual void Poll(std::span<pollfd> descriptors, int timeout_ms) = 0;
  // Waits, with `lock` released, until `done` or until NowMs() reaches `until_ms`; gives what
  // `done` says then.  Whoever changes what `done` asks for notifies `changed`.
  virtual bool Await(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
                     std::int64_t until_ms, const std::function<bool()>& done) = 0;
  // The thread blocks all signals.  Throws std::system_error if the system has no thread left.
  virtual std::thread StartThread(std::function<void()> body) = 0;
  // The addresses of a host, at least one, or why there is none.  Blocks; only in a thread that
  // StartThread has started.
  virtual tl::expected<std::vector<SocketAddress>, std::string> Resolve(
      const std::string& host) = 0;
  // Octets that nobody can guess: those of SET messages, and the dice that spread retries.
  virtual setcore::Random& random() = 0;
  // Begins to connect; the socket becomes writable when that has ended.
  virtual tl::expected<FileDescriptor, std::string> BeginConnect(const SocketAddress& address) = 0;

 protected:
  System() = default;
  System(const System&) = default;
  System& operator=(const System&) = default;
  ~System() = default;
};

System& OperatingSystem();

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_SYSTEM_H_
