#include "load/cutter.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

namespace load {
namespace {

constexpr std::size_t kBuffer = 16384;

sockaddr_in Local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void Add(int epoll, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) throw std::runtime_error("epoll_ctl");
}

}  // namespace

Cutter::Cutter(std::uint16_t upstream, double mean_octets, unsigned seed)
    : upstream_(upstream), mean_octets_(mean_octets), random_(seed) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address = Local(0);
  socklen_t size = sizeof(address);
  auto* name = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, name, size) != 0 || listen(listener_, SOMAXCONN) != 0 ||
      getsockname(listener_, name, &size) != 0) {
    throw std::runtime_error("the cutter cannot listen");
  }
  port_ = ntohs(address.sin_port);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  end_ = eventfd(0, EFD_CLOEXEC);
  Add(epoll_, listener_, EPOLLIN);
  Add(epoll_, end_, EPOLLIN);
  thread_ = std::thread([this] { Run(); });
}

Cutter::~Cutter() {
  eventfd_write(end_, 1);
  thread_.join();
  for (auto& [fd, pair] : pairs_) close(fd);
  close(listener_);
  close(epoll_);
  close(end_);
}

void Cutter::Run() {
  while (true) {
    std::array<epoll_event, 64> events;
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == end_) return;
      if (event.data.fd == listener_) {
        Accept();
        continue;
      }
      const auto it = pairs_.find(event.data.fd);
      if (it == pairs_.end()) continue;  // dropped with its other end
      const std::shared_ptr<Pair> pair = it->second;
      Forward(*pair, pair->ends[0].fd == event.data.fd ? 0 : 1, event.events);
    }
  }
}

void Cutter::Accept() {
  const int down = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (down < 0) return;
  const int up = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Local(upstream_);
  if (connect(up, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
      errno != EINPROGRESS) {
    close(down);
    close(up);
    return;
  }
  const auto pair = std::make_shared<Pair>();
  pair->ends[0].fd = down;
  pair->ends[1].fd = up;
  pair->budget =
      static_cast<std::size_t>(std::exponential_distribution<double>(1 / mean_octets_)(random_));
  const int on = 1;
  for (const End& end : pair->ends) {
    setsockopt(end.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    pairs_[end.fd] = pair;
    Add(epoll_, end.fd, EPOLLIN);
  }
}

// False: the end is gone.
bool Cutter::Flush(End& end) {
  if (end.unsent.empty()) return true;
  const ssize_t size = send(end.fd, end.unsent.data(), end.unsent.size(), MSG_NOSIGNAL);
  if (size < 0) return errno == EAGAIN || errno == ENOTCONN;
  end.unsent.erase(0, static_cast<std::size_t>(size));
  return true;
}

void Cutter::Watch(const Pair& pair, int end) const {
  epoll_event event{};
  event.events = EPOLLIN | (pair.ends[end].unsent.empty() ? 0U : EPOLLOUT);
  event.data.fd = pair.ends[end].fd;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, event.data.fd, &event);
}

void Cutter::Forward(Pair& pair, int from, std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    if (!Flush(pair.ends[from])) return Drop(pair, true);
    Watch(pair, from);
  }
  if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) == 0) return;
  std::array<char, kBuffer> buffer;
  const std::size_t most = std::min(buffer.size(), pair.budget + 1);
  const ssize_t size = recv(pair.ends[from].fd, buffer.data(), most, 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) return Drop(pair, size < 0);
  End& to = pair.ends[1 - from];
  const auto octets = static_cast<std::size_t>(size);
  to.unsent.append(buffer.data(), std::min(octets, pair.budget));
  const bool cut = octets > pair.budget;
  pair.budget -= std::min(octets, pair.budget);
  if (!Flush(to)) return Drop(pair, true);
  if (cut) {
    ++cuts_;
    return Drop(pair, true);
  }
  Watch(pair, 1 - from);
}

void Cutter::Drop(Pair& pair, bool reset) {
  for (const End& end : pair.ends) {
    const linger now{1, 0};
    if (reset) setsockopt(end.fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    close(end.fd);
    pairs_.erase(end.fd);
  }
}

}  // namespace load
