#include "set/gateway.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "set/spoils.h"
#include "setcore/transport/frame.h"

namespace conform::set {
namespace {

namespace transport = setcore::transport;

int Must(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string("gateway: ") + what);
  return result;
}

std::string Text(const Octets& octets) { return {octets.begin(), octets.end()}; }

}  // namespace

struct Gateway::Connection {
  int fd = -1;
  bool closed = false;
  bool open = false;  // authenticated
  std::string line;
  std::string greeting;
  transport::FrameReader frames;
};

Gateway::Gateway(Options options, Acquirer acquirer)
    : options_(std::move(options)), acquirer_(std::move(acquirer)) {
  listener_ = Must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  setsockopt(listener_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(options_.port);
  Must(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), "bind");
  Must(listen(listener_, 16), "listen");
  socklen_t size = sizeof(address);
  Must(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  port_ = ntohs(address.sin_port);
  Must(pipe2(wake_, O_CLOEXEC | O_NONBLOCK), "pipe");
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Serve(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Gateway::~Gateway() {
  stopping_ = true;
  [[maybe_unused]] const auto written = write(wake_[1], "", 1);
  thread_.join();
  for (const auto& connection : open_) close(connection->fd);
  close(listener_);
  close(wake_[0]);
  close(wake_[1]);
}

void Gateway::Always(Manner manner) {
  const std::lock_guard lock(mutex_);
  always_ = manner;
}

void Gateway::Next(std::vector<Manner> manners) {
  const std::lock_guard lock(mutex_);
  next_.assign(manners.begin(), manners.end());
}

int Gateway::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::vector<Octets> Gateway::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int Gateway::authorizations() const {
  const std::lock_guard lock(mutex_);
  return authorizations_;
}

int Gateway::reversals() const {
  const std::lock_guard lock(mutex_);
  return reversals_;
}

std::vector<std::string> Gateway::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

Authorization Gateway::last() const {
  const std::lock_guard lock(mutex_);
  if (opened_.empty()) throw Malformed("no AuthReq came");
  return opened_.back();
}

void Gateway::Serve() {
  while (!stopping_) {
    std::vector<pollfd> polled = {{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    for (const auto& connection : open_) polled.push_back({connection->fd, POLLIN, 0});
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    for (std::size_t i = 2; i < polled.size(); ++i) {
      if (polled[i].revents != 0) Read(*open_[i - 2]);
    }
    std::erase_if(open_, [](const auto& connection) {
      if (connection->closed) close(connection->fd);
      return connection->closed;
    });
    if ((polled[0].revents & POLLIN) == 0) continue;
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    auto connection = std::make_unique<Connection>();
    connection->fd = fd;
    {
      const std::lock_guard lock(mutex_);
      ++connections_;
      connection->greeting = "+OK|conformance gateway|<" + std::to_string(getpid()) + "." +
                             std::to_string(connections_) + "." +
                             ToHex(acquirer_.dice("challenge", 16)) + "@judge>";
    }
    Send(*connection, connection->greeting + "\r\n");
    open_.push_back(std::move(connection));
  }
}

void Gateway::Send(Connection& connection, const std::string& octets) {
  std::size_t at = 0;
  while (at < octets.size()) {
    const auto sent = send(connection.fd, octets.data() + at, octets.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) {
      connection.closed = true;
      return;
    }
    at += static_cast<std::size_t>(sent);
  }
}

// The Authentication line (tcp-transport.md, 3.2); true when the connection is open.
bool Gateway::TakeLine(Connection& connection) {
  std::string& line = connection.line;
  line.erase(line.find('\r') == std::string::npos ? line.size() : line.find('\r'));
  const Octets mac =
      HmacSha1(Concat({Octets(connection.greeting.begin(), connection.greeting.end()),
                       Octets(options_.transport_id.begin(), options_.transport_id.end())}),
               options_.shared_secret);
  if (line == "Authentication|" + options_.transport_id + "|" + ToBase64(mac)) {
    Send(connection, "+OK|welcome\r\n");
    return true;
  }
  {
    const std::lock_guard lock(mutex_);
    faults_.push_back("Authentication: " + line);
  }
  Send(connection, "-ERR|Authentication failed\r\n");
  connection.closed = true;
  return false;
}

void Gateway::Read(Connection& connection) {
  std::uint8_t buffer[16384];
  const auto got = recv(connection.fd, buffer, sizeof(buffer), 0);
  if (got <= 0) {
    connection.closed = true;
    return;
  }
  OctetView in(buffer, static_cast<std::size_t>(got));
  while (!connection.open && !in.empty()) {
    const char c = static_cast<char>(in[0]);
    in = in.subspan(1);
    if (c != '\n') {
      connection.line += c;
      continue;
    }
    connection.open = TakeLine(connection);
    if (!connection.open) return;
  }
  while (!in.empty() && !connection.closed) {
    const auto outcome = connection.frames.Feed(in);
    if (outcome == transport::FrameReader::Outcome::kMore) return;
    if (outcome == transport::FrameReader::Outcome::kLost) {
      const std::lock_guard lock(mutex_);
      faults_.push_back("framing: " + std::string(connection.frames.lost_text()));
      connection.closed = true;
      return;
    }
    transport::Frame& frame = connection.frames.frame();
    if (frame.kind == transport::FrameKind::kSet) {
      TakeRequest(connection, frame.body, frame.tag ? frame.tag->spelling : "");
    } else if (frame.kind == transport::FrameKind::kControl) {
      std::string out;
      if (frame.control == transport::Control::kEcho) {
        transport::AppendControl(out, transport::Control::kEchoReply, frame.tag, Text(frame.body));
      } else if (frame.control == transport::Control::kClose) {
        transport::AppendControl(out, transport::Control::kCloseReply, frame.tag, Text(frame.body));
        connection.closed = true;
      }
      Send(connection, out);
    }
  }
}

void Gateway::TakeRequest(Connection& connection, const Octets& message, const std::string& tag) {
  Manner manner;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(message);
    manner = always_;
    if (!next_.empty()) {
      manner = next_.front();
      next_.pop_front();
    }
  }
  std::optional<transport::Tag> reply_tag;
  if (!tag.empty()) reply_tag = transport::Tag{tag, tag};
  std::string out;
  switch (manner) {
    case Manner::kSilent:
      return;
    case Manner::kHangUp:
      connection.closed = true;
      return;
    case Manner::kGarbage:
      out = "this is no frame at all\r\n\r\n";
      break;
    case Manner::kNoDer:
      transport::AppendSetMessage(out, reply_tag, Octets(40, 0xAB));
      break;
    case Manner::kStatusFailed:
      transport::AppendStatus(out, transport::StatusClass::kFailed, 0, reply_tag,
                              "Service unavailable");
      break;
    case Manner::kStatusRetry:
      transport::AppendStatus(out, transport::StatusClass::kRetry, 1, reply_tag, "Busy");
      break;
    default: {
      const Octets answer = Answer(message, manner);
      if (answer.empty()) return;
      transport::AppendSetMessage(out, reply_tag, answer);
      if (manner == Manner::kHangUpMidAnswer) {
        out.resize(out.size() / 2);
        connection.closed = true;
      }
      break;
    }
  }
  const bool hang_up = connection.closed;
  Send(connection, out);
  connection.closed |= hang_up;
}

// The answer in this manner; empty if the request has a fault.
Octets Gateway::Answer(const Octets& message, Manner manner) {
  const std::lock_guard lock(mutex_);
  try {
    // A true answer stays the answer (set-processing.md, 2.3).
    if (const auto known = answered_.find(message); known != answered_.end()) return known->second;
    if (set::Read(message).alternative == "authReversalRequest") {
      const Octets xid = set::Read(message).header().at("messageIDs.xID").octets();
      if (!by_xid_.contains(xid)) throw Malformed("AuthRevReq: no such authorization");
      const Acquirer::Reversal reversal = acquirer_.OpenReversal(message, by_xid_.at(xid));
      if (manner == Manner::kUnsignedError) {
        return acquirer_.Error(kUnspecifiedFailure, message, std::nullopt);
      }
      const int code = manner == Manner::kDecline ? 5 : 0;  // invalidTransaction, approved
      if (code == 0) ++reversals_;
      return answered_[message] = acquirer_.AuthRevRes(reversal, by_xid_.at(xid), code);
    }
    const Authorization authorization = acquirer_.Open(message);
    opened_.push_back(authorization);
    by_xid_[authorization.trans_ids().at("xid").octets()] = authorization;
    return AuthResBy(authorization, manner);
  } catch (const std::exception& fault) {
    faults_.emplace_back(fault.what());
    return {};
  }
}

Octets Gateway::AuthResBy(const Authorization& authorization, Manner manner) {
  const auto spoiled = [&](const char* what, Spoil spoil) {
    Acquirer liar = acquirer_;
    liar.spoil[what] = std::move(spoil);
    return liar.AuthRes(authorization, {});
  };
  const Octets& message = authorization.octets;
  switch (manner) {
    case Manner::kDecline:
      return answered_[message] = acquirer_.AuthRes(authorization, {2});
    case Manner::kCallIssuer:
      return answered_[message] = acquirer_.AuthRes(authorization, {4});
    case Manner::kPiMismatch:
      return answered_[message] = acquirer_.AuthRes(authorization, {12});
    case Manner::kForeignSigner:
      return acquirer_.AuthRes(authorization, {0, options_.foreign});
    case Manner::kBadSignature:
      return spoiled("AuthRes", FlipSignature);
    case Manner::kOtherAmount:
      return spoiled("AuthResData", [](Value& data) {
        Value amount;
        amount["currency"] = 840;
        amount["amount"] = 1;
        amount["amtExp10"] = -2;
        data["authResPayload.authHeader.authAmt"] = amount;
      });
    case Manner::kOtherXid:
    case Manner::kOtherRrpid: {
      Authorization other = authorization;
      const Octets strange = acquirer_.dice("strange", 20);
      Value data = other.data;
      Value& tags = data["authReqItem.authTags"];
      tags = Decode("AuthTags", authorization.data.at("authReqItem.authTags").der());
      if (manner == Manner::kOtherXid) {
        tags["transIDs.xid"] = strange;
      } else {
        tags["authRRTags.rrpid"] = strange;
        other.rrpid = strange;
      }
      const Octets der = Encode("AuthTags", tags);
      tags = Decode("AuthTags", der);
      other.data = data;
      return acquirer_.AuthRes(other, {});
    }
    case Manner::kBadDigest: {
      Value baggage;
      baggage["capToken.null"] = Octets{};
      AuthAnswer answer;
      answer.baggage = Encode("AuthResBaggage", baggage);
      Acquirer liar = acquirer_;
      liar.spoil["AuthResTBS"] = [](Value& tbs) {
        tbs["t2"] = DigestOf(Content::kAuthResBaggage, {0x30, 0x00});
      };
      return liar.AuthRes(authorization, answer);
    }
    case Manner::kUnsignedError:
      return acquirer_.Error(kUnspecifiedFailure, message, std::nullopt);
    case Manner::kForeignError:
      return acquirer_.Error(kUnspecifiedFailure, message, options_.foreign);
    case Manner::kSignedError:
      return answered_[message] =
                 acquirer_.Error(kUnspecifiedFailure, message, acquirer_.market().gateway_sign);
    default:
      ++authorizations_;
      return answered_[message] = acquirer_.AuthRes(authorization, {});
  }
}

}  // namespace conform::set
