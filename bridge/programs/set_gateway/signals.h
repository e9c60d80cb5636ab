// The signals that set-gateway obeys, each with what it does, on the thread of the io_context.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_SIGNALS_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_SIGNALS_H_

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <functional>
#include <map>

namespace bridge::gateway {

class Signals {
 public:
  using Actions = std::map<int, std::function<void()>>;
  Signals(asio::io_context& io, Actions actions);
  // Nothing happens after that; the signals stay caught.
  void Stop();

 private:
  void Await();

  const Actions actions_;
  asio::signal_set set_;
  bool stopped_ = false;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_SIGNALS_H_
