#include "bridge/programs/set_gateway/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <ctime>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "bridge/programs/set_gateway/access.h"
#include "bridge/programs/set_gateway/counters.h"
#include "bridge/programs/set_gateway/descriptors.h"
#include "bridge/programs/set_gateway/diagnostic_session.h"
#include "bridge/programs/set_gateway/limits.h"
#include "bridge/programs/set_gateway/listener.h"
#include "bridge/programs/set_gateway/peers.h"
#include "bridge/programs/set_gateway/session.h"
#include "bridge/programs/set_gateway/signals.h"
#include "bridge/programs/set_gateway/workers.h"

namespace bridge::gateway {
namespace {

using asio::ip::tcp;

constexpr std::int64_t kRefusalPauseMs = 1000;  // between two lines about refused connections

std::size_t WorkerCount() { return std::max(2U, std::thread::hardware_concurrency()); }

setcore::transport::GatewaySettings SettingsOf(const Config& config) {
  setcore::transport::GatewaySettings settings;
  settings.max_outstanding = config.max_outstanding;
  settings.max_message_bytes = config.max_message_bytes;
  settings.t30_ms = config.t30_ms;
  settings.t120_ms = config.t120_ms;
  settings.header_timeout_ms = config.header_timeout_ms;
  settings.body_timeout_ms = config.body_timeout_ms;
  return settings;
}

}  // namespace

class Server::Impl {
 public:
  Impl(const Config& config, ServerHooks hooks, setcore::Random& random, int stats_s);

  tl::expected<void, std::string> Listen();
  void Run();
  std::string listening() const { return merchants_.place(); }
  std::string diagnostics() const { return diagnostics_.place(); }

 private:
  void Accepted(tcp::socket socket, const std::string& address);
  void AcceptedDiagnostic(tcp::socket socket, const std::string& address);
  Peers::Peer* Enter(const std::string& address);
  void LogRefusal(const std::string& address, std::string_view why);
  void Stop(int signal);
  void StopWhenEmpty();
  void PrintStats();
  void PrintConnections() const;
  Now Count() const;
  void Log(const std::string& line) const { hooks_.log(line); }

  const Config& config_;
  const ServerHooks hooks_;
  setcore::Random& random_;
  const std::chrono::seconds stats_every_;
  const Access access_;
  setcore::transport::GatewaySettings settings_;
  std::size_t max_connections_;
  Peers peers_;
  Counters counters_;
  std::optional<std::int64_t> refusal_logged_ms_;
  std::uint64_t refusals_unlogged_ = 0;
  bool stopping_ = false;
  asio::io_context io_{1};
  Listener merchants_;
  Listener diagnostics_;
  asio::steady_timer stats_{io_};
  std::optional<Signals> signals_;
  std::set<std::shared_ptr<Session>> sessions_;
  std::set<std::shared_ptr<DiagnosticSession>> diagnostic_sessions_;
  Workers workers_{
      WorkerCount(), {}, {.jobs = kMaxDiagnosticJobs, .octets = kMaxDiagnosticJobOctets}};
  const SessionContext context_;
  const DiagnosticContext diagnostic_context_;
};

Server::Impl::Impl(const Config& config, ServerHooks hooks, setcore::Random& random, int stats_s)
    : config_(config),
      hooks_(std::move(hooks)),
      random_(random),
      stats_every_(stats_s),
      access_(config.merchants, config.check_address),
      settings_(SettingsOf(config)),
      max_connections_(static_cast<std::size_t>(config.max_connections)),
      peers_({config.max_connections_per_peer, config.messages_per_second}),
      merchants_(io_, {[this](tcp::socket socket, const std::string& address) {
                         Accepted(std::move(socket), address);
                       },
                       hooks_.log}),
      diagnostics_(io_, {[this](tcp::socket socket, const std::string& address) {
                           AcceptedDiagnostic(std::move(socket), address);
                         },
                         hooks_.log}),
      context_{settings_,
               hooks_,
               peers_,
               workers_,
               counters_,
               [this](const std::shared_ptr<Session>& session) {
                 peers_.Leave(session->peer());
                 sessions_.erase(session);
                 StopWhenEmpty();
               }},
      diagnostic_context_{settings_, hooks_, workers_, counters_,
                          [this](const std::shared_ptr<DiagnosticSession>& session) {
                            peers_.Leave(session->peer());
                            diagnostic_sessions_.erase(session);
                            StopWhenEmpty();
                          }} {
  settings_.secret = [this](std::string_view id, std::string_view peer) {
    return access_.Secret(id, peer);
  };
}

tl::expected<void, std::string> Server::Impl::Listen() {
  // Whoever learns that we listen may send signals.
  signals_.emplace(io_, Signals::Actions{{SIGTERM, [this] { Stop(SIGTERM); }},
                                         {SIGINT, [this] { Stop(SIGINT); }},
                                         {SIGHUP,
                                          [this] {
                                            if (!workers_.Post(0, hooks_.renew)) {
                                              Log("SIGHUP: too much work waits, send it again");
                                            }
                                          }},
                                         {SIGUSR1, [this] { PrintConnections(); }}});
  const std::size_t descriptors = RaiseDescriptorLimit();
  if (const std::size_t most = ConnectionsWithin(descriptors); most < max_connections_) {
    Log(fmt::format("RLIMIT_NOFILE {} leaves room for {} connections, max_connections is {}",
                    descriptors, most, max_connections_));
    max_connections_ = most;
  }
  if (auto bound = merchants_.Bind(config_.listen); !bound) return bound;
  settings_.greeting = merchants_.place() + " is ready";
  if (!config_.diagnostic_listen) return {};
  return diagnostics_.Bind(*config_.diagnostic_listen);
}

void Server::Impl::Run() {
  merchants_.Accept();
  if (diagnostics_.is_open()) diagnostics_.Accept();
  if (stats_every_.count() > 0) PrintStats();
  io_.run();
  workers_.Join();
}

// The peer of a new connection, null for one above a limit.
Peers::Peer* Server::Impl::Enter(const std::string& address) {
  std::string_view why = "too many connections in all";
  if (sessions_.size() + diagnostic_sessions_.size() < max_connections_) {
    const auto peer = peers_.Enter(address, SteadyMs());
    if (peer) return *peer;
    why = peer.error();
  }
  ++counters_.refused;
  LogRefusal(address, why);
  return nullptr;
}

// A flood of connections is no flood of lines.
void Server::Impl::LogRefusal(const std::string& address, std::string_view why) {
  const std::int64_t now = SteadyMs();
  if (refusal_logged_ms_ && now < *refusal_logged_ms_ + kRefusalPauseMs) {
    ++refusals_unlogged_;
    return;
  }
  refusal_logged_ms_ = now;
  const std::uint64_t others = std::exchange(refusals_unlogged_, 0);
  Log(fmt::format("{} refused: {}", address, why) +
      (others > 0 ? fmt::format(" ({} others before)", others) : ""));
}

void Server::Impl::Accepted(tcp::socket socket, const std::string& address) {
  Peers::Peer* peer = Enter(address);
  if (peer == nullptr) return;
  const std::uint64_t number = ++counters_.accepted;
  const auto session =
      std::make_shared<Session>(context_, std::move(socket), *peer, address, number);
  sessions_.insert(session);
  std::string challenge;
  if (config_.challenge) {
    challenge = setcore::transport::MakeChallenge(static_cast<std::uint64_t>(getpid()), number,
                                                  std::time(nullptr), config_.listen.host, random_);
  }
  session->Start(access_.Allows(address), challenge);
}

void Server::Impl::AcceptedDiagnostic(tcp::socket socket, const std::string& address) {
  Peers::Peer* peer = Enter(address);
  if (peer == nullptr) return;
  const auto session =
      std::make_shared<DiagnosticSession>(diagnostic_context_, std::move(socket), *peer, address);
  diagnostic_sessions_.insert(session);
  session->Start();
}

void Server::Impl::Stop(int signal) {
  // Ending one changes the sets.
  const auto sessions = sessions_;
  const auto diagnostic_sessions = diagnostic_sessions_;
  if (std::exchange(stopping_, true)) {
    Log("second signal: connections are cut");
    for (const auto& session : sessions) session->Cut();
    for (const auto& session : diagnostic_sessions) session->Finish();
    return;
  }
  Log(fmt::format("signal {}: closing {} connections", signal, sessions.size()));
  merchants_.Close();
  diagnostics_.Close();
  for (const auto& session : sessions) session->Close();
  StopWhenEmpty();
}

void Server::Impl::StopWhenEmpty() {
  if (!stopping_ || !sessions_.empty() || !diagnostic_sessions_.empty()) return;
  signals_->Stop();
  stats_.cancel();
}

Now Server::Impl::Count() const {
  Now now;
  now.connections = sessions_.size();
  for (const auto& session : sessions_) now.outstanding += session->outstanding();
  return now;
}

void Server::Impl::PrintStats() {
  Log(StatsLine(counters_, Count()));
  stats_.expires_after(stats_every_);
  stats_.async_wait([this](const std::error_code& cancelled) {
    if (!cancelled) PrintStats();
  });
}

void Server::Impl::PrintConnections() const {
  Log(fmt::format("connections: {}", sessions_.size()));
  for (const auto& session : sessions_) Log("  " + session->Describe());
}

Server::Server(const Config& config, ServerHooks hooks, setcore::Random& random, int stats_s)
    : impl_(std::make_unique<Impl>(config, std::move(hooks), random, stats_s)) {}

Server::~Server() = default;

tl::expected<void, std::string> Server::Listen() { return impl_->Listen(); }

std::string Server::listening() const { return impl_->listening(); }

std::string Server::diagnostics() const { return impl_->diagnostics(); }

void Server::Run() { impl_->Run(); }

}  // namespace bridge::gateway
