// Non-blocking TCP sockets for the driver of a link: CLOEXEC, no SIGPIPE.  Functions fail by text
// for people; nothing here waits.
#ifndef BRIDGE_ACQUIRER_SOCKET_H_
#define BRIDGE_ACQUIRER_SOCKET_H_

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "setcore/octets.h"

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

// The address that `host` spells in numbers; empty for a name.
std::vector<SocketAddress> NumericAddresses(const std::string& host, std::uint16_t port);

// Resolution asks for the addresses of a name in a thread of its own, which blocks all signals and
// is not waited for: the thread may outlive the object, it owns what it needs.  When it is ready it
// adds 1 to the eventfd `wake`, of which it keeps a duplicate.
class Resolution {
 public:
  Resolution(std::string host, std::uint16_t port, int wake);
  ~Resolution();
  Resolution(const Resolution&) = delete;
  Resolution& operator=(const Resolution&) = delete;

  bool ready() const;
  // Only when ready: at least one address, or why there is none.
  tl::expected<std::vector<SocketAddress>, std::string> Take();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

// Begins to connect; the socket becomes writable when that has ended.
tl::expected<FileDescriptor, std::string> BeginConnect(const SocketAddress& address);
// How connecting ended: empty text for success.
std::string ConnectResult(const FileDescriptor& socket);

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_SOCKET_H_
