#include "load/swarm.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace load {
namespace {

constexpr std::size_t kOnTheirWay = 256;
constexpr int kPatienceMs = 60000;
constexpr std::size_t kBuffer = 65536;

[[noreturn]] void Throw(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

}  // namespace

std::size_t RaiseDescriptorLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) Throw("setrlimit");
  return limit.rlim_cur;
}

Swarm::Swarm(std::uint16_t port, std::optional<Login> login)
    : port_(port),
      login_(std::move(login)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      buffer_(kBuffer) {
  if (epoll_ < 0) Throw("epoll_create1");
  lost = [](std::size_t number) {
    throw std::runtime_error("connection " + std::to_string(number) + " was lost");
  };
}

Swarm::~Swarm() {
  for (const Connection& connection : connections_) {
    if (connection.fd >= 0) close(connection.fd);
  }
  close(epoll_);
}

void Swarm::Open(std::size_t count) {
  const std::size_t all = connections_.size() + count;
  while (open_ < all) {
    while (connections_.size() < all && connections_.size() < open_ + kOnTheirWay) {
      connections_.emplace_back();
      Connect(connections_.size() - 1);
    }
    if (open_ < all) Wait();
  }
}

void Swarm::Connect(std::size_t number) {
  Connection& connection = connections_[number];
  connection = {};
  connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (connection.fd < 0) Throw("socket");
  const int on = 1;
  setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  if (connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 &&
      errno != EINPROGRESS) {
    Throw("connect");
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;
  event.data.u64 = number;
  connection.wants_write = true;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) != 0) Throw("epoll_ctl");
}

void Swarm::Watch(std::size_t number, bool write) {
  Connection& connection = connections_[number];
  if (connection.wants_write == write) return;
  connection.wants_write = write;
  epoll_event event{};
  event.events = EPOLLIN | (write ? EPOLLOUT : 0U);
  event.data.u64 = number;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event) != 0) Throw("epoll_ctl");
}

void Swarm::Wait() {
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), kPatienceMs);
  if (count < 0 && errno != EINTR) Throw("epoll_wait");
  if (count == 0) throw std::runtime_error("nothing happens any more");
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    Ready(event.data.u64, event.events);
  }
}

void Swarm::Ready(std::size_t number, std::uint32_t events) {
  Connection& connection = connections_[number];
  if (connection.phase == Phase::kConnecting) {
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(connection.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error != 0) Throw("connect");
    if ((events & EPOLLOUT) == 0) return;
    Watch(number, false);
    connection.phase = Phase::kGreeting;
    if (!login_) Opened(number);
    return;
  }
  if ((events & EPOLLOUT) != 0) Flush(number);
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) == 0) return;
  const int fd = connection.fd;
  const ssize_t size = recv(fd, buffer_.data(), buffer_.size(), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) {
    if (connection.phase == Phase::kOpen) --open_;
    close(std::exchange(connection.fd, -1));
    return lost(number);
  }
  setcore::OctetView octets(buffer_.data(), static_cast<std::size_t>(size));
  while (!octets.empty() && connection.phase != Phase::kOpen) {
    if (connection.lines.Feed(octets) == setcore::transport::LineReader::Outcome::kLine) {
      Line(number, connection.lines.line());
    }
  }
  if (!octets.empty()) received(number, octets);
}

void Swarm::Line(std::size_t number, std::string_view line) {
  Connection& connection = connections_[number];
  const bool greeting = connection.phase == Phase::kGreeting;
  const auto said = greeting ? setcore::transport::ParseGreeting(line)
                             : setcore::transport::ParseAuthenticationReply(line);
  if (!said || !said->ok) throw std::runtime_error("the gateway said: " + std::string(line));
  if (!greeting || said->challenge.empty()) return Opened(number);
  connection.phase = Phase::kAuthenticating;
  connection.unsent += setcore::transport::AuthenticationLine(
      login_->transport_id, setcore::transport::AuthenticationResponse(line, login_->transport_id,
                                                                       login_->secret.view()));
  Flush(number);
}

void Swarm::Opened(std::size_t number) {
  connections_[number].phase = Phase::kOpen;
  ++open_;
  if (reopened) reopened(number);
}

void Swarm::Send(std::size_t number, std::string_view octets) {
  connections_[number].unsent += octets;
  Flush(number);
}

void Swarm::Flush(std::size_t number) {
  Connection& connection = connections_[number];
  if (!connection.unsent.empty()) {
    const ssize_t size =
        send(connection.fd, connection.unsent.data(), connection.unsent.size(), MSG_NOSIGNAL);
    // Of a connection that is gone, reading tells.
    if (size > 0) connection.unsent.erase(0, static_cast<std::size_t>(size));
  }
  Watch(number, !connection.unsent.empty());
}

void Swarm::Reset(std::size_t number) {
  Connection& connection = connections_[number];
  const linger reset{1, 0};
  setsockopt(connection.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  close(connection.fd);
  if (connection.phase == Phase::kOpen) --open_;
  Connect(number);
}

}  // namespace load
