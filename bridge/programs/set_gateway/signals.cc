#include "bridge/programs/set_gateway/signals.h"

#include <utility>

namespace bridge::gateway {

Signals::Signals(asio::io_context& io, Actions actions) : actions_(std::move(actions)), set_(io) {
  for (const auto& [signal, action] : actions_) set_.add(signal);
  Await();
}

void Signals::Await() {
  set_.async_wait([this](const std::error_code& error, int signal) {
    if (error) return;
    actions_.at(signal)();
    if (!stopped_) Await();
  });
}

void Signals::Stop() {
  stopped_ = true;
  set_.cancel();
}

}  // namespace bridge::gateway
