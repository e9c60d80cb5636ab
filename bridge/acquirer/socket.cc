#include "bridge/acquirer/socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "bridge/acquirer/quiet_thread.h"

namespace bridge {
namespace {

tl::expected<std::vector<SocketAddress>, std::string> Ask(const std::string& host,
                                                          std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (code != 0) return tl::unexpected(std::string(gai_strerror(code)));
  std::vector<SocketAddress> out;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    SocketAddress address;
    if (entry->ai_addrlen > sizeof(address.storage)) continue;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.length = entry->ai_addrlen;
    out.push_back(address);
  }
  freeaddrinfo(list);
  return out;
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

std::string ErrorText(int error) {
  char buffer[128] = {};
  return strerror_r(error, buffer, sizeof(buffer));
}

std::vector<SocketAddress> NumericAddresses(const std::string& host, std::uint16_t port) {
  return Ask(host, port, AI_NUMERICHOST).value_or(std::vector<SocketAddress>());
}

struct Resolution::Shared {
  std::string host;
  std::uint16_t port = 0;
  FileDescriptor wake;
  tl::expected<std::vector<SocketAddress>, std::string> result;
  std::atomic<bool> ready = false;
};

Resolution::Resolution(std::string host, std::uint16_t port, int wake)
    : shared_(std::make_shared<Shared>()) {
  shared_->host = std::move(host);
  shared_->port = port;
  shared_->wake = FileDescriptor(fcntl(wake, F_DUPFD_CLOEXEC, 0));
  StartQuietThread([shared = shared_] {
    shared->result = Ask(shared->host, shared->port, AI_ADDRCONFIG);
    if (shared->result && shared->result->empty()) {
      shared->result = tl::unexpected(std::string("the name has no address"));
    }
    shared->ready.store(true, std::memory_order_release);
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(shared->wake.get(), &one, sizeof(one));
  }).detach();
}

Resolution::~Resolution() = default;

bool Resolution::ready() const { return shared_->ready.load(std::memory_order_acquire); }

tl::expected<std::vector<SocketAddress>, std::string> Resolution::Take() {
  return std::move(shared_->result);
}

tl::expected<FileDescriptor, std::string> BeginConnect(const SocketAddress& address) {
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

std::string ConnectResult(const FileDescriptor& socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return error == 0 ? std::string() : ErrorText(error);
}

}  // namespace bridge
