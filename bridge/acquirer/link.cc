#include "bridge/acquirer/link.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "bridge/acquirer/exchange_pool.h"
#include "bridge/acquirer/lookup.h"
#include "bridge/acquirer/socket.h"
#include "bridge/texts/texts.h"
#include "setcore/transport/diagnostic.h"

namespace bridge {
namespace {

using ConnectionId = ExchangePool::ConnectionId;

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kLastWordMs = 1000;         // for a peer that does not read our last word
constexpr std::size_t kMaxDiagnosticsQueued = 16;  // more are dropped and logged
constexpr std::size_t kReadSize = 16384;

// One TCP connection: on its way to an address, or there.
struct Wire {
  ConnectionId connection = 0;  // 0: carries a diagnostic message
  std::uint16_t port = 0;
  bool resolving = false;  // waits for the lookup
  std::vector<SocketAddress> addresses;
  std::size_t next_address = 0;
  FileDescriptor socket;
  bool connecting = true;
  bool half_closed = false;
  std::int64_t deadline = 0;     // while connecting; of the linger for our last word
  std::vector<Detail> failures;  // of the addresses so far
  std::string out;
};

Detail NetworkFailed(int error) {
  return {DetailText::kNetworkFailed, {{"cause", ErrorText(error)}}};
}

}  // namespace

class Link::Driver {
 public:
  Driver(GatewayAddress address, Host host, System& system)
      : address_(std::move(address)),
        host_(host),
        system_(system),
        pool_(address_, system.random()) {}

  ~Driver() { Stop(); }

  tl::expected<setcore::Octets, TransportFailure> Exchange(setcore::OctetView message,
                                                           std::int64_t wait_ms);
  void Diagnose(setcore::OctetView error);
  const GatewayAddress& address() const { return address_; }

 private:
  // All of these run with mutex_ held.
  std::string Start();
  Detail NoThread(std::string_view why) const;
  void Wake();
  void Settle(std::int64_t now);
  // False if there was nothing to open.
  bool OpenWanted(std::int64_t now);
  void Open(Wire wire, std::int64_t now);
  void Resolve(Wire& wire, std::int64_t now);
  void TakeLookup(std::int64_t now);
  void NextAddress(Wire& wire, std::int64_t now);
  void AddressFailed(Wire& wire, Detail why, std::int64_t now);
  void ConnectEnded(Wire& wire, std::int64_t now);
  void GiveUp(Wire& wire, const Detail& why, std::int64_t now);
  // False if there was nothing to read, or if the wire is lost now.
  bool Read(Wire& wire, std::int64_t now);
  void Write(Wire& wire, std::int64_t now);
  void Lost(Wire& wire, Detail why, std::int64_t now);
  void Serve(Wire& wire, short events, std::int64_t now);
  void DropFinished(std::int64_t now);
  int PollTimeout(std::int64_t now) const;

  void Stop();
  void Run();
  void FlushLog(std::unique_lock<std::mutex>& lock);

  const GatewayAddress address_;
  const Host host_;
  System& system_;
  std::mutex mutex_;
  std::condition_variable finished_;
  ExchangePool pool_;
  std::deque<std::string> diagnostics_;
  std::deque<Wire> wires_;
  std::unique_ptr<Lookup> lookup_;  // one at a time, for all wires
  std::vector<ExchangePool::LogLine> log_;
  std::thread thread_;
  pid_t owner_ = 0;
  FileDescriptor wake_;
  bool stopping_ = false;
  std::int64_t stop_deadline_ = 0;
};

std::string Link::Driver::Start() {
  if (thread_.joinable()) return {};
  wake_ = FileDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_) return ErrorText(errno);
  try {
    thread_ = system_.StartThread([this] { Run(); });
  } catch (const std::system_error& error) {
    return error.what();
  }
  owner_ = getpid();
  return {};
}

Detail Link::Driver::NoThread(std::string_view why) const {
  return {DetailText::kNoThread, {{"gateway", address_.name}, {"cause", why}}};
}

void Link::Driver::Wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof(one));
}

void Link::Driver::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) return;
    if (owner_ != getpid()) {  // a fork has the object, but not its threads
      thread_.detach();
      static_cast<void>(lookup_.release());
      return;
    }
    stopping_ = true;
    stop_deadline_ = system_.NowMs() + kCloseWaitMs;
    pool_.CloseAll(system_.NowMs());
    finished_.notify_all();
    Wake();
  }
  thread_.join();
}

tl::expected<setcore::Octets, TransportFailure> Link::Driver::Exchange(setcore::OctetView message,
                                                                       std::int64_t wait_ms) {
  const std::int64_t until = system_.NowMs() + wait_ms;
  std::unique_lock lock(mutex_);
  if (const std::string why = Start(); !why.empty()) {
    return tl::unexpected(TransportFailure{NoThread(why)});
  }
  const ExchangePool::ExchangeId id = pool_.Enter(message, system_.NowMs());
  Wake();
  const auto there = [&] { return pool_.Find(id) != nullptr; };
  const bool done = wait_ms > 0 ? system_.Await(finished_, lock, until, there) : there();
  tl::expected<setcore::Octets, TransportFailure> answer =
      done ? *pool_.Find(id) : tl::unexpected(pool_.Progress(id));
  pool_.Leave(id);
  return answer;
}

void Link::Driver::Diagnose(setcore::OctetView error) {
  if (address_.diagnostic_port == 0) return;
  const std::lock_guard lock(mutex_);
  if (!Start().empty()) return;
  if (diagnostics_.size() >= kMaxDiagnosticsQueued) {
    log_.push_back({LogLevel::kWarning, "diagnostic message dropped: too many are waiting"});
  } else {
    diagnostics_.push_back(setcore::transport::DiagnosticOctets(error));
  }
  Wake();
}

void Link::Driver::Run() {
  std::unique_lock lock(mutex_);
  std::vector<pollfd> polled;
  while (true) {
    std::int64_t now = system_.NowMs();
    Settle(now);
    if (pool_.TakeFinished()) finished_.notify_all();
    FlushLog(lock);
    if (stopping_ && (!pool_.has_connections() || now >= stop_deadline_)) break;
    polled.assign(1, {wake_.get(), POLLIN, 0});
    for (const Wire& wire : wires_) {
      const bool writes = wire.connecting || !wire.out.empty();
      const int events = writes ? POLLIN | POLLOUT : POLLIN;
      polled.push_back({wire.socket.get(), static_cast<short>(events), 0});
    }
    const int timeout = PollTimeout(now);
    lock.unlock();
    system_.Poll(polled, timeout);
    lock.lock();
    now = system_.NowMs();
    std::uint64_t count = 0;
    if (polled[0].revents != 0) {
      [[maybe_unused]] const auto got = read(wake_.get(), &count, sizeof(count));
    }
    TakeLookup(now);
    // Only this thread changes the list of wires, and not between poll and here.
    for (std::size_t i = 0; i < wires_.size(); ++i) Serve(wires_[i], polled[i + 1].revents, now);
  }
  wires_.clear();
  lock.unlock();
  lookup_.reset();
}

// Does all that can be done without waiting.
void Link::Driver::Settle(std::int64_t now) {
  pool_.Tick(now);
  for (Wire& wire : wires_) {
    if (stopping_ && wire.connecting) {
      GiveUp(wire, DetailText::kWalletClosing, now);
    }
    Write(wire, now);
  }
  DropFinished(now);
  while (OpenWanted(now)) {
  }
  DropFinished(now);
}

void Link::Driver::FlushLog(std::unique_lock<std::mutex>& lock) {
  std::vector<ExchangePool::LogLine> lines = pool_.TakeLog();
  lines.insert(lines.end(), std::make_move_iterator(log_.begin()),
               std::make_move_iterator(log_.end()));
  log_.clear();
  if (lines.empty()) return;
  lock.unlock();
  for (const ExchangePool::LogLine& line : lines) host_.Log(line.level, line.text);
  lock.lock();
}

int Link::Driver::PollTimeout(std::int64_t now) const {
  std::optional<std::int64_t> first = pool_.deadline();
  const auto take = [&first](std::int64_t at) { first = first ? std::min(*first, at) : at; };
  for (const Wire& wire : wires_) {
    if (wire.deadline != 0) take(wire.deadline);
  }
  if (stopping_) take(stop_deadline_);
  if (!first) return -1;
  constexpr std::int64_t kLongest = 3600000;
  return static_cast<int>(std::clamp<std::int64_t>(*first - now, 0, kLongest));
}

bool Link::Driver::OpenWanted(std::int64_t now) {
  const std::vector<ConnectionId> wanted = pool_.TakeWanted();
  const bool any = !wanted.empty() || !diagnostics_.empty();
  for (const ConnectionId id : wanted) {
    Wire wire;
    wire.connection = id;
    wire.port = address_.port;
    Open(std::move(wire), now);
  }
  while (!diagnostics_.empty()) {
    Wire wire;
    wire.port = address_.diagnostic_port;
    wire.out = std::move(diagnostics_.front());
    diagnostics_.pop_front();
    Open(std::move(wire), now);
  }
  return any;
}

void Link::Driver::Open(Wire wire, std::int64_t now) {
  wires_.push_back(std::move(wire));
  Wire& added = wires_.back();
  added.addresses = NumericAddresses(address_.host);
  if (added.addresses.empty()) return Resolve(added, now);
  NextAddress(added, now);
}

void Link::Driver::Resolve(Wire& wire, std::int64_t now) {
  wire.resolving = true;
  wire.deadline = now + kResolveMs;
  if (lookup_ != nullptr) return;
  try {
    lookup_ = std::make_unique<Lookup>(system_, address_.host, wake_.get());
  } catch (const std::system_error& error) {
    GiveUp(wire, NoThread(error.what()), now);
  }
}

void Link::Driver::TakeLookup(std::int64_t now) {
  if (lookup_ == nullptr || !lookup_->ready()) return;
  const std::unique_ptr<Lookup> lookup = std::move(lookup_);
  for (Wire& wire : wires_) {
    if (!std::exchange(wire.resolving, false)) continue;
    if (lookup->result()) {
      wire.addresses = *lookup->result();
      NextAddress(wire, now);
    } else {
      GiveUp(wire, {DetailText::kNameUnknown, {{"cause", lookup->result().error()}}}, now);
    }
  }
}

void Link::Driver::NextAddress(Wire& wire, std::int64_t now) {
  wire.socket = FileDescriptor();
  if (wire.next_address == wire.addresses.size()) {
    return GiveUp(wire, {DetailText::kConnectFailed, {}, std::exchange(wire.failures, {})}, now);
  }
  SocketAddress& address = wire.addresses[wire.next_address++];
  SetPort(address, wire.port);
  auto socket = system_.BeginConnect(address);
  if (!socket) return AddressFailed(wire, Detail::Said(socket.error()), now);
  wire.socket = std::move(*socket);
  wire.deadline = now + kConnectMs;
}

void Link::Driver::AddressFailed(Wire& wire, Detail why, std::int64_t now) {
  if (wire.addresses.size() > 1) {
    why =
        Detail(DetailText::kAtAddress,
               {{"address", AddressText(wire.addresses[wire.next_address - 1])}}, {std::move(why)});
  }
  wire.failures.push_back(std::move(why));
  NextAddress(wire, now);
}

void Link::Driver::GiveUp(Wire& wire, const Detail& why, std::int64_t now) {
  wire.socket = FileDescriptor();
  wire.resolving = false;
  wire.deadline = 0;
  wire.connecting = false;
  if (wire.connection != 0) {
    pool_.ConnectFailed(std::exchange(wire.connection, 0), why, now);
  } else {
    log_.push_back(
        {LogLevel::kWarning, "diagnostic message not sent: " + Words(why, Language::kEnglish)});
  }
  wire.out.clear();
}

void Link::Driver::ConnectEnded(Wire& wire, std::int64_t now) {
  if (const std::string why = ConnectResult(wire.socket); !why.empty()) {
    return AddressFailed(wire, Detail::Said(why), now);
  }
  wire.connecting = false;
  wire.deadline = 0;
  if (wire.connection != 0) {
    pool_.Connected(wire.connection, now);
  } else {
    wire.deadline = now + setcore::transport::kDiagnosticLingerMs;
  }
}

void Link::Driver::Serve(Wire& wire, short events, std::int64_t now) {
  if (wire.resolving) {
    if (now < wire.deadline) return;
    return GiveUp(wire,
                  {DetailText::kNameLate, {{"seconds", std::to_string(kResolveMs / kMsPerSecond)}}},
                  now);
  }
  if (!wire.socket) return;
  if (wire.connecting) {
    if ((events & (POLLOUT | POLLERR | POLLHUP)) != 0) return ConnectEnded(wire, now);
    if (now < wire.deadline) return;
    return AddressFailed(
        wire, {DetailText::kConnectLate, {{"seconds", std::to_string(kConnectMs / kMsPerSecond)}}},
        now);
  }
  if (wire.deadline != 0 && now >= wire.deadline) {
    return Lost(wire, DetailText::kLastWordUnread, now);
  }
  if ((events & (POLLIN | POLLERR | POLLHUP)) != 0) Read(wire, now);
}

bool Link::Driver::Read(Wire& wire, std::int64_t now) {
  std::array<std::uint8_t, kReadSize> buffer;
  const ssize_t n = recv(wire.socket.get(), buffer.data(), buffer.size(), 0);
  if (n > 0) {
    if (wire.connection != 0) {
      pool_.Received(wire.connection, {buffer.data(), static_cast<std::size_t>(n)}, now);
    }
    return true;
  }
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return false;
  Lost(wire, n == 0 ? Detail(DetailText::kClosedByPeer) : NetworkFailed(errno), now);
  return false;
}

void Link::Driver::Write(Wire& wire, std::int64_t now) {
  if (!wire.socket || wire.connecting) return;
  if (wire.connection != 0) wire.out += pool_.TakeOutput(wire.connection);
  while (!wire.out.empty()) {
    const ssize_t n = send(wire.socket.get(), wire.out.data(), wire.out.size(), MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      Detail why = NetworkFailed(errno);
      // What the gateway said before it went counts: a Status, an -ERR.
      while (Read(wire, now)) {
      }
      if (wire.socket) Lost(wire, std::move(why), now);
      return;
    }
    wire.out.erase(0, static_cast<std::size_t>(n));
  }
  if (wire.connection == 0 && !wire.half_closed) {
    wire.half_closed = true;
    shutdown(wire.socket.get(), SHUT_WR);
  }
}

void Link::Driver::Lost(Wire& wire, Detail why, std::int64_t now) {
  wire.socket = FileDescriptor();
  wire.out.clear();
  wire.deadline = 0;
  if (wire.connection == 0) return;
  pool_.Disconnected(wire.connection, std::move(why), now);
  pool_.Forget(std::exchange(wire.connection, 0), now);
}

// Closes what has said its last word, and forgets what has no socket any more.
void Link::Driver::DropFinished(std::int64_t now) {
  for (Wire& wire : wires_) {
    if (wire.connection == 0 || !wire.socket || wire.connecting) continue;
    if (!pool_.IsDown(wire.connection)) continue;
    if (!wire.out.empty()) {
      if (wire.deadline == 0) wire.deadline = now + kLastWordMs;
      continue;
    }
    pool_.Forget(std::exchange(wire.connection, 0), now);
    wire.socket = FileDescriptor();
  }
  std::erase_if(wires_, [](const Wire& wire) { return !wire.socket && !wire.resolving; });
}

Link::Link(GatewayAddress address, Host host, System& system)
    : driver_(std::make_unique<Driver>(std::move(address), host, system)) {}

Link::~Link() = default;

tl::expected<setcore::Octets, TransportFailure> Link::Exchange(setcore::OctetView message,
                                                               std::int64_t wait_ms) {
  return driver_->Exchange(message, wait_ms);
}

void Link::Diagnose(setcore::OctetView error) { driver_->Diagnose(error); }

const GatewayAddress& Link::address() const { return driver_->address(); }

}  // namespace bridge
