#include "bridge/acquirer/socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace bridge {

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

tl::expected<std::vector<SocketAddress>, std::string> Addresses(const std::string& host,
                                                                int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
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
  if (out.empty()) return tl::unexpected(std::string("the name has no address"));
  return out;
}

std::vector<SocketAddress> NumericAddresses(const std::string& host) {
  return Addresses(host, AI_NUMERICHOST).value_or(std::vector<SocketAddress>());
}

void SetPort(SocketAddress& address, std::uint16_t port) {
  if (address.storage.ss_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(&address.storage)->sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port = htons(port);
  }
}

std::string AddressText(const SocketAddress& address) {
  std::array<char, NI_MAXHOST> text{};
  const int code =
      getnameinfo(reinterpret_cast<const sockaddr*>(&address.storage), address.length, text.data(),
                  static_cast<socklen_t>(text.size()), nullptr, 0, NI_NUMERICHOST);
  return code == 0 ? std::string(text.data()) : std::string("?");
}

std::string ConnectResult(const FileDescriptor& socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return error == 0 ? std::string() : ErrorText(error);
}

}  // namespace bridge
