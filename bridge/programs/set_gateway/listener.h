// A port: accepts as long as it is open, and takes a breath when the system cannot.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_LISTENER_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_LISTENER_H_

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/programs/set_gateway/config.h"

namespace bridge::gateway {

class Listener {
 public:
  struct Hooks {
    // A connection from `address`, in canonical form.
    std::function<void(asio::ip::tcp::socket socket, const std::string& address)> accepted;
    std::function<void(std::string_view line)> log;
  };
  Listener(asio::io_context& io, Hooks hooks)
      : acceptor_(io), pause_(io), hooks_(std::move(hooks)) {}

  // The error is a sentence for people.
  tl::expected<void, std::string> Bind(const Endpoint& endpoint);
  void Accept();
  void Close();
  bool is_open() const { return acceptor_.is_open(); }
  // "HOST:PORT" as bound, "" if it is not open.
  std::string place() const;

 private:
  void Accepted(const std::error_code& error, asio::ip::tcp::socket socket);

  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  const Hooks hooks_;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_LISTENER_H_
