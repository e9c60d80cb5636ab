// The sockets of set-gateway: one thread drives all connections of the TCP transport
// (tcp-transport.md, 5.2) and the diagnostic port, worker threads do the SET work.  Listening fails
// by text; afterwards only single connections fail, which the log tells.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_SERVER_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_SERVER_H_

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "bridge/programs/set_gateway/config.h"
#include "bridge/programs/set_gateway/served.h"
#include "setcore/environment.h"

namespace bridge::gateway {

class Server {
 public:
  // `config` and `random` are borrowed and outlive the server.  `stats_s`: every so many seconds
  // the log gets a line of counters, 0: never.
  Server(const Config& config, ServerHooks hooks, setcore::Random& random, int stats_s = 0);
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
