#include "bridge/programs/set_gateway/server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio.hpp>
#include <chrono>
#include <csignal>
#include <ctime>
#include <map>
#include <set>
#include <utility>

#include "setcore/crypto/digest.h"
#include "setcore/transport/diagnostic.h"
#include "setcore/transport/gateway_connection.h"
#include "setcore/transport/rrpid.h"

namespace bridge::gateway {
namespace {

using asio::ip::tcp;
using setcore::Octets;
using setcore::OctetView;
using setcore::transport::GatewayConnection;
using setcore::transport::GatewayEvent;
using setcore::transport::GatewayState;
using setcore::transport::RequestId;
using std::chrono::milliseconds;

constexpr std::size_t kWorkers = 2;
constexpr std::size_t kReadSize = 16384;
constexpr std::size_t kMaxUnsent = 2097152;  // a peer that does not read is not read from
constexpr milliseconds kSlowAfter{2000};     // then Status info says that the answer is late
constexpr milliseconds kLinger{2000};        // for the peer to close after our last word
constexpr milliseconds kAcceptPause{100};    // when the system is out of descriptors
constexpr std::size_t kPeersRemembered = 4096;

std::int64_t NowMs() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

std::string Hex(OctetView octets) {
  std::string out;
  for (const std::uint8_t octet : octets) out += fmt::format("{:02x}", octet);
  return out;
}

std::string AddressText(const tcp::endpoint& endpoint) {
  return CanonicalAddress(endpoint.address().to_string()).value_or("?");
}

std::string EndpointText(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                    : fmt::format("{}:{}", address, endpoint.port());
}

}  // namespace

class Server::Impl {
 public:
  Impl(const Config& config, ServerHooks hooks, setcore::Random& random);

  tl::expected<void, std::string> Listen();
  void Run();
  const tcp::acceptor& acceptor() const { return acceptor_; }
  const tcp::acceptor& diagnostic_acceptor() const { return diagnostic_acceptor_; }

 private:
  class Session;
  class DiagnosticSession;
  // What is known of one peer address.
  struct Peer {
    int connections = 0;
    double tokens = 0;
    std::int64_t refilled_ms = 0;
  };

  static tl::expected<void, std::string> Bind(tcp::acceptor& acceptor, const Endpoint& endpoint);
  void Accept();
  void Accepted(tcp::socket socket);
  void AcceptDiagnostic();
  void AwaitSignal();
  void Stop(int signal);
  void Ended(const std::shared_ptr<Session>& session);
  bool AddressAllowed(const std::string& peer) const;
  const setcore::SecretOctets* FindSecret(std::string_view transport_id,
                                          std::string_view peer) const;
  Peer& PeerOf(const std::string& address);
  bool TakeToken(const std::string& address);
  Served Process(OctetView message) const;
  void Log(const std::string& line) const { hooks_.log(line); }

  const Config& config_;
  const ServerHooks hooks_;
  setcore::Random& random_;
  setcore::transport::GatewaySettings settings_;
  std::map<std::string, Peer> peers_;
  std::uint64_t accepted_ = 0;
  bool stopping_ = false;
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  tcp::acceptor diagnostic_acceptor_{io_};
  asio::signal_set signals_{io_};
  asio::steady_timer pause_{io_};
  asio::steady_timer diagnostic_pause_{io_};
  std::set<std::shared_ptr<Session>> sessions_;
  asio::thread_pool workers_{kWorkers};
};

// One connection of a merchant.
class Server::Impl::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Impl& server, tcp::socket socket, std::string peer, std::uint64_t number)
      : server_(server),
        socket_(std::move(socket)),
        timer_(socket_.get_executor()),
        peer_(std::move(peer)),
        name_(fmt::format("{}#{}", peer_, number)),
        connection_(server.settings_) {}

  const std::string& peer() const { return peer_; }

  void Start(bool allowed, const std::string& challenge) {
    connection_.Accept(peer_, allowed, challenge, NowMs());
    server_.Log(fmt::format("{} connected", name_));
    Pump();
  }

  void Close() {
    connection_.Close("equipment going out of service", NowMs());
    Pump();
  }

  void Cut() {
    connection_.Drop("cut");
    Finish();
  }

 private:
  struct Pending {
    std::string tag;
    std::size_t size = 0;
    std::string rrpid;
    std::int64_t since_ms = 0;
    std::unique_ptr<asio::steady_timer> slow;
    std::unique_ptr<asio::steady_timer> held;
  };

  // Does what the connection wants: events, output, timer, end.
  void Pump() {
    if (ended_) return;
    while (auto event = connection_.NextEvent()) Handle(std::move(*event));
    unsent_ += connection_.TakeOutput();
    Write();
    if (connection_.state() == GatewayState::kClosed) {
      if (unsent_.empty() && writing_.empty()) Linger();
    } else {
      SetTimer(connection_.deadline());
    }
    Read();
  }

  void Handle(GatewayEvent event) {
    switch (event.kind) {
      case GatewayEvent::Kind::kOpened:
        if (!event.text.empty()) {
          server_.Log(fmt::format("{} is {}", name_, event.text));
        }
        break;
      case GatewayEvent::Kind::kRequest:
        Begin(event);
        break;
      case GatewayEvent::Kind::kDown:
        server_.Log(fmt::format("{} down: {}", name_, event.text));
        pending_.clear();
        break;
      case GatewayEvent::Kind::kNote:
        server_.Log(fmt::format("{} note: {}", name_, event.text));
        break;
    }
  }

  void Begin(GatewayEvent& event) {
    const RequestId id = event.request;
    Pending& pending = pending_[id];
    pending.tag = setcore::transport::ForLog(event.tag);
    pending.size = event.message.size();
    if (const auto rrpid = setcore::transport::PeekRrpid(event.message))
      pending.rrpid = Hex(*rrpid);
    pending.since_ms = NowMs();
    if (!server_.TakeToken(peer_)) {
      Served busy;
      busy.note = "too many messages per second";
      busy.refusal = {setcore::transport::StatusClass::kRetry, 1, "Busy"};
      return Answer(id, busy);
    }
    pending.slow = std::make_unique<asio::steady_timer>(socket_.get_executor(), kSlowAfter);
    pending.slow->async_wait([self = shared_from_this(), id](const std::error_code& error) {
      if (error) return;
      self->connection_.Inform(id, "Slow financial network");
      self->Pump();
    });
    asio::post(server_.workers_, [self = shared_from_this(), id,
                                  message = std::move(event.message)] {
      Served served = self->server_.hooks_.process(message);
      asio::post(self->socket_.get_executor(), [self, id, served = std::move(served)]() mutable {
        self->Processed(id, std::move(served));
      });
    });
  }

  void Processed(RequestId id, Served served) {
    const auto it = pending_.find(id);
    if (ended_ || it == pending_.end()) {
      return server_.Log(fmt::format("{} is gone, answer kept: {}", name_, served.note));
    }
    const std::int64_t held_ms = served.delay_ms - (NowMs() - it->second.since_ms);
    if (held_ms <= 0) {
      Answer(id, served);
      return Pump();
    }
    it->second.held =
        std::make_unique<asio::steady_timer>(socket_.get_executor(), milliseconds(held_ms));
    it->second.held->async_wait(
        [self = shared_from_this(), id, served = std::move(served)](const std::error_code& error) {
          if (error) return;
          self->Answer(id, served);
          self->Pump();
        });
  }

  void Answer(RequestId id, const Served& served) {
    const auto it = pending_.find(id);
    if (it == pending_.end()) return;
    const Pending& pending = it->second;
    server_.Log(fmt::format("{} tag={} size={} rrpid={} ms={} {}", name_,
                            pending.tag.empty() ? "-" : pending.tag, pending.size,
                            pending.rrpid.empty() ? "-" : pending.rrpid, NowMs() - pending.since_ms,
                            served.note));
    pending_.erase(it);
    if (served.refusal) {
      connection_.Refuse(id, served.refusal->status_class, served.refusal->delay_s,
                         served.refusal->text, NowMs());
    } else {
      connection_.Respond(id, served.answer, NowMs());
    }
  }

  void Read() {
    if (reading_ || ended_ || unsent_.size() + writing_.size() > kMaxUnsent) return;
    reading_ = true;
    socket_.async_read_some(
        asio::buffer(buffer_),
        [self = shared_from_this()](const std::error_code& error, std::size_t size) {
          self->reading_ = false;
          if (self->ended_) return;
          if (error) {
            self->connection_.Disconnected(error == asio::error::eof ? "closed by the peer"
                                                                     : error.message());
            while (auto event = self->connection_.NextEvent()) self->Handle(std::move(*event));
            return self->Finish();
          }
          self->connection_.Received({self->buffer_.data(), size}, NowMs());
          self->Pump();
        });
  }

  void Write() {
    if (!writing_.empty() || unsent_.empty() || ended_) return;
    writing_.swap(unsent_);
    asio::async_write(socket_, asio::buffer(writing_),
                      [self = shared_from_this()](const std::error_code& error, std::size_t) {
                        self->writing_.clear();
                        if (self->ended_) return;
                        if (error) {
                          self->connection_.Disconnected(error.message());
                          return self->Finish();
                        }
                        self->Pump();
                      });
  }

  void SetTimer(std::optional<std::int64_t> deadline) {
    if (deadline == timer_deadline_) return;
    timer_deadline_ = deadline;
    timer_.cancel();
    if (!deadline) return;
    timer_.expires_after(milliseconds(std::max<std::int64_t>(*deadline - NowMs(), 0)));
    timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
      if (error || self->ended_) return;
      self->timer_deadline_.reset();
      self->connection_.Tick(NowMs());
      self->Pump();
    });
  }

  // Our last word is written: waits for the peer to close, so that no reset overtakes the word.
  void Linger() {
    if (lingering_) return;
    lingering_ = true;
    std::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    timer_.cancel();
    timer_.expires_after(kLinger);
    timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
      if (!error) self->Finish();
    });
  }

  void Finish() {
    if (ended_) return;
    ended_ = true;
    pending_.clear();
    timer_.cancel();
    std::error_code ignored;
    socket_.close(ignored);
    server_.Ended(shared_from_this());
  }

  Impl& server_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::optional<std::int64_t> timer_deadline_;
  const std::string peer_;
  const std::string name_;
  GatewayConnection connection_;
  std::map<RequestId, Pending> pending_;
  std::array<std::uint8_t, kReadSize> buffer_{};
  std::string unsent_;
  std::string writing_;
  bool reading_ = false;
  bool lingering_ = false;
  bool ended_ = false;
};

// One connection to the diagnostic port (tcp-transport.md, 9).
class Server::Impl::DiagnosticSession : public std::enable_shared_from_this<DiagnosticSession> {
 public:
  DiagnosticSession(Impl& server, tcp::socket socket, std::string peer)
      : server_(server),
        socket_(std::move(socket)),
        timer_(socket_.get_executor(), milliseconds(server.settings_.t30_ms)),
        peer_(std::move(peer)),
        receiver_(server.settings_.max_message_bytes, server.settings_.t30_ms, NowMs()) {}

  void Start() {
    timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
      if (!error) self->Finish();
    });
    Read();
  }

 private:
  void Read() {
    socket_.async_read_some(
        asio::buffer(buffer_),
        [self = shared_from_this()](const std::error_code& error, std::size_t size) {
          if (error || self->receiver_.Received({self->buffer_.data(), size})) {
            return self->Finish();
          }
          self->Read();
        });
  }

  void Finish() {
    timer_.cancel();
    std::error_code ignored;
    socket_.close(ignored);
    auto message = receiver_.TakeMessage();
    if (!message) return server_.Log(fmt::format("{} diagnostic: no message", peer_));
    server_.Log(fmt::format("{} diagnostic: {} octets, SHA-1 {}", peer_, message->size(),
                            Hex(setcore::crypto::Sha1(*message))));
    asio::post(server_.workers_, [server = &server_, peer = peer_, message = std::move(*message)] {
      server->hooks_.diagnostic(peer, message);
    });
  }

  Impl& server_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  const std::string peer_;
  setcore::transport::DiagnosticReceiver receiver_;
  std::array<std::uint8_t, kReadSize> buffer_{};
};

Server::Impl::Impl(const Config& config, ServerHooks hooks, setcore::Random& random)
    : config_(config), hooks_(std::move(hooks)), random_(random) {
  settings_.max_outstanding = config.max_outstanding;
  settings_.max_message_bytes = config.max_message_bytes;
  settings_.t30_ms = config.t30_ms;
  settings_.t120_ms = config.t120_ms;
  settings_.header_timeout_ms = config.header_timeout_ms;
  settings_.body_timeout_ms = config.body_timeout_ms;
  settings_.secret = [this](std::string_view id, std::string_view peer) {
    return FindSecret(id, peer);
  };
}

const setcore::SecretOctets* Server::Impl::FindSecret(std::string_view transport_id,
                                                      std::string_view peer) const {
  for (const MerchantAccess& merchant : config_.merchants) {
    if (merchant.transport_id != transport_id || merchant.shared_secret.empty()) continue;
    const bool allowed =
        merchant.allowed_peers.empty() ||
        std::ranges::find(merchant.allowed_peers, peer) != merchant.allowed_peers.end();
    return allowed ? &merchant.shared_secret : nullptr;
  }
  return nullptr;
}

bool Server::Impl::AddressAllowed(const std::string& peer) const {
  if (!config_.check_address) return true;
  return std::ranges::any_of(config_.merchants, [&](const MerchantAccess& merchant) {
    return merchant.allowed_peers.empty() ||
           std::ranges::find(merchant.allowed_peers, peer) != merchant.allowed_peers.end();
  });
}

tl::expected<void, std::string> Server::Impl::Bind(tcp::acceptor& acceptor,
                                                   const Endpoint& endpoint) {
  std::error_code error;
  const tcp::endpoint at(asio::ip::make_address(endpoint.host, error), endpoint.port);
  if (!error) acceptor.open(at.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(at, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return tl::unexpected(
      fmt::format("cannot listen on {}:{}: {}", endpoint.host, endpoint.port, error.message()));
}

tl::expected<void, std::string> Server::Impl::Listen() {
  if (auto bound = Bind(acceptor_, config_.listen); !bound) return bound;
  settings_.greeting = fmt::format("{} is ready", EndpointText(acceptor_.local_endpoint()));
  if (!config_.diagnostic_listen) return {};
  return Bind(diagnostic_acceptor_, *config_.diagnostic_listen);
}

// A request that throws costs its own connection nothing but an answer.
Served Server::Impl::Process(OctetView message) const {
  try {
    return hooks_.process(message);
  } catch (const std::exception& error) {
    Served served;
    served.note = fmt::format("failed: {}", error.what());
    served.refusal = {setcore::transport::StatusClass::kFailed, 0, "Service unavailable"};
    return served;
  }
}

void Server::Impl::Run() {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) signals_.add(signal);
  AwaitSignal();
  Accept();
  if (diagnostic_acceptor_.is_open()) AcceptDiagnostic();
  io_.run();
  workers_.join();
}

void Server::Impl::AwaitSignal() {
  signals_.async_wait([this](const std::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      Log("SIGHUP: certificates, CRLs and rules are read again with a later version");
    } else {
      Stop(signal);
    }
    if (!stopping_ || !sessions_.empty()) AwaitSignal();
  });
}

void Server::Impl::Stop(int signal) {
  const auto sessions = sessions_;  // ending one changes the set
  if (std::exchange(stopping_, true)) {
    Log("second signal: connections are cut");
    for (const auto& session : sessions) session->Cut();
    return;
  }
  Log(fmt::format("signal {}: closing {} connections", signal, sessions.size()));
  std::error_code ignored;
  acceptor_.close(ignored);
  diagnostic_acceptor_.close(ignored);
  pause_.cancel();
  diagnostic_pause_.cancel();
  for (const auto& session : sessions) session->Close();
}

void Server::Impl::Ended(const std::shared_ptr<Session>& session) {
  Peer& peer = PeerOf(session->peer());
  --peer.connections;
  sessions_.erase(session);
  if (stopping_ && sessions_.empty()) signals_.cancel();
}

Server::Impl::Peer& Server::Impl::PeerOf(const std::string& address) {
  if (peers_.size() > kPeersRemembered) {
    std::erase_if(peers_, [&](const auto& entry) {
      return entry.second.connections == 0 && entry.first != address;
    });
  }
  const auto [it, added] = peers_.try_emplace(address);
  if (added) {
    it->second.tokens = config_.messages_per_second;
    it->second.refilled_ms = NowMs();
  }
  return it->second;
}

// A bucket that holds the messages of one second.
bool Server::Impl::TakeToken(const std::string& address) {
  Peer& peer = PeerOf(address);
  const std::int64_t now = NowMs();
  const double rate = config_.messages_per_second;
  peer.tokens =
      std::min(rate, peer.tokens + static_cast<double>(now - peer.refilled_ms) * rate / 1000.0);
  peer.refilled_ms = now;
  if (peer.tokens < 1.0) return false;
  peer.tokens -= 1.0;
  return true;
}

void Server::Impl::Accept() {
  acceptor_.async_accept([this](const std::error_code& error, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (!error) {
      Accepted(std::move(socket));
      return Accept();
    }
    if (error == asio::error::operation_aborted) return;
    Log("accept: " + error.message());
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const std::error_code& cancelled) {
      if (!cancelled) Accept();
    });
  });
}

void Server::Impl::Accepted(tcp::socket socket) {
  std::error_code error;
  const tcp::endpoint endpoint = socket.remote_endpoint(error);
  if (error) return;  // gone already
  socket.set_option(tcp::no_delay(true), error);
  const std::string address = AddressText(endpoint);
  Peer& peer = PeerOf(address);
  if (sessions_.size() >= static_cast<std::size_t>(config_.max_connections) ||
      peer.connections >= config_.max_connections_per_peer) {
    Log(fmt::format("{} refused: too many connections", address));
    return;
  }
  ++peer.connections;
  const std::uint64_t number = ++accepted_;
  const auto session = std::make_shared<Session>(*this, std::move(socket), address, number);
  sessions_.insert(session);
  std::string challenge;
  if (config_.challenge) {
    challenge = setcore::transport::MakeChallenge(static_cast<std::uint64_t>(getpid()), number,
                                                  std::time(nullptr), config_.listen.host, random_);
  }
  session->Start(AddressAllowed(address), challenge);
}

void Server::Impl::AcceptDiagnostic() {
  diagnostic_acceptor_.async_accept([this](const std::error_code& error, tcp::socket socket) {
    if (!diagnostic_acceptor_.is_open() || error == asio::error::operation_aborted) return;
    if (error) {
      diagnostic_pause_.expires_after(kAcceptPause);
      return diagnostic_pause_.async_wait([this](const std::error_code& cancelled) {
        if (!cancelled) AcceptDiagnostic();
      });
    }
    std::error_code gone;
    const tcp::endpoint endpoint = socket.remote_endpoint(gone);
    if (!gone && TakeToken(AddressText(endpoint))) {
      std::make_shared<DiagnosticSession>(*this, std::move(socket), AddressText(endpoint))->Start();
    }
    AcceptDiagnostic();
  });
}

Server::Server(const Config& config, ServerHooks hooks, setcore::Random& random)
    : impl_(std::make_unique<Impl>(config, std::move(hooks), random)) {}

Server::~Server() = default;

tl::expected<void, std::string> Server::Listen() { return impl_->Listen(); }

std::string Server::listening() const { return EndpointText(impl_->acceptor().local_endpoint()); }

std::string Server::diagnostics() const {
  return impl_->diagnostic_acceptor().is_open()
             ? EndpointText(impl_->diagnostic_acceptor().local_endpoint())
             : std::string();
}

void Server::Run() { impl_->Run(); }

}  // namespace bridge::gateway
