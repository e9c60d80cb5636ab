// One connection to the diagnostic port (tcp-transport.md, 9): takes one message, never answers.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_DIAGNOSTIC_SESSION_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_DIAGNOSTIC_SESSION_H_

#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bridge/programs/set_gateway/counters.h"
#include "bridge/programs/set_gateway/peers.h"
#include "bridge/programs/set_gateway/served.h"
#include "bridge/programs/set_gateway/workers.h"
#include "setcore/transport/diagnostic.h"
#include "setcore/transport/gateway_connection.h"

namespace bridge::gateway {

class DiagnosticSession;

struct DiagnosticContext {
  const setcore::transport::GatewaySettings& settings;
  const ServerHooks& hooks;
  Workers& workers;
  Counters& counters;
  std::function<void(const std::shared_ptr<DiagnosticSession>&)> ended;
};

class DiagnosticSession : public std::enable_shared_from_this<DiagnosticSession> {
 public:
  DiagnosticSession(const DiagnosticContext& context, asio::ip::tcp::socket socket,
                    Peers::Peer& peer, std::string address);

  void Start();
  // Ends it, with the message if it is there.
  void Finish();
  Peers::Peer& peer() const { return peer_; }

 private:
  void Read();

  static constexpr std::size_t kReadSize = 4096;

  const DiagnosticContext& context_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  Peers::Peer& peer_;
  const std::string address_;
  setcore::transport::DiagnosticReceiver receiver_;
  std::array<std::uint8_t, kReadSize> buffer_{};
  bool ended_ = false;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_DIAGNOSTIC_SESSION_H_
