// One connection of a merchant on an Asio socket: octets, timers and the work behind, around the
// state machine of tcp-transport.md, 5.2.  Everything runs on the thread of the socket's executor.
// A session ends by telling its owner; no fault of a peer goes further.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_SESSION_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_SESSION_H_

#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "bridge/programs/set_gateway/counters.h"
#include "bridge/programs/set_gateway/peers.h"
#include "bridge/programs/set_gateway/served.h"
#include "bridge/programs/set_gateway/workers.h"
#include "setcore/octets.h"
#include "setcore/transport/gateway_connection.h"

namespace bridge::gateway {

class Session;

// What the sessions of a server share; borrowed.
struct SessionContext {
  const setcore::transport::GatewaySettings& settings;
  const ServerHooks& hooks;
  Peers& peers;
  Workers& workers;
  Counters& counters;
  std::function<void(const std::shared_ptr<Session>&)> ended;
};

// Milliseconds of a clock that never goes back.
std::int64_t SteadyMs();

class Session : public std::enable_shared_from_this<Session> {
 public:
  // `address` is the peer's, `number` that of the connection.
  Session(const SessionContext& context, asio::ip::tcp::socket socket, Peers::Peer& peer,
          std::string address, std::uint64_t number);

  // `allowed`: the address may connect; `challenge`: what is to be answered, empty for nothing.
  void Start(bool allowed, const std::string& challenge);
  // Sends Close; what is outstanding is still answered.
  void Close();
  // Closes TCP now.
  void Cut();

  Peers::Peer& peer() const { return peer_; }
  std::size_t outstanding() const { return pending_.size(); }
  // A row of the table of connections.
  std::string Describe() const;

 private:
  struct Pending {
    std::string tag;
    std::size_t size = 0;
    std::string rrpid;
    std::int64_t since_ms = 0;
    std::int64_t inform_ms = 0;  // when to say that the answer is late
    std::optional<Served> held;  // until held_ms
    std::int64_t held_ms = 0;
  };
  using RequestId = setcore::transport::RequestId;

  void Pump();
  void TakeEvents();
  void Handle(setcore::transport::GatewayEvent event);
  void Begin(setcore::transport::GatewayEvent event);
  void Processed(RequestId id, Served served);
  void Answer(RequestId id, const Served& served);

  void Read();
  void HaveRead(const std::error_code& error, std::size_t size);
  void ReadMore();
  void TakeOctets(setcore::OctetView octets);
  void Write();
  void AwaitWritable();
  void SetTimer();
  void HaveTime();
  void Finish();
  void Log(const std::string& text) const;

  // Small, for there are thousands of sessions; what does not fit goes through one large buffer.
  static constexpr std::size_t kReadSize = 1024;

  const SessionContext& context_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  std::optional<std::int64_t> timer_ms_;
  Peers::Peer& peer_;
  const std::string address_;
  const std::uint64_t number_;
  const std::int64_t since_ms_;
  setcore::transport::GatewayConnection connection_;
  std::map<RequestId, Pending> pending_;
  std::array<std::uint8_t, kReadSize> buffer_{};
  std::string unsent_;
  std::size_t written_ = 0;                // of unsent_
  std::optional<std::int64_t> write_ms_;   // when a peer that reads nothing is given up
  std::optional<std::int64_t> linger_ms_;  // when a peer that does not close is given up
  std::int64_t read_from_ms_ = 0;          // a flooding peer is not read from before
  std::uint64_t requests_ = 0;
  std::uint64_t answers_ = 0;
  std::uint64_t octets_in_ = 0;
  std::uint64_t octets_out_ = 0;
  std::int64_t heard_ms_ = 0;
  bool reading_ = false;
  bool awaiting_writable_ = false;
  bool peer_closed_ = false;
  bool ended_ = false;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_SESSION_H_
