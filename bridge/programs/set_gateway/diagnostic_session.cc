#include "bridge/programs/set_gateway/diagnostic_session.h"

#include <fmt/format.h>

#include <asio/buffer.hpp>
#include <chrono>
#include <utility>

#include "bridge/programs/set_gateway/log.h"
#include "bridge/programs/set_gateway/session.h"
#include "setcore/crypto/digest.h"

namespace bridge::gateway {

DiagnosticSession::DiagnosticSession(const DiagnosticContext& context, asio::ip::tcp::socket socket,
                                     Peers::Peer& peer, std::string address)
    : context_(context),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      peer_(peer),
      address_(std::move(address)),
      receiver_(context.settings.max_message_bytes, context.settings.t30_ms, SteadyMs()) {}

void DiagnosticSession::Start() {
  timer_.expires_at(
      asio::steady_timer::time_point(std::chrono::milliseconds(receiver_.deadline())));
  timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error) self->Finish();
  });
  Read();
}

void DiagnosticSession::Read() {
  socket_.async_read_some(
      asio::buffer(buffer_),
      [self = shared_from_this()](const std::error_code& error, std::size_t size) {
        if (self->ended_) return;
        if (error || self->receiver_.Received({self->buffer_.data(), size})) return self->Finish();
        self->Read();
      });
}

void DiagnosticSession::Finish() {
  if (std::exchange(ended_, true)) return;
  timer_.cancel();
  std::error_code ignored;
  socket_.close(ignored);
  context_.ended(shared_from_this());
  auto message = receiver_.TakeMessage();
  if (!message) return context_.hooks.log(fmt::format("{} diagnostic: no message", address_));
  ++context_.counters.diagnostics;
  context_.hooks.log(fmt::format("{} diagnostic: {} octets, SHA-1 {}", address_, message->size(),
                                 Hex(setcore::crypto::Sha1(*message))));
  const std::size_t size = message->size();
  const bool queued = context_.workers.PostAside(
      size, [hooks = &context_.hooks, address = address_, message = std::move(*message)] {
        hooks->diagnostic(address, message);
      });
  if (!queued) context_.hooks.log(fmt::format("{} diagnostic: too much work waits", address_));
}

}  // namespace bridge::gateway
