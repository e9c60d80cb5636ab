// What the work behind the sockets of set-gateway gives back, and how the sockets ask for it.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_SERVED_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_SERVED_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "setcore/octets.h"
#include "setcore/transport/frame.h"

namespace bridge::gateway {

// Served is what became of one SET request.
struct Served {
  setcore::Octets answer;     // recorded already; empty only with `refusal`
  std::int64_t delay_ms = 0;  // the answer is held back so long, counted from the request
  std::string note;           // for the log
  struct Refusal {
    setcore::transport::StatusClass status_class = setcore::transport::StatusClass::kFailed;
    std::uint32_t delay_s = 0;
    std::string text;
  };
  std::optional<Refusal> refusal;  // a Status instead of an answer
};

struct ServerHooks {
  std::function<Served(setcore::OctetView request)> process;  // on worker threads
  std::function<void(std::string_view peer, setcore::OctetView message)> diagnostic;  // likewise
  std::function<void()> renew;                     // likewise: SIGHUP
  std::function<void(std::string_view line)> log;  // on any thread, one line without its end
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_SERVED_H_
