#include "end_to_end/stormy_gateway.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "setcore/transport/rrpid.h"

namespace storm {
namespace {

using setcore::Octets;
using setcore::transport::GatewayEvent;
using setcore::transport::GatewayState;
using setcore::transport::StatusClass;

constexpr std::int64_t kSecond = 1000;
constexpr std::string_view kDeadAddress = "192.0.2.1";
constexpr std::string_view kAddress = "192.0.2.2";

setcore::Time gateway_time = 0;
setcore::Time GatewayTime() { return gateway_time; }

std::pair<bridge::FileDescriptor, bridge::FileDescriptor> Pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error("socketpair");
  }
  return {bridge::FileDescriptor(ends[0]), bridge::FileDescriptor(ends[1])};
}

}  // namespace

StormyGateway::StormyGateway(const std::string& configuration, Agreement agreement,
                             std::uint32_t seed, std::int64_t calm_at, setcore::Time began_s)
    : agreement_(agreement), dice_(seed), segments_(seed), calm_at_(calm_at), began_s_(began_s) {
  gateway_time = began_s;
  auto loaded = bridge::gateway::Load(configuration, began_s);
  if (!loaded.config) throw std::runtime_error(ToText(loaded.problems.front()));
  config_ = std::make_shared<const bridge::gateway::Config>(std::move(*loaded.config));
  settings_.max_outstanding = agreement.max_outstanding;
  settings_.t30_ms = config_->t30_ms;
  settings_.t120_ms = config_->t120_ms;
  settings_.secret = [this](std::string_view id, std::string_view) {
    const auto& merchant = config_->merchants.front();
    return id == merchant.transport_id ? &merchant.shared_secret : nullptr;
  };
  Open();
}

StormyGateway::~StormyGateway() = default;

int StormyGateway::Draw(int least, int most) {
  return least + static_cast<int>(dice_() % static_cast<unsigned>(most - least + 1));
}

void StormyGateway::Open() {
  auto opened = bridge::gateway::Processor::Open(config_, random_, GatewayTime);
  if (!opened) throw std::runtime_error(opened.error());
  processor_ = std::move(*opened);
}

tl::expected<std::vector<bridge::SocketAddress>, std::string> StormyGateway::Resolve(
    const std::string& /*host*/) {
  ++counts_["lookups"];
  std::vector<bridge::SocketAddress> out;
  for (const std::string_view text : {kDeadAddress, kAddress}) {
    out.push_back(bridge::NumericAddresses(std::string(text)).front());
  }
  return out;
}

tl::expected<bridge::FileDescriptor, std::string> StormyGateway::Connect(
    const bridge::SocketAddress& address) {
  if (bridge::AddressText(address) == kDeadAddress) {
    return tl::unexpected(bridge::ErrorText(ENETUNREACH));
  }
  if (processor_ == nullptr || ending_) {
    ++counts_["connections refused"];
    return tl::unexpected(bridge::ErrorText(ECONNREFUSED));
  }
  auto [theirs, ours] = Pair();
  if (now_ < network_at_) {
    // A socket that never becomes writable: an attempt to connect that nobody answers.
    ++counts_["connections unanswered"];
    const std::array<char, 4096> filler{};
    while (send(theirs.get(), filler.data(), filler.size(), MSG_NOSIGNAL) > 0) {
    }
    holes_.push_back(std::move(ours));
    return std::move(theirs);
  }
  ++counts_["connections"];
  Session& session = sessions_.emplace_back(settings_);
  session.socket = std::move(ours);
  session.line.Accept("192.0.2.99", true, fmt::format("<{}@storm>", ++challenges_), now_);
  Write(session);
  const auto alive = std::ranges::count_if(sessions_, [](const Session& s) { return !s.gone; });
  // A connection that the network has swallowed is one that the merchant may have given up.
  const auto swallowed =
      std::ranges::count_if(sessions_, [](const Session& s) { return !s.gone && s.swallowed; });
  if (alive - swallowed > agreement_.max_connections) Complain("too many connections");
  return std::move(theirs);
}

void StormyGateway::Crash(std::int64_t down_ms) {
  for (Session& session : sessions_) session.gone = true;
  work_.clear();
  processor_.reset();
  ending_ = false;
  up_at_ = now_ + down_ms;
}

void StormyGateway::Change() {
  if (now_ >= calm_at_) {
    next_change_ = VirtualTime::kNever;
    return;
  }
  next_change_ = now_ + Draw(4, 30) * kSecond;
  if (processor_ == nullptr || ending_) return;
  switch (Draw(1, 6)) {
    case 1:
      ++counts_["restarts"];
      return Crash(Draw(1, 25) * kSecond);
    case 2:
      ++counts_["graceful restarts"];
      ending_ = true;
      for (Session& session : sessions_) {
        session.line.Close("equipment going out of service", now_);
      }
      return;
    case 3:
      ++counts_["closings"];
      for (Session& session : sessions_) session.line.Close("idle-connection", now_);
      return;
    case 4:
      ++counts_["retry storms"];
      storm_until_ = now_ + Draw(10, 60) * kSecond;
      return;
    case 5:
      ++counts_["network cuts"];
      network_at_ = now_ + Draw(5, 60) * kSecond;
      for (Session& session : sessions_) session.swallowed = true;
      return;
    default:
      ++counts_["resets"];
      for (Session& session : sessions_) session.gone = true;
      return;
  }
}

std::int64_t StormyGateway::Step(std::int64_t now) {
  now_ = now;
  gateway_time = began_s_ + now_ / kSecond;
  if (now_ >= next_change_) Change();
  if (processor_ == nullptr && now_ >= up_at_) Open();
  if (now_ >= network_at_) holes_.clear();
  for (Session& session : sessions_) {
    if (session.swallowed && now_ >= network_at_) session.gone = true;
  }
  for (Session& session : sessions_) {
    if (session.gone) continue;
    if (const auto deadline = session.line.deadline(); deadline && *deadline <= now_) {
      session.line.Tick(now_);
    }
    ReadFrom(session);
  }
  for (auto it = work_.begin(); it != work_.end();) {
    if (it->due > now_ && !it->session->gone) {
      ++it;
      continue;
    }
    if (!it->session->gone) Do(*it);
    it = work_.erase(it);
  }
  for (Session& session : sessions_) Write(session);
  Drop();
  if (ending_ && sessions_.empty()) Crash(Draw(1, 10) * kSecond);

  std::int64_t next = next_change_;
  if (processor_ == nullptr) next = std::min(next, up_at_);
  if (!holes_.empty()) next = std::min(next, network_at_);
  for (const Work& work : work_) next = std::min(next, work.due);
  for (const Session& session : sessions_) {
    if (session.swallowed) next = std::min(next, network_at_);
    if (const auto deadline = session.line.deadline()) next = std::min(next, *deadline);
  }
  return next;
}

void StormyGateway::ReadFrom(Session& session) {
  if (session.swallowed) return;
  while (!session.gone && session.line.state() != GatewayState::kClosed) {
    std::array<std::uint8_t, 2048> buffer;
    const std::size_t size = 1 + segments_() % buffer.size();
    const ssize_t n = recv(session.socket.get(), buffer.data(), size, 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n <= 0) {
      session.gone = true;
      return;
    }
    session.line.Received({buffer.data(), static_cast<std::size_t>(n)}, now_);
    while (auto event = session.line.NextEvent()) {
      if (event->kind == GatewayEvent::Kind::kRequest && !session.gone) Take(session, *event);
      if (event->kind == GatewayEvent::Kind::kDown) ++counts_["down: " + event->text];
    }
  }
}

void StormyGateway::Take(Session& session, GatewayEvent& event) {
  ++counts_["requests"];
  const auto rrpid = setcore::transport::PeekRrpid(event.message);
  if (!rrpid) return Complain("a request without RRPID");
  const Octets key(rrpid->begin(), rrpid->end());
  const auto [known, fresh] = octets_.emplace(key, event.message);
  if (!fresh) ++counts_["requests sent again"];
  if (known->second != event.message) Complain("other octets under the same RRPID");
  if (const auto rest = not_before_.find(key); rest != not_before_.end() && now_ < rest->second) {
    Complain(fmt::format("sent {} ms too early", rest->second - now_));
  }

  if (now_ < storm_until_ && Chance(80)) {
    ++counts_["status retry"];
    const int delay = Draw(1, 40);
    session.told[key] = now_ + delay * kSecond;
    return session.line.Refuse(event.request, StatusClass::kRetry,
                               static_cast<std::uint32_t>(delay), "Busy", now_);
  }
  if (now_ < calm_at_ && Chance(5)) {
    ++counts_["cut before the request was processed"];
    session.gone = true;
    return;
  }
  if (now_ < calm_at_ && Chance(3)) {
    ++counts_["requests lost"];
    return;
  }
  const bridge::gateway::Served served = processor_->Process(event.message);
  if (served.refusal) return Complain("not processed: " + served.note);
  if (served.note == "answered again") ++counts_["answered again"];
  Work work{now_ + Draw(10, 800), &session, event.request, Fate::kAnswer, served.answer};
  if (now_ < calm_at_ && Chance(5)) {
    ++counts_["slow answers"];
    work.due = now_ + Draw(3, 40) * kSecond;
    Work inform{now_ + 2 * kSecond, &session, event.request, Fate::kInform, {}};
    work_.push_back(std::move(inform));
  } else if (now_ < calm_at_ && Chance(8)) {
    const bool half = Chance(50);
    ++counts_[half ? "cut in the middle of an answer" : "cut behind an answer"];
    work.fate = half ? Fate::kAnswerHalfAndCut : Fate::kAnswerAndCut;
  } else if (now_ < calm_at_ && Chance(5)) {
    ++counts_["cut before the answer"];
    session.gone = true;
    return;
  }
  work_.push_back(std::move(work));
}

void StormyGateway::Do(Work& work) {
  Session& session = *work.session;
  if (work.fate == Fate::kInform) {
    return session.line.Inform(work.request, "Slow financial network");
  }
  Write(session);
  session.line.Respond(work.request, work.answer, now_);
  if (work.fate == Fate::kAnswer) return;
  if (work.fate == Fate::kAnswerHalfAndCut && !session.swallowed) {
    const std::string out = session.line.TakeOutput();
    send(session.socket.get(), out.data(), out.size() / 2, MSG_NOSIGNAL);
  }
  Write(session);
  session.gone = true;
}

void StormyGateway::Write(Session& session) {
  if (session.gone) return;
  const std::string out = session.line.TakeOutput();
  if (!session.swallowed && !out.empty() &&
      send(session.socket.get(), out.data(), out.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(out.size())) {
    session.gone = true;
  }
  // What the network has carried away binds the merchant, what was lost does not.
  if (!session.swallowed && !session.gone) {
    for (const auto& [rrpid, until] : session.told) not_before_[rrpid] = until;
  }
  session.told.clear();
  if (session.line.state() == GatewayState::kClosed) session.gone = true;
}

void StormyGateway::Drop() {
  std::erase_if(work_, [](const Work& work) { return work.session->gone; });
  std::erase_if(sessions_, [](const Session& session) { return session.gone; });
}

}  // namespace storm
