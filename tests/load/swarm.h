// A crowd of merchants on one thread: sockets to one local port, watched with epoll, and what the
// TCP transport says before the first message.  What goes wrong is a std::runtime_error.
#ifndef TESTS_LOAD_SWARM_H_
#define TESTS_LOAD_SWARM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/crypto/secret.h"
#include "setcore/octets.h"
#include "setcore/transport/line.h"

namespace load {

// Raises RLIMIT_NOFILE to its hard limit and gives that.
std::size_t RaiseDescriptorLimit();

class Swarm {
 public:
  struct Login {
    std::string transport_id;
    setcore::SecretOctets secret;
  };
  // Without a login the connections carry octets from the beginning.
  Swarm(std::uint16_t port, std::optional<Login> login);
  Swarm(const Swarm&) = delete;
  Swarm& operator=(const Swarm&) = delete;
  ~Swarm();

  // Opens `count` more connections; they have numbers from 0 on.  A few hundred at a time are on
  // their way.
  void Open(std::size_t count);
  // How many connections may carry messages.
  std::size_t open() const { return open_; }
  std::size_t size() const { return connections_.size(); }

  void Send(std::size_t connection, std::string_view octets);
  // Closes with a reset and connects again; `reopened` is called when it may carry messages.
  void Reset(std::size_t connection);

  // Waits for the network and calls what is set below.
  void Wait();

  std::function<void(std::size_t connection, setcore::OctetView octets)> received;
  std::function<void(std::size_t connection)> reopened;
  // The peer has closed or reset the connection; the default throws.
  std::function<void(std::size_t connection)> lost;

 private:
  enum class Phase : std::uint8_t { kConnecting, kGreeting, kAuthenticating, kOpen };
  struct Connection {
    int fd = -1;
    Phase phase = Phase::kConnecting;
    bool wants_write = false;
    setcore::transport::LineReader lines;
    std::string unsent;
  };

  void Connect(std::size_t number);
  void Watch(std::size_t number, bool write);
  void Ready(std::size_t number, std::uint32_t events);
  void Opened(std::size_t number);
  void Line(std::size_t number, std::string_view line);
  void Flush(std::size_t number);

  const std::uint16_t port_;
  const std::optional<Login> login_;
  int epoll_ = -1;
  std::size_t open_ = 0;
  std::vector<Connection> connections_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace load

#endif  // TESTS_LOAD_SWARM_H_
