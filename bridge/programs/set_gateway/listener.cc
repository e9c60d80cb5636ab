#include "bridge/programs/set_gateway/listener.h"

#include <fmt/format.h>

#include <asio/error.hpp>
#include <asio/socket_base.hpp>
#include <chrono>
#include <utility>

namespace bridge::gateway {
namespace {

using asio::ip::tcp;

constexpr std::chrono::milliseconds kPause{100};  // when the system is out of descriptors

}  // namespace

tl::expected<void, std::string> Listener::Bind(const Endpoint& endpoint) {
  std::error_code error;
  const tcp::endpoint at(asio::ip::make_address(endpoint.host, error), endpoint.port);
  if (!error) acceptor_.open(at.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(at, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return tl::unexpected(
      fmt::format("cannot listen on {}:{}: {}", endpoint.host, endpoint.port, error.message()));
}

std::string Listener::place() const {
  std::error_code error;
  const tcp::endpoint at = acceptor_.local_endpoint(error);
  if (error) return {};
  const std::string address = at.address().to_string();
  return at.address().is_v6() ? fmt::format("[{}]:{}", address, at.port())
                              : fmt::format("{}:{}", address, at.port());
}

void Listener::Accept() {
  acceptor_.async_accept([this](const std::error_code& error, tcp::socket socket) {
    Accepted(error, std::move(socket));
  });
}

void Listener::Accepted(const std::error_code& error, tcp::socket socket) {
  if (!acceptor_.is_open() || error == asio::error::operation_aborted) return;
  if (error) {
    hooks_.log("accept: " + error.message());
    pause_.expires_after(kPause);
    return pause_.async_wait([this](const std::error_code& cancelled) {
      if (!cancelled) Accept();
    });
  }
  std::error_code gone;
  const tcp::endpoint peer = socket.remote_endpoint(gone);
  if (!gone) {
    hooks_.accepted(std::move(socket), CanonicalAddress(peer.address().to_string()).value_or("?"));
  }
  Accept();
}

void Listener::Close() {
  std::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

}  // namespace bridge::gateway
