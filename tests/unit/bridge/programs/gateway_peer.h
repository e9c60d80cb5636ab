// A blocking connection to a local port; reads give up after 20 s.
#ifndef TESTS_UNIT_BRIDGE_PROGRAMS_GATEWAY_PEER_H_
#define TESTS_UNIT_BRIDGE_PROGRAMS_GATEWAY_PEER_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bridge {

class Peer {
 public:
  explicit Peer(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    SetPatience({20, 0});
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { close(fd_); }

  void Send(std::string_view text) const {
    EXPECT_EQ(send(fd_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  // As much as the peer takes; false: it takes no more, or has gone.
  bool TrySend(std::string_view text) const {
    return send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
  }
  void HalfClose() const { shutdown(fd_, SHUT_WR); }
  // How long a read waits.
  void SetPatience(timeval patience) const {
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  // True if the peer has closed or reset the connection, which is waited for as long as a read is.
  bool Gone() const {
    char c = 0;
    return recv(fd_, &c, 1, 0) == 0 || errno == ECONNRESET;
  }

  // Everything up to and including `end`, or to the end of the stream.
  std::string Until(std::string_view end) const {
    std::string out;
    while (!out.ends_with(end)) {
      char c = 0;
      if (recv(fd_, &c, 1, 0) != 1) break;
      out.push_back(c);
    }
    return out;
  }
  // So many octets, fewer at the end of the stream.
  std::string Take(std::size_t count) const {
    std::string out(count, '\0');
    const ssize_t size = recv(fd_, out.data(), count, MSG_WAITALL);
    out.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return out;
  }
  std::string Rest() const {
    std::string out;
    for (char c = 0; recv(fd_, &c, 1, 0) == 1;) out.push_back(c);
    return out;
  }

 private:
  int fd_;
};

}  // namespace bridge

#endif  // TESTS_UNIT_BRIDGE_PROGRAMS_GATEWAY_PEER_H_
