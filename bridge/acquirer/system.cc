#include "bridge/acquirer/system.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <resolv.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include "setcore/crypto/random.h"

namespace bridge {
namespace {

using SteadyClock = std::chrono::steady_clock;

// What one name server may take.  The resolver of libc keeps this for each thread; with its own
// numbers a dead name server would hold up the close of a wallet for half a minute.
constexpr int kNameServerS = 2;
constexpr int kNameServerAttempts = 1;

class RealSystem final : public System {
 public:
  std::int64_t NowMs() override {
    const auto now = SteadyClock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }

  void Poll(std::span<pollfd> descriptors, int timeout_ms) override {
    poll(descriptors.data(), descriptors.size(), timeout_ms);
  }

  bool Await(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
             std::int64_t until_ms, const std::function<bool()>& done) override {
    const SteadyClock::time_point until{std::chrono::milliseconds(until_ms)};
    return changed.wait_until(lock, until, done);
  }

  std::thread StartThread(std::function<void()> body) override {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct Restore {
      const sigset_t& mask;
      ~Restore() { pthread_sigmask(SIG_SETMASK, &mask, nullptr); }
    } const restore{before};
    return std::thread(std::move(body));
  }

  tl::expected<std::vector<SocketAddress>, std::string> Resolve(const std::string& host) override {
    if (res_init() == 0) {
      _res.retrans = kNameServerS;
      _res.retry = kNameServerAttempts;
    }
    return Addresses(host, AI_ADDRCONFIG);
  }

  setcore::Random& random() override { return random_; }

  tl::expected<FileDescriptor, std::string> BeginConnect(const SocketAddress& address) override {
    FileDescriptor fd(
        socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return tl::unexpected(ErrorText(errno));
    const int on = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(fd.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    const auto* name = reinterpret_cast<const sockaddr*>(&address.storage);
    if (connect(fd.get(), name, address.length) != 0 && errno != EINPROGRESS) {
      return tl::unexpected(ErrorText(errno));
    }
    return fd;
  }

 private:
  setcore::SystemRandom random_;
};

}  // namespace

System& OperatingSystem() {
  static RealSystem& system = *new RealSystem;
  return system;
}

}  // namespace bridge
