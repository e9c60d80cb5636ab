#include "bridge/acquirer/exchange_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace bridge {
namespace {

using setcore::transport::MerchantEvent;
using setcore::transport::StatusClass;

constexpr std::int64_t kSecond = 1000;

}  // namespace

ExchangePool::ExchangePool(const GatewayAddress& address, setcore::Random& random)
    : address_(address), random_(random) {
  settings_.transport_id = address.transport_id;
  settings_.shared_secret = address.shared_secret.Copy();
  settings_.max_outstanding = address.max_outstanding;
  settings_.max_message_bytes = address.max_message_bytes;
  settings_.t30_ms = address.t30_s * kSecond;
}

ExchangePool::ExchangeId ExchangePool::Enter(setcore::OctetView message, std::int64_t now_ms) {
  setcore::Octets octets(message.begin(), message.end());
  const auto known = by_message_.find(octets);
  if (known != by_message_.end()) {
    ++exchanges_.at(known->second).callers;
    return known->second;
  }
  const ExchangeId id = next_exchange_++;
  by_message_.emplace(octets, id);
  Exchange& exchange = exchanges_[id];
  exchange.message = std::move(octets);
  exchange.callers = 1;
  exchange.not_before_ms = now_ms;
  if (closing_) Finish(id, tl::unexpected(TransportFailure{"the wallet is being closed"}));
  Schedule(now_ms);
  return id;
}

const ExchangePool::Answer* ExchangePool::Find(ExchangeId exchange) const {
  const Exchange& found = exchanges_.at(exchange);
  return found.answer ? &*found.answer : nullptr;
}

std::string ExchangePool::Progress(ExchangeId exchange) const {
  const Exchange& found = exchanges_.at(exchange);
  const std::string who = fmt::format("{} ({}:{})", address_.name, address_.host, address_.port);
  std::string text = found.connection != 0 ? fmt::format("no answer from {} yet", who)
                                           : fmt::format("the request to {} waits to be sent", who);
  if (!found.trouble.empty()) text += "; last trouble: " + found.trouble;
  return text;
}

void ExchangePool::Leave(ExchangeId exchange) {
  const auto it = exchanges_.find(exchange);
  if (--it->second.callers == 0 && it->second.answer) Erase(it);
}

void ExchangePool::Erase(Exchanges::iterator it) {
  by_message_.erase(it->second.message);
  exchanges_.erase(it);
}

std::vector<ExchangePool::ConnectionId> ExchangePool::TakeWanted() {
  return std::exchange(wanted_, {});
}

// Sends what may be sent, and wishes for connections for the rest.
void ExchangePool::Schedule(std::int64_t now_ms) {
  scheduled_ms_ = now_ms;
  if (closing_) return;
  std::size_t waiting = 0;
  for (auto& [id, exchange] : exchanges_) {
    if (exchange.answer || exchange.connection != 0 || exchange.not_before_ms > now_ms) continue;
    ConnectionId to = 0;
    Connection* connection = PickConnection(to);
    if (connection == nullptr) {
      ++waiting;
    } else {
      Send(id, exchange, to, *connection, now_ms);
    }
  }
  std::size_t coming = 0;  // requests that connections in the making can take
  for (const auto& [id, connection] : connections_) {
    if (!connection->opened && !connection->no_new) {
      coming += static_cast<std::size_t>(address_.max_outstanding);
    }
  }
  while (coming < waiting &&
         connections_.size() < static_cast<std::size_t>(address_.max_connections)) {
    const ConnectionId id = next_connection_++;
    connections_.emplace(id, std::make_unique<Connection>(settings_));
    wanted_.push_back(id);
    coming += static_cast<std::size_t>(address_.max_outstanding);
  }
}

// The usable connection with the fewest requests.
ExchangePool::Connection* ExchangePool::PickConnection(ConnectionId& id) {
  Connection* best = nullptr;
  for (auto& [key, connection] : connections_) {
    if (connection->no_new || !connection->line.CanSubmit()) continue;
    if (best != nullptr && best->line.outstanding() <= connection->line.outstanding()) continue;
    best = connection.get();
    id = key;
  }
  return best;
}

void ExchangePool::Send(ExchangeId id, Exchange& exchange, ConnectionId to, Connection& connection,
                        std::int64_t now_ms) {
  connection.line.Submit(id, exchange.message, now_ms);
  exchange.connection = to;
  exchange.ever_sent = true;
  exchange.sent_ms = now_ms;
  exchange.resubmit_ms = now_ms + address_.min_resubmit_s * kSecond;
}

void ExchangePool::Connected(ConnectionId connection, std::int64_t now_ms) {
  Connection& found = *connections_.at(connection);
  found.connecting = false;
  found.last_received_ms = now_ms;
  found.line.Connected(now_ms);
}

void ExchangePool::ConnectFailed(ConnectionId connection, std::string_view why,
                                 std::int64_t now_ms) {
  connections_.erase(connection);
  ConnectionTrouble(why, now_ms);
  Schedule(now_ms);
}

void ExchangePool::Received(ConnectionId connection, setcore::OctetView octets,
                            std::int64_t now_ms) {
  Connection& found = *connections_.at(connection);
  found.last_received_ms = now_ms;
  found.line.Received(octets, now_ms);
  DrainEvents(connection, now_ms);
}

void ExchangePool::Disconnected(ConnectionId connection, std::string_view why,
                                std::int64_t now_ms) {
  connections_.at(connection)->line.Disconnected(why);
  DrainEvents(connection, now_ms);
}

std::string ExchangePool::TakeOutput(ConnectionId connection) {
  return connections_.at(connection)->line.TakeOutput();
}

bool ExchangePool::IsDown(ConnectionId connection) const {
  const Connection& found = *connections_.at(connection);
  return !found.connecting && found.line.state() == setcore::transport::MerchantState::kClosed;
}

void ExchangePool::Forget(ConnectionId connection, std::int64_t now_ms) {
  connections_.erase(connection);
  Schedule(now_ms);
}

void ExchangePool::DrainEvents(ConnectionId id, std::int64_t now_ms) {
  Connection& connection = *connections_.at(id);
  while (auto event = connection.line.NextEvent()) {
    switch (event->kind) {
      case MerchantEvent::Kind::kOpened:
        connection.opened = true;
        Log(LogLevel::kDebug, fmt::format("connection {} open", id));
        break;
      case MerchantEvent::Kind::kResponse:
        Finish(event->request, std::move(event->response));
        break;
      case MerchantEvent::Kind::kStatus:
        ApplyStatus(event->request, *event, id, now_ms);
        break;
      case MerchantEvent::Kind::kPeerClosing:
        connection.no_new = true;
        Log(LogLevel::kInfo, fmt::format("connection {}: gateway closes: {}", id, event->text));
        break;
      case MerchantEvent::Kind::kDown: {
        connection.no_new = true;
        Log(LogLevel::kInfo, fmt::format("connection {} down: {}", id, event->text));
        for (const ExchangeId lost : event->lost) {
          // The first loss is repaired at once, the next ones with patience.
          const int retries = exchanges_.at(lost).retries;
          Retry(lost, retries == 0 ? now_ms : now_ms + Backoff(retries), event->text);
        }
        if (!connection.opened) ConnectionTrouble(event->text, now_ms);
        break;
      }
      case MerchantEvent::Kind::kNote:
        Log(LogLevel::kInfo, fmt::format("connection {}: {}", id, event->text));
        break;
    }
  }
  Schedule(now_ms);
}

// tcp-transport.md, 6.
void ExchangePool::ApplyStatus(ExchangeId id, const MerchantEvent& event, ConnectionId connection,
                               std::int64_t now_ms) {
  Exchange& exchange = exchanges_.at(id);
  const std::string why =
      fmt::format("status {}: {}", setcore::transport::Name(event.status_class), event.text);
  Log(LogLevel::kInfo, fmt::format("connection {}: {}", connection, why));
  switch (event.status_class) {
    case StatusClass::kFailed:
      // set-processing.md 7.6: no outcome, whoever sent it.
      Finish(id, tl::unexpected(TransportFailure{
                     fmt::format("{} refused the request: {}", address_.name, event.text)}));
      break;
    case StatusClass::kRetry: {
      const std::int64_t delay = event.delay_s * kSecond;
      Retry(id, now_ms + delay + Jitter(delay / 4), why);
      break;
    }
    case StatusClass::kInfo:
      exchange.resubmit_ms = now_ms + address_.min_resubmit_s * kSecond;
      exchange.trouble = event.text;
      break;
    case StatusClass::kClosing:
      connections_.at(connection)->no_new = true;
      if (++exchange.closings > kFreeClosings) {
        Retry(id, now_ms, why);
      } else {
        exchange.connection = 0;
        exchange.not_before_ms = now_ms;
        exchange.trouble = why;
      }
      break;
  }
}

// No connection could be made: what was never sent fails at once, unless another connection is
// there or coming; what may have arrived is tried again with patience.
void ExchangePool::ConnectionTrouble(std::string_view why, std::int64_t now_ms) {
  for (const auto& [id, connection] : connections_) {
    if (!connection->no_new) return;
  }
  std::vector<ExchangeId> waiting;
  for (const auto& [id, exchange] : exchanges_) {
    if (!exchange.answer && exchange.connection == 0 && exchange.not_before_ms <= now_ms) {
      waiting.push_back(id);
    }
  }
  const std::string text = fmt::format("no connection to {} ({}:{}): {}", address_.name,
                                       address_.host, address_.port, why);
  Log(LogLevel::kWarning, text);
  for (const ExchangeId id : waiting) {
    const Exchange& exchange = exchanges_.at(id);
    if (exchange.ever_sent) {
      Retry(id, now_ms + Backoff(exchange.retries), text);
    } else {
      Finish(id, tl::unexpected(TransportFailure{text}));
    }
  }
}

void ExchangePool::Retry(ExchangeId id, std::int64_t not_before_ms, std::string why) {
  Exchange& exchange = exchanges_.at(id);
  exchange.connection = 0;
  exchange.not_before_ms = not_before_ms;
  exchange.trouble = std::move(why);
  if (++exchange.retries > address_.max_retries) {
    Finish(id, tl::unexpected(TransportFailure{
                   fmt::format("{} gave no answer in {} attempts; last trouble: {}", address_.name,
                               exchange.retries, exchange.trouble)}));
  }
}

void ExchangePool::Finish(ExchangeId id, Answer answer) {
  const auto it = exchanges_.find(id);
  finished_ = true;
  const bool failed = !answer.has_value();
  it->second.connection = 0;
  it->second.answer = std::move(answer);
  if (it->second.callers > 0) return;
  if (failed) return Erase(it);
  std::size_t unclaimed = 0;
  auto oldest = exchanges_.end();
  for (auto other = exchanges_.begin(); other != exchanges_.end(); ++other) {
    if (!other->second.answer || other->second.callers > 0) continue;
    ++unclaimed;
    if (oldest == exchanges_.end()) oldest = other;
  }
  // Dropping an answer is safe: the octets are sent again and answered as before.
  if (unclaimed > kMaxUnclaimed) Erase(oldest);
}

std::int64_t ExchangePool::Backoff(int retries) const {
  return std::min(kMaxBackoffMs, kFirstBackoffMs << std::clamp(retries - 1, 0, 3));
}

std::int64_t ExchangePool::Jitter(std::int64_t span_ms) {
  const std::int64_t span = std::min(span_ms, kMaxJitterMs);
  if (span <= 0) return 0;
  std::array<std::uint8_t, 2> octets{};
  random_.Fill(octets);
  return (octets[0] * 256 + octets[1]) % (span + 1);
}

std::optional<std::int64_t> ExchangePool::deadline() const {
  std::optional<std::int64_t> first;
  const auto take = [&first](std::int64_t at) { first = first ? std::min(*first, at) : at; };
  for (const auto& [id, connection] : connections_) {
    if (const auto at = connection->line.deadline()) take(*at);
  }
  for (const auto& [id, exchange] : exchanges_) {
    if (exchange.answer) continue;
    if (exchange.connection != 0) {
      take(exchange.resubmit_ms);
    } else if (exchange.not_before_ms > scheduled_ms_) {
      take(exchange.not_before_ms);
    }
  }
  return first;
}

void ExchangePool::Tick(std::int64_t now_ms) {
  std::vector<ConnectionId> ids;
  for (const auto& [id, connection] : connections_) ids.push_back(id);
  for (const ConnectionId id : ids) {
    connections_.at(id)->line.Tick(now_ms);
    DrainEvents(id, now_ms);
  }
  std::vector<ExchangeId> overdue;
  for (const auto& [id, exchange] : exchanges_) {
    if (!exchange.answer && exchange.connection != 0 && exchange.resubmit_ms <= now_ms) {
      overdue.push_back(id);
    }
  }
  for (const ExchangeId id : overdue) {
    const auto it = exchanges_.find(id);
    // An overdue one before it may have ended what this one waits for.
    if (it == exchanges_.end() || it->second.connection == 0) continue;
    const ConnectionId on = it->second.connection;
    const std::int64_t sent = it->second.sent_ms;
    Retry(id, now_ms, "no answer within min_resubmit_s");
    Connection& connection = *connections_.at(on);
    connection.line.Abandon(id, now_ms);
    if (connection.last_received_ms <= sent || connection.line.outstanding() == 0) {
      connection.no_new = true;
      connection.line.Close("unanswered requests", now_ms);
    }
    DrainEvents(on, now_ms);
  }
  Schedule(now_ms);
}

void ExchangePool::CloseAll(std::int64_t now_ms) {
  closing_ = true;
  std::vector<ExchangeId> open;
  for (const auto& [id, exchange] : exchanges_) {
    if (!exchange.answer) open.push_back(id);
  }
  for (auto& [id, connection] : connections_) {
    for (const ExchangeId exchange : open) connection->line.Abandon(exchange, now_ms);
    connection->line.Close("wallet closed", now_ms);
  }
  for (const ExchangeId id : open) {
    Finish(id, tl::unexpected(TransportFailure{"the wallet is being closed"}));
  }
}

bool ExchangePool::TakeFinished() { return std::exchange(finished_, false); }

std::vector<ExchangePool::LogLine> ExchangePool::TakeLog() { return std::exchange(log_, {}); }

void ExchangePool::Log(LogLevel level, std::string text) {
  log_.push_back({level, fmt::format("acquirer {}: {}", address_.name, text)});
}

}  // namespace bridge
