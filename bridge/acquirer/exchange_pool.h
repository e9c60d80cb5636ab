// What a link knows, without I/O: exchanges that wait for answers, connections of the TCP
// transport that carry them, who is sent again when (tcp-transport.md, 6 and 7), and which
// connection is asked whether it lives or is closed because nobody needs it.  Octets,
// connection results and the clock go in; octets, wishes for connections and a deadline come out.
// An exchange ends by an answer or by a TransportFailure.  One thread at a time; milliseconds of a
// clock that never goes back.
#ifndef BRIDGE_ACQUIRER_EXCHANGE_POOL_H_
#define BRIDGE_ACQUIRER_EXCHANGE_POOL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "bridge/acquirer/link.h"
#include "bridge/acquirer/transport_failure.h"
#include "setcore/environment.h"
#include "setcore/octets.h"
#include "setcore/transport/merchant_connection.h"

namespace bridge {

class ExchangePool {
 public:
  using ExchangeId = std::uint64_t;
  using ConnectionId = std::uint64_t;
  using Answer = tl::expected<setcore::Octets, TransportFailure>;

  // Both are borrowed and outlive the pool.
  ExchangePool(const GatewayAddress& address, setcore::Random& random);

  // --- callers ---
  // Begins an exchange, joins the one with the same octets, or finds its answer.  The caller is
  // counted until Leave.
  ExchangeId Enter(setcore::OctetView message, std::int64_t now_ms);
  // The answer, once it is there.  Valid until Leave.
  const Answer* Find(ExchangeId exchange) const;
  // What the exchange is waiting for.
  TransportFailure Progress(ExchangeId exchange) const;
  // The caller goes.  The last one to see an answer or a failure ends the exchange; without
  // either it goes on.
  void Leave(ExchangeId exchange);

  // --- the driver ---
  // Connections to be opened: each is answered by Connected or ConnectFailed.
  std::vector<ConnectionId> TakeWanted();
  void Connected(ConnectionId connection, std::int64_t now_ms);
  void ConnectFailed(ConnectionId connection, const Detail& why, std::int64_t now_ms);
  void Received(ConnectionId connection, setcore::OctetView octets, std::int64_t now_ms);
  void Disconnected(ConnectionId connection, Detail why, std::int64_t now_ms);
  std::string TakeOutput(ConnectionId connection);
  // True if TCP is to be closed once everything taken has been written; Forget follows.
  bool IsDown(ConnectionId connection) const;
  void Forget(ConnectionId connection, std::int64_t now_ms);
  std::optional<std::int64_t> deadline() const;
  void Tick(std::int64_t now_ms);
  // Fails every exchange and asks every connection to close.
  void CloseAll(std::int64_t now_ms);
  bool has_connections() const { return !connections_.empty(); }

  // True if an answer or a failure came since the last call.
  bool TakeFinished();
  // Lines for the log since the last call.
  struct LogLine {
    LogLevel level = LogLevel::kDebug;
    std::string text;
  };
  std::vector<LogLine> TakeLog();

  static constexpr int kFreeClosings = 3;             // tcp-transport.md, 6: closing
  static constexpr std::size_t kMaxUnclaimed = 1024;  // answers that nobody came for
  static constexpr std::int64_t kFirstBackoffMs = 1000;
  static constexpr std::int64_t kMaxBackoffMs = 8000;
  static constexpr std::int64_t kMaxJitterMs = 1000;

 private:
  struct Exchange {
    setcore::Octets message;
    int callers = 0;
    std::optional<Answer> answer;
    ConnectionId connection = 0;     // 0: not sent, or to be sent again
    std::int64_t not_before_ms = 0;  // while not sent
    std::int64_t sent_ms = 0;
    std::int64_t resubmit_ms = 0;
    bool ever_sent = false;
    int retries = 0;
    int closings = 0;
    Detail trouble;  // the last one
  };
  struct Connection {
    explicit Connection(const setcore::transport::MerchantSettings& settings) : line(settings) {}
    setcore::transport::MerchantConnection line;
    bool connecting = true;
    bool opened = false;
    bool no_new = false;  // it is closing, or its silence makes it suspect
    std::int64_t last_received_ms = 0;
    std::int64_t last_used_ms = 0;  // a request left or was answered
    Detail ended;                   // why, if this side has ended it
    bool echo_due = false;          // an Echo is out, and nothing has come since
    std::int64_t echo_sent_ms = 0;
  };
  using Exchanges = std::map<ExchangeId, Exchange>;

  void Schedule(std::int64_t now_ms);
  // When the connection is to be asked or given up (echo_s), and when to be closed (idle_close_s).
  std::optional<std::int64_t> EchoAt(const Connection& connection) const;
  std::optional<std::int64_t> IdleAt(const Connection& connection) const;
  void KeepAlive(ConnectionId id, std::int64_t now_ms);
  void ResendOverdue(std::int64_t now_ms);
  Connection* PickConnection(ConnectionId& id);
  void Send(ExchangeId id, Exchange& exchange, ConnectionId to, Connection& connection,
            std::int64_t now_ms);
  void DrainEvents(ConnectionId id, std::int64_t now_ms);
  void ApplyStatus(ExchangeId id, const setcore::transport::MerchantEvent& event,
                   ConnectionId connection, std::int64_t now_ms);
  void ConnectionTrouble(const Detail& why, std::int64_t now_ms);
  // Counts a retry and puts the exchange back into the queue, or fails it.
  void Retry(ExchangeId id, std::int64_t not_before_ms, Detail why);
  void Finish(ExchangeId id, Answer answer);
  void Fail(ExchangeId id, Detail why);
  // A sentence about the gateway.
  Detail About(DetailText text, std::vector<Detail> causes = {}) const;
  void Erase(Exchanges::iterator it);
  std::int64_t Backoff(int retries) const;
  std::int64_t Jitter(std::int64_t span_ms);
  void Log(LogLevel level, std::string text);

  const GatewayAddress& address_;
  const std::string who_;  // for people
  setcore::Random& random_;
  setcore::transport::MerchantSettings settings_;
  Exchanges exchanges_;
  std::map<setcore::Octets, ExchangeId> by_message_;
  // Until when Status retry forbids to send these octets; it outlives the exchange that got it.
  std::map<setcore::Octets, std::int64_t> resting_;
  ExchangeId next_exchange_ = 1;
  std::map<ConnectionId, std::unique_ptr<Connection>> connections_;
  ConnectionId next_connection_ = 1;
  std::vector<ConnectionId> wanted_;
  // While another connection is there or coming, a failed attempt is not repeated before this.
  std::int64_t reopen_ms_ = 0;
  bool reopens_ = false;           // somebody waits for it
  std::int64_t scheduled_ms_ = 0;  // what was due until then has been looked at
  bool closing_ = false;
  bool finished_ = false;
  std::vector<LogLine> log_;
};

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_EXCHANGE_POOL_H_
