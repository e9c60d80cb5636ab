// Addresses and descriptors of TCP sockets.  Functions fail by text for people; nothing here waits,
// except Addresses for a name.
#ifndef BRIDGE_ACQUIRER_SOCKET_H_
#define BRIDGE_ACQUIRER_SOCKET_H_

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace bridge {

// FileDescriptor closes what it owns.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

// Text of an errno value.
std::string ErrorText(int error);

// The addresses of `host`, without a port, in the order in which they are to be tried; `flags` are
// AI_* of getaddrinfo.  At least one, or why there is none.
tl::expected<std::vector<SocketAddress>, std::string> Addresses(const std::string& host, int flags);
// The address that `host` spells in numbers; empty for a name.
std::vector<SocketAddress> NumericAddresses(const std::string& host);
void SetPort(SocketAddress& address, std::uint16_t port);
// An address in numbers, without its port.
std::string AddressText(const SocketAddress& address);

// How connecting ended: empty text for success.
std::string ConnectResult(const FileDescriptor& socket);

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_SOCKET_H_
