#include "bridge/acquirer/link.h"

#include <fmt/format.h>
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
#include "bridge/acquirer/quiet_thread.h"
#include "bridge/acquirer/socket.h"
#include "setcore/transport/diagnostic.h"

namespace bridge {
namespace {

using ConnectionId = ExchangePool::ConnectionId;

constexpr std::int64_t kResolveMs = 10000;         // for a name
constexpr std::int64_t kConnectMs = 10000;         // for one address
constexpr std::size_t kMaxDiagnosticsQueued = 16;  // more are dropped and logged
constexpr std::size_t kReadSize = 16384;

std::int64_t NowMs() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// One TCP connection: on its way to an address, or there.
struct Wire {
  ConnectionId connection = 0;  // 0: carries a diagnostic message
  std::uint16_t port = 0;
  std::unique_ptr<Resolution> resolution;
  std::vector<SocketAddress> addresses;
  std::size_t next_address = 0;
  FileDescriptor socket;
  bool connecting = true;
  bool half_closed = false;
  std::int64_t deadline = 0;  // while connecting; of the linger for a diagnostic message
  std::string trouble;
  std::string out;
};

}  // namespace

class Link::Driver {
 public:
  Driver(GatewayAddress address, Host host, setcore::Random* random)
      : address_(std::move(address)), host_(host), pool_(address_, *random) {}

  ~Driver() { Stop(); }

  tl::expected<setcore::Octets, TransportFailure> Exchange(setcore::OctetView message,
                                                           std::int64_t wait_ms);
  void Diagnose(setcore::OctetView error);
  const GatewayAddress& address() const { return address_; }

 private:
  // All of these run with mutex_ held.
  std::string Start();
  void Wake();
  void Settle(std::int64_t now);
  // False if there was nothing to open.
  bool OpenWanted(std::int64_t now);
  void Open(Wire wire, std::int64_t now);
  void Resolved(Wire& wire, std::int64_t now);
  void NextAddress(Wire& wire, std::int64_t now);
  void ConnectEnded(Wire& wire, std::int64_t now);
  void GiveUp(Wire& wire, std::int64_t now);
  void Read(Wire& wire, std::int64_t now);
  void Write(Wire& wire, std::int64_t now);
  void Lost(Wire& wire, std::string_view why, std::int64_t now);
  void Serve(Wire& wire, short events, std::int64_t now);
  void DropFinished(std::int64_t now);
  int PollTimeout(std::int64_t now) const;

  void Stop();
  void Run();
  void FlushLog(std::unique_lock<std::mutex>& lock);

  const GatewayAddress address_;
  const Host host_;
  std::mutex mutex_;
  std::condition_variable finished_;
  ExchangePool pool_;
  std::deque<std::string> diagnostics_;
  std::deque<Wire> wires_;
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
    thread_ = StartQuietThread([this] { Run(); });
  } catch (const std::system_error& error) {
    return error.what();
  }
  owner_ = getpid();
  return {};
}

void Link::Driver::Wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof(one));
}

void Link::Driver::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) return;
    if (owner_ != getpid()) {  // a fork has the object, but not the thread
      thread_.detach();
      return;
    }
    stopping_ = true;
    stop_deadline_ = NowMs() + kCloseWaitMs;
    pool_.CloseAll(NowMs());
    finished_.notify_all();
    Wake();
  }
  thread_.join();
}

tl::expected<setcore::Octets, TransportFailure> Link::Driver::Exchange(setcore::OctetView message,
                                                                       std::int64_t wait_ms) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  std::unique_lock lock(mutex_);
  if (const std::string why = Start(); !why.empty()) {
    return tl::unexpected(TransportFailure{"the acquirer link cannot start: " + why});
  }
  const ExchangePool::ExchangeId id = pool_.Enter(message, NowMs());
  Wake();
  const auto there = [&] { return pool_.Find(id) != nullptr; };
  const bool done = wait_ms > 0 ? finished_.wait_until(lock, until, there) : there();
  tl::expected<setcore::Octets, TransportFailure> answer =
      done ? *pool_.Find(id) : tl::unexpected(TransportFailure{pool_.Progress(id)});
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
    std::int64_t now = NowMs();
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
    poll(polled.data(), polled.size(), timeout);
    lock.lock();
    now = NowMs();
    std::uint64_t count = 0;
    if (polled[0].revents != 0) {
      [[maybe_unused]] const auto got = read(wake_.get(), &count, sizeof(count));
    }
    // Only this thread changes the list of wires, and not between poll and here.
    for (std::size_t i = 0; i < wires_.size(); ++i) Serve(wires_[i], polled[i + 1].revents, now);
  }
  wires_.clear();
}

// Does all that can be done without waiting.
void Link::Driver::Settle(std::int64_t now) {
  pool_.Tick(now);
  for (Wire& wire : wires_) Write(wire, now);
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
  added.addresses = NumericAddresses(address_.host, added.port);
  if (!added.addresses.empty()) return NextAddress(added, now);
  added.deadline = now + kResolveMs;
  try {
    added.resolution = std::make_unique<Resolution>(address_.host, added.port, wake_.get());
  } catch (const std::system_error& error) {
    added.trouble = error.what();
    GiveUp(added, now);
  }
}

void Link::Driver::Resolved(Wire& wire, std::int64_t now) {
  auto result = wire.resolution->Take();
  wire.resolution.reset();
  if (!result) {
    wire.trouble = "the name cannot be resolved: " + result.error();
    return GiveUp(wire, now);
  }
  wire.addresses = std::move(*result);
  NextAddress(wire, now);
}

void Link::Driver::NextAddress(Wire& wire, std::int64_t now) {
  while (wire.next_address < wire.addresses.size()) {
    auto socket = BeginConnect(wire.addresses[wire.next_address++]);
    if (socket) {
      wire.socket = std::move(*socket);
      wire.deadline = now + kConnectMs;
      return;
    }
    wire.trouble = socket.error();
  }
  GiveUp(wire, now);
}

void Link::Driver::GiveUp(Wire& wire, std::int64_t now) {
  wire.socket = FileDescriptor();
  wire.resolution.reset();
  wire.deadline = 0;
  wire.connecting = false;
  if (wire.connection != 0) {
    pool_.ConnectFailed(std::exchange(wire.connection, 0), wire.trouble, now);
  } else {
    log_.push_back({LogLevel::kWarning, "diagnostic message not sent: " + wire.trouble});
  }
  wire.out.clear();
}

void Link::Driver::ConnectEnded(Wire& wire, std::int64_t now) {
  if (std::string why = ConnectResult(wire.socket); !why.empty()) {
    wire.trouble = std::move(why);
    return NextAddress(wire, now);
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
  if (wire.resolution != nullptr) {
    if (wire.resolution->ready()) return Resolved(wire, now);
    if (now < wire.deadline) return;
    wire.trouble = "the name was not resolved in time";
    return GiveUp(wire, now);
  }
  if (!wire.socket) return;
  if (wire.connecting) {
    if ((events & (POLLOUT | POLLERR | POLLHUP)) != 0) return ConnectEnded(wire, now);
    if (now < wire.deadline) return;
    wire.trouble = "no answer to the attempt to connect";
    return NextAddress(wire, now);
  }
  if (wire.deadline != 0 && now >= wire.deadline) return Lost(wire, "lingered long enough", now);
  if ((events & (POLLIN | POLLERR | POLLHUP)) != 0) Read(wire, now);
}

void Link::Driver::Read(Wire& wire, std::int64_t now) {
  std::array<std::uint8_t, kReadSize> buffer;
  const ssize_t n = recv(wire.socket.get(), buffer.data(), buffer.size(), 0);
  if (n > 0) {
    if (wire.connection != 0) {
      pool_.Received(wire.connection, {buffer.data(), static_cast<std::size_t>(n)}, now);
    }
    return;
  }
  if (n == 0) return Lost(wire, "the gateway closed the connection", now);
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return;
  Lost(wire, ErrorText(errno), now);
}

void Link::Driver::Write(Wire& wire, std::int64_t now) {
  if (!wire.socket || wire.connecting) return;
  if (wire.connection != 0) wire.out += pool_.TakeOutput(wire.connection);
  while (!wire.out.empty()) {
    const ssize_t n = send(wire.socket.get(), wire.out.data(), wire.out.size(), MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) Lost(wire, ErrorText(errno), now);
      return;
    }
    wire.out.erase(0, static_cast<std::size_t>(n));
  }
  if (wire.connection == 0 && !wire.half_closed) {
    wire.half_closed = true;
    shutdown(wire.socket.get(), SHUT_WR);
  }
}

void Link::Driver::Lost(Wire& wire, std::string_view why, std::int64_t now) {
  wire.socket = FileDescriptor();
  wire.out.clear();
  wire.deadline = 0;
  if (wire.connection == 0) return;
  pool_.Disconnected(wire.connection, why, now);
  pool_.Forget(std::exchange(wire.connection, 0), now);
}

// Closes what has said its last word, and forgets what has no socket any more.
void Link::Driver::DropFinished(std::int64_t now) {
  for (Wire& wire : wires_) {
    if (wire.connection == 0 || !wire.socket || wire.connecting) continue;
    if (!pool_.IsDown(wire.connection) || !wire.out.empty()) continue;
    pool_.Forget(std::exchange(wire.connection, 0), now);
    wire.socket = FileDescriptor();
  }
  std::erase_if(wires_,
                [](const Wire& wire) { return !wire.socket && wire.resolution == nullptr; });
}

Link::Link(GatewayAddress address, Host host, setcore::Random* random)
    : driver_(std::make_unique<Driver>(std::move(address), host, random)) {}

Link::~Link() = default;

tl::expected<setcore::Octets, TransportFailure> Link::Exchange(setcore::OctetView message,
                                                               std::int64_t wait_ms) {
  return driver_->Exchange(message, wait_ms);
}

void Link::Diagnose(setcore::OctetView error) { driver_->Diagnose(error); }

const GatewayAddress& Link::address() const { return driver_->address(); }

}  // namespace bridge
