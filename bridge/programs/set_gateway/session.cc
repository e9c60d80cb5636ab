#include "bridge/programs/set_gateway/session.h"

#include <fmt/format.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <chrono>
#include <exception>
#include <utility>
#include <vector>

#include "bridge/programs/set_gateway/log.h"
#include "setcore/transport/rrpid.h"

namespace bridge::gateway {
namespace {

using asio::ip::tcp;
using setcore::OctetView;
using setcore::transport::GatewayEvent;
using setcore::transport::GatewayState;
using setcore::transport::StatusClass;
using std::chrono::milliseconds;

constexpr std::size_t kMaxUnsent = 2097152;  // a peer that does not read is not read from
constexpr std::size_t kKeptCapacity = 4096;  // of the output of an idle connection
constexpr std::size_t kLargeReadSize = 65536;
constexpr int kLargeReads = 4;                  // then others are served first
constexpr std::int64_t kInformAfterMs = 2000;   // Status info says that the answer is late
constexpr std::int64_t kInformEveryMs = 20000;  // and says it again
constexpr std::int64_t kLingerMs = 2000;        // for the peer to close after our last word
constexpr std::uint32_t kBusyDelayS = 5;

const char* Name(GatewayState state) {
  constexpr std::array kNames = {"closed", "greeting", "authenticating", "open", "closing"};
  return kNames[static_cast<std::size_t>(state)];
}

// A request that throws costs its own connection nothing but an answer.
Served Process(const ServerHooks& hooks, OctetView message) {
  try {
    return hooks.process(message);
  } catch (const std::exception& error) {
    Served served;
    served.note = fmt::format("failed: {}", error.what());
    served.refusal = {StatusClass::kFailed, 0, "Service unavailable"};
    return served;
  }
}

void Sooner(std::optional<std::int64_t>& deadline, std::optional<std::int64_t> other) {
  if (other && (!deadline || *other < *deadline)) deadline = other;
}

}  // namespace

std::int64_t SteadyMs() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

Session::Session(const SessionContext& context, tcp::socket socket, Peers::Peer& peer,
                 std::string address, std::uint64_t number)
    : context_(context),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      peer_(peer),
      address_(std::move(address)),
      number_(number),
      since_ms_(SteadyMs()),
      connection_(context.settings),
      heard_ms_(since_ms_) {}

void Session::Start(bool allowed, const std::string& challenge) {
  std::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(tcp::no_delay(true), ignored);
  Log("connected");
  connection_.Accept(address_, allowed, challenge, SteadyMs());
  // Nobody may speak before the Greeting.
  if (socket_.available(ignored) > 0) ReadMore();
  Pump();
}

void Session::Close() {
  connection_.Close("equipment going out of service", SteadyMs());
  Pump();
}

void Session::Cut() {
  connection_.Drop("cut");
  TakeEvents();
  Finish();
}

std::string Session::Describe() const {
  const std::int64_t now = SteadyMs();
  const std::string& merchant = connection_.transport_id();
  return fmt::format("{}#{} {} {} age={}s quiet={}s requests={} outstanding={} in={} out={}",
                     address_, number_, merchant.empty() ? "-" : merchant,
                     Name(connection_.state()), (now - since_ms_) / 1000, (now - heard_ms_) / 1000,
                     requests_, pending_.size(), octets_in_, octets_out_);
}

void Session::Log(const std::string& text) const {
  context_.hooks.log(fmt::format("{}#{} {}", address_, number_, text));
}

// Does what the connection wants: events, output, reading, timer, end.
void Session::Pump() {
  if (ended_) return;
  TakeEvents();
  if (connection_.has_output()) {
    unsent_ += connection_.TakeOutput();
    Write();
    if (ended_) return;
  }
  if (connection_.state() == GatewayState::kClosed) {
    if (!linger_ms_) linger_ms_ = SteadyMs() + kLingerMs;
    if (unsent_.empty()) {
      if (peer_closed_) return Finish();
      // Our last word is written: the peer closes, so that no reset overtakes the word.
      std::error_code ignored;
      socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }
  }
  Read();
  SetTimer();
}

void Session::TakeEvents() {
  while (auto event = connection_.NextEvent()) Handle(std::move(*event));
}

void Session::Handle(GatewayEvent event) {
  switch (event.kind) {
    case GatewayEvent::Kind::kOpened:
      ++context_.counters.opened;
      if (!event.text.empty()) Log("is " + event.text);
      break;
    case GatewayEvent::Kind::kRequest:
      Begin(std::move(event));
      break;
    case GatewayEvent::Kind::kDown:
      Log(fmt::format("down: {}; ms={} requests={} answers={} in={} out={}", event.text,
                      SteadyMs() - since_ms_, requests_, answers_, octets_in_, octets_out_));
      pending_.clear();
      break;
    case GatewayEvent::Kind::kNote:
      Log("note: " + event.text);
      break;
  }
}

void Session::Begin(GatewayEvent event) {
  ++requests_;
  ++context_.counters.requests;
  const RequestId id = event.request;
  const std::int64_t now = SteadyMs();
  Pending& pending = pending_[id];
  pending.tag = setcore::transport::ForLog(event.tag);
  pending.size = event.message.size();
  if (const auto rrpid = setcore::transport::PeekRrpid(event.message)) pending.rrpid = Hex(*rrpid);
  pending.since_ms = now;
  if (!context_.peers.TakeMessage(peer_, now)) {
    Served busy;
    busy.note = "too many messages per second";
    busy.refusal = {StatusClass::kRetry, 1, "Busy"};
    return Answer(id, busy);
  }
  pending.inform_ms = now + kInformAfterMs;
  const std::size_t size = event.message.size();
  auto job = [self = shared_from_this(), id, message = std::move(event.message)]() mutable {
    Served served = Process(self->context_.hooks, message);
    const auto executor = self->socket_.get_executor();
    // The session goes along: it never ends on this thread.
    asio::post(executor, [self = std::move(self), id, served = std::move(served)]() mutable {
      self->Processed(id, std::move(served));
    });
  };
  const bool queued = context_.workers.Post(size, std::move(job));
  if (queued) return;
  Served busy;
  busy.note = "too much work waits";
  busy.refusal = {StatusClass::kRetry, kBusyDelayS, "Busy"};
  Answer(id, busy);
}

void Session::Processed(RequestId id, Served served) {
  const auto it = pending_.find(id);
  if (ended_ || it == pending_.end()) return Log("is gone, answer kept: " + served.note);
  const std::int64_t due_ms = it->second.since_ms + served.delay_ms;
  if (due_ms > SteadyMs()) {
    it->second.held = std::move(served);
    it->second.held_ms = due_ms;
  } else {
    Answer(id, served);
  }
  Pump();
}

void Session::Answer(RequestId id, const Served& served) {
  const auto it = pending_.find(id);
  const Pending& pending = it->second;
  const std::int64_t now = SteadyMs();
  Log(fmt::format("tag={} size={} rrpid={} ms={} answer={} {}",
                  pending.tag.empty() ? "-" : pending.tag, pending.size,
                  pending.rrpid.empty() ? "-" : pending.rrpid, now - pending.since_ms,
                  served.answer.size(), served.note));
  pending_.erase(it);
  if (served.refusal) {
    ++context_.counters.statuses;
    connection_.Refuse(id, served.refusal->status_class, served.refusal->delay_s,
                       served.refusal->text, now);
  } else {
    ++answers_;
    ++context_.counters.answers;
    connection_.Respond(id, served.answer, now);
  }
}

void Session::Read() {
  if (reading_ || peer_closed_ || unsent_.size() - written_ > kMaxUnsent) return;
  if (read_from_ms_ != 0 && SteadyMs() < read_from_ms_) return;
  reading_ = true;
  socket_.async_read_some(
      asio::buffer(buffer_),
      [self = shared_from_this()](const std::error_code& error, std::size_t size) {
        self->HaveRead(error, size);
      });
}

void Session::HaveRead(const std::error_code& error, std::size_t size) {
  reading_ = false;
  if (ended_) return;
  if (error) {
    peer_closed_ = true;
    connection_.Disconnected(error == asio::error::eof ? "closed by the peer" : error.message());
    if (error != asio::error::eof) unsent_.clear();
    return Pump();
  }
  TakeOctets({buffer_.data(), size});
  if (size == buffer_.size()) ReadMore();
  Pump();
}

// What waits behind a full buffer, without another turn for each kilobyte.
void Session::ReadMore() {
  std::array<std::uint8_t, kLargeReadSize> large;
  for (int i = 0; i < kLargeReads && read_from_ms_ == 0; ++i) {
    std::error_code error;
    const std::size_t size = socket_.read_some(asio::buffer(large), error);
    if (error) return;  // nothing there, or the next read says what it is
    TakeOctets({large.data(), size});
    if (size < large.size()) return;
  }
}

void Session::TakeOctets(OctetView octets) {
  octets_in_ += octets.size();
  context_.counters.octets_in += octets.size();
  const std::int64_t now = SteadyMs();
  heard_ms_ = now;
  const std::uint64_t messages = connection_.messages();
  const std::uint64_t requests = requests_;
  connection_.Received(octets, now);
  TakeEvents();
  // Requests above the rate have been answered with a Status; for all else the peer has to wait.
  const std::uint64_t controls = connection_.messages() - messages - (requests_ - requests);
  context_.counters.controls += controls;
  const std::int64_t wait = context_.peers.ChargeMessages(peer_, controls, now);
  read_from_ms_ = wait > 0 ? now + wait : 0;
}

void Session::Write() {
  while (!awaiting_writable_ && !unsent_.empty()) {
    std::error_code error;
    const std::size_t size = socket_.write_some(
        asio::buffer(unsent_.data() + written_, unsent_.size() - written_), error);
    if (error == asio::error::would_block) return AwaitWritable();
    if (error) {
      connection_.Disconnected(error.message());
      TakeEvents();
      return Finish();
    }
    written_ += size;
    octets_out_ += size;
    context_.counters.octets_out += size;
    write_ms_.reset();
    if (written_ < unsent_.size()) continue;
    written_ = 0;
    unsent_.clear();
    if (unsent_.capacity() > kKeptCapacity) unsent_.shrink_to_fit();
  }
}

void Session::AwaitWritable() {
  awaiting_writable_ = true;
  if (!write_ms_) write_ms_ = SteadyMs() + context_.settings.body_timeout_ms;
  socket_.async_wait(tcp::socket::wait_write,
                     [self = shared_from_this()](const std::error_code& error) {
                       self->awaiting_writable_ = false;
                       if (self->ended_ || error) return;
                       self->Write();
                       self->Pump();
                     });
}

void Session::SetTimer() {
  if (ended_) return;
  std::optional<std::int64_t> next = connection_.deadline();
  Sooner(next, write_ms_);
  Sooner(next, linger_ms_);
  if (read_from_ms_ != 0) Sooner(next, read_from_ms_);
  for (const auto& [id, pending] : pending_) {
    Sooner(next, pending.inform_ms);
    if (pending.held) Sooner(next, pending.held_ms);
  }
  if (next == timer_ms_) return;
  timer_ms_ = next;
  if (!next) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(asio::steady_timer::time_point(milliseconds(*next)));
  timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (error || self->ended_) return;
    self->timer_ms_.reset();
    self->HaveTime();
  });
}

void Session::HaveTime() {
  const std::int64_t now = SteadyMs();
  if (write_ms_ && now >= *write_ms_) {
    connection_.Drop("reads nothing");
    TakeEvents();
    return Finish();
  }
  if (linger_ms_ && now >= *linger_ms_) return Finish();
  if (now >= read_from_ms_) read_from_ms_ = 0;
  std::vector<RequestId> due;
  for (auto& [id, pending] : pending_) {
    if (pending.held && now >= pending.held_ms) {
      due.push_back(id);
    } else if (now >= pending.inform_ms) {
      pending.inform_ms = now + kInformEveryMs;
      connection_.Inform(id, "Slow financial network");
    }
  }
  for (const RequestId id : due) Answer(id, Served(std::move(*pending_[id].held)));
  connection_.Tick(now);
  Pump();
}

void Session::Finish() {
  if (std::exchange(ended_, true)) return;
  pending_.clear();
  timer_.cancel();
  std::error_code ignored;
  socket_.close(ignored);
  context_.ended(shared_from_this());
}

}  // namespace bridge::gateway
