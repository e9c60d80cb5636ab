// The sockets of set-gateway: one thread drives all connections of the TCP transport
// (tcp-transport.md, 5.2) and the diagnostic port, worker threads do the SET work.  Listening fails
// by text; afterwards only single connections fail, which the log tells.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_SERVER_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/programs/set_gateway/config.h"
#include "setcore/environment.h"
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
  std::function<void(std::string_view line)> log;  // on any thread, one line without its end
};

class Server {
 public:
  // `config` and `random` are borrowed and outlive the server.
  Server(const Config& config, ServerHooks hooks, setcore::Random& random);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds the ports of the configuration.
  tl::expected<void, std::string> Listen();
  // "HOST:PORT" as bound; diagnostics only if configured.
  std::string listening() const;
  std::string diagnostics() const;

  // Serves until SIGTERM or SIGINT and the graceful close of all connections after it; a second
  // signal cuts them.
  void Run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_SERVER_H_
