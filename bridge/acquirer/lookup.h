// The search for the addresses of a name, in a thread of its own, because it blocks.  It fails by
// text for people.
#ifndef BRIDGE_ACQUIRER_LOOKUP_H_
#define BRIDGE_ACQUIRER_LOOKUP_H_

#include <atomic>
#include <string>
#include <thread>
#include <tl/expected.hpp>
#include <vector>

#include "bridge/acquirer/socket.h"
#include "bridge/acquirer/system.h"

namespace bridge {

class Lookup {
 public:
  // Starts the thread; when it is ready it adds 1 to the eventfd `wake`, which outlives this
  // object.  Throws std::system_error if the system has no thread left.
  Lookup(System& system, std::string host, int wake);
  // Waits for the thread, as long as System::Resolve takes.
  ~Lookup();
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  bool ready() const { return ready_.load(std::memory_order_acquire); }
  // Only when ready.
  const tl::expected<std::vector<SocketAddress>, std::string>& result() const { return result_; }

 private:
  tl::expected<std::vector<SocketAddress>, std::string> result_;
  std::atomic<bool> ready_ = false;
  std::thread thread_;  // last: it writes the others
};

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_LOOKUP_H_
