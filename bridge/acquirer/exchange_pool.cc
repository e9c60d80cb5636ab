#include "bridge/acquirer/exchange_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "bridge/texts/texts.h"

namespace bridge {
namespace {

using setcore::transport::MerchantEvent;
using setcore::transport::MerchantState;
using setcore::transport::StatusClass;

constexpr std::int64_t kSecond = 1000;

}  // namespace

ExchangePool::ExchangePool(const GatewayAddress& address, setcore::Random& random)
    : address_(address),
      who_(fmt::format("{} ({}:{})", address.name, address.host, address.port)),
      random_(random) {
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
  const auto resting = resting_.find(octets);
  exchange.message = std::move(octets);
  exchange.callers = 1;
  exchange.not_before_ms = resting == resting_.end() ? now_ms : std::max(now_ms, resting->second);
  if (closing_) Fail(id, DetailText::kWalletClosing);
  Schedule(now_ms);
  return id;
}

const ExchangePool::Answer* ExchangePool::Find(ExchangeId exchange) const {
  const Exchange& found = exchanges_.at(exchange);
  return found.answer ? &*found.answer : nullptr;
}

TransportFailure ExchangePool::Progress(ExchangeId exchange) const {
  const Exchange& found = exchanges_.at(exchange);
  const bool sent = found.connection != 0;
  if (found.trouble.empty()) {
    return {About(sent ? DetailText::kUnanswered : DetailText::kUnsent)};
  }
  return {About(sent ? DetailText::kUnansweredAfter : DetailText::kUnsentAfter, {found.trouble})};
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
  bool alone = true;
  for (const auto& [id, connection] : connections_) {
    if (connection->no_new) continue;
    alone = false;
    if (!connection->opened) coming += static_cast<std::size_t>(address_.max_outstanding);
  }
  const auto wanting = [&] {
    return coming < waiting &&
           connections_.size() < static_cast<std::size_t>(address_.max_connections);
  };
  reopens_ = wanting() && !alone && now_ms < reopen_ms_;
  if (reopens_) return;
  while (wanting()) {
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
  connection.last_used_ms = now_ms;
}

void ExchangePool::Connected(ConnectionId connection, std::int64_t now_ms) {
  Connection& found = *connections_.at(connection);
  found.connecting = false;
  found.last_received_ms = now_ms;
  found.last_used_ms = now_ms;
  found.line.Connected(now_ms);
}

void ExchangePool::ConnectFailed(ConnectionId connection, const Detail& why, std::int64_t now_ms) {
  connections_.erase(connection);
  reopen_ms_ = now_ms + kFirstBackoffMs;
  ConnectionTrouble(why, now_ms);
  Schedule(now_ms);
}

void ExchangePool::Received(ConnectionId connection, setcore::OctetView octets,
                            std::int64_t now_ms) {
  Connection& found = *connections_.at(connection);
  found.last_received_ms = now_ms;
  found.echo_due = false;
  found.line.Received(octets, now_ms);
  DrainEvents(connection, now_ms);
}

void ExchangePool::Disconnected(ConnectionId connection, Detail why, std::int64_t now_ms) {
  Connection& found = *connections_.at(connection);
  found.line.Disconnected(Words(why, Language::kEnglish));
  found.ended = std::move(why);
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
        connection.last_used_ms = now_ms;
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
        const Detail why = connection.ended.empty()
                               ? Detail(DetailText::kConnectionEnded, {{"cause", event->text}})
                               : connection.ended;
        for (const ExchangeId lost : event->lost) {
          // The first loss is repaired at once, the next ones with patience.
          const int retries = exchanges_.at(lost).retries;
          Retry(lost, retries == 0 ? now_ms : now_ms + Backoff(retries), why);
        }
        if (!connection.opened) {
          reopen_ms_ = now_ms + kFirstBackoffMs;
          ConnectionTrouble(why, now_ms);
        }
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
  Log(LogLevel::kInfo, fmt::format("connection {}: status {}: {}", connection,
                                   setcore::transport::Name(event.status_class), event.text));
  connections_.at(connection)->last_used_ms = now_ms;
  switch (event.status_class) {
    case StatusClass::kFailed:
      // set-processing.md 7.6: no outcome, whoever sent it.
      Fail(id, About(DetailText::kGatewayRefused, {Detail::Said(event.text)}));
      break;
    case StatusClass::kRetry: {
      const std::int64_t delay = event.delay_s * kSecond;
      resting_[exchange.message] = now_ms + delay;
      Retry(id, now_ms + delay + Jitter(delay / 4),
            {DetailText::kStatusRetry, {{"cause", event.text}}});
      break;
    }
    case StatusClass::kInfo:
      exchange.resubmit_ms = now_ms + address_.min_resubmit_s * kSecond;
      exchange.trouble = {DetailText::kStatusInfo, {{"cause", event.text}}};
      break;
    case StatusClass::kClosing:
      connections_.at(connection)->no_new = true;
      exchange.trouble = {DetailText::kStatusClosing, {{"cause", event.text}}};
      if (++exchange.closings > kFreeClosings) {
        Retry(id, now_ms, exchange.trouble);
      } else {
        exchange.connection = 0;
        exchange.not_before_ms = now_ms;
      }
      break;
  }
}

// No connection could be made: what was never sent fails at once, unless another connection is
// there or coming; what may have arrived is tried again with patience.
void ExchangePool::ConnectionTrouble(const Detail& why, std::int64_t now_ms) {
  for (const auto& [id, connection] : connections_) {
    if (!connection->no_new) return;
  }
  std::vector<ExchangeId> waiting;
  for (const auto& [id, exchange] : exchanges_) {
    if (!exchange.answer && exchange.connection == 0 && exchange.not_before_ms <= now_ms) {
      waiting.push_back(id);
    }
  }
  const Detail none = About(DetailText::kNoConnection, {why});
  Log(LogLevel::kWarning, Words(none, Language::kEnglish));
  for (const ExchangeId id : waiting) {
    const Exchange& exchange = exchanges_.at(id);
    if (exchange.ever_sent) {
      Retry(id, now_ms + Backoff(exchange.retries), why);
    } else {
      Fail(id, none);
    }
  }
}

void ExchangePool::Retry(ExchangeId id, std::int64_t not_before_ms, Detail why) {
  Exchange& exchange = exchanges_.at(id);
  exchange.connection = 0;
  exchange.not_before_ms = not_before_ms;
  exchange.trouble = std::move(why);
  if (++exchange.retries > address_.max_retries) {
    Fail(id, About(DetailText::kGaveUp, {exchange.trouble}));
  }
}

void ExchangePool::Fail(ExchangeId id, Detail why) {
  Finish(id, tl::unexpected(TransportFailure{std::move(why)}));
}

Detail ExchangePool::About(DetailText text, std::vector<Detail> causes) const {
  return {text, {{"gateway", who_}}, std::move(causes)};
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
    for (const auto at : {connection->line.deadline(), EchoAt(*connection), IdleAt(*connection)}) {
      if (at) take(*at);
    }
  }
  if (reopens_) take(reopen_ms_);
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

std::optional<std::int64_t> ExchangePool::EchoAt(const Connection& connection) const {
  const MerchantState state = connection.line.state();
  if (address_.echo_s == 0 ||
      (state != MerchantState::kOpen && state != MerchantState::kClosingPeer)) {
    return std::nullopt;
  }
  if (connection.echo_due) return connection.echo_sent_ms + address_.t30_s * kSecond;
  return connection.last_received_ms + address_.echo_s * kSecond;
}

std::optional<std::int64_t> ExchangePool::IdleAt(const Connection& connection) const {
  if (connection.no_new || connection.line.state() != MerchantState::kOpen ||
      connection.line.outstanding() != 0) {
    return std::nullopt;
  }
  return connection.last_used_ms + address_.idle_close_s * kSecond;
}

void ExchangePool::KeepAlive(ConnectionId id, std::int64_t now_ms) {
  Connection& connection = *connections_.at(id);
  if (const auto idle = IdleAt(connection); idle && *idle <= now_ms) {
    connection.no_new = true;
    connection.line.Close("idle-connection", now_ms);
    return;
  }
  if (const auto echo = EchoAt(connection); !echo || *echo > now_ms) return;
  if (connection.echo_due) {
    connection.ended = {DetailText::kEchoLate, {{"seconds", std::to_string(address_.t30_s)}}};
    connection.line.Disconnected(Words(connection.ended, Language::kEnglish));
    return;
  }
  connection.echo_due = true;
  connection.echo_sent_ms = now_ms;
  connection.line.Echo(now_ms);
}

void ExchangePool::Tick(std::int64_t now_ms) {
  std::erase_if(resting_, [now_ms](const auto& entry) { return entry.second <= now_ms; });
  std::vector<ConnectionId> ids;
  for (const auto& [id, connection] : connections_) ids.push_back(id);
  for (const ConnectionId id : ids) {
    connections_.at(id)->line.Tick(now_ms);
    KeepAlive(id, now_ms);
    DrainEvents(id, now_ms);
  }
  ResendOverdue(now_ms);
  Schedule(now_ms);
}

// What min_resubmit_s has passed for is sent again, elsewhere if its connection has been silent.
void ExchangePool::ResendOverdue(std::int64_t now_ms) {
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
    Retry(id, now_ms,
          {DetailText::kAnswerLate, {{"seconds", std::to_string(address_.min_resubmit_s)}}});
    Connection& connection = *connections_.at(on);
    connection.line.Abandon(id, now_ms);
    if (connection.last_received_ms <= sent || connection.line.outstanding() == 0) {
      connection.no_new = true;
      connection.line.Close("unanswered requests", now_ms);
    }
    DrainEvents(on, now_ms);
  }
}

void ExchangePool::CloseAll(std::int64_t now_ms) {
  closing_ = true;
  std::vector<ExchangeId> open;
  for (const auto& [id, exchange] : exchanges_) {
    if (!exchange.answer) open.push_back(id);
  }
  for (auto& [id, connection] : connections_) {
    for (const ExchangeId exchange : open) connection->line.Abandon(exchange, now_ms);
    const MerchantState state = connection->line.state();
    if (state == MerchantState::kGreeting || state == MerchantState::kAuthenticating) {
      connection->line.Disconnected("wallet closed");
    } else {
      connection->line.Close("wallet closed", now_ms);
    }
  }
  for (const ExchangeId id : open) {
    Fail(id, DetailText::kWalletClosing);
  }
}

bool ExchangePool::TakeFinished() { return std::exchange(finished_, false); }

std::vector<ExchangePool::LogLine> ExchangePool::TakeLog() { return std::exchange(log_, {}); }

void ExchangePool::Log(LogLevel level, std::string text) {
  log_.push_back({level, fmt::format("acquirer {}: {}", address_.name, text)});
}

}  // namespace bridge
