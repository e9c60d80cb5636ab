// Runs the built set-gateway with a PKI of its own, for tests.  What goes wrong is an exception.
#ifndef TESTS_UNIT_BRIDGE_ACQUIRER_GATEWAY_PROCESS_H_
#define TESTS_UNIT_BRIDGE_ACQUIRER_GATEWAY_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "setcore/environment.h"

namespace bridge {

// GatewayFiles is a directory with PKI and configuration, removed at the end.
class GatewayFiles {
 public:
  GatewayFiles();
  GatewayFiles(const GatewayFiles&) = delete;
  GatewayFiles& operator=(const GatewayFiles&) = delete;
  ~GatewayFiles();

  // Writes a configuration for a gateway on `port` (0: a free one) with the keys `extra` at its
  // top, `of_merchant` in its merchant and `sections` at its end, and gives its path.
  std::string Configure(std::uint16_t port, std::string_view extra = {},
                        std::string_view of_merchant = {}, std::string_view sections = {}) const;
  // Writes STEM-gateway-sign and STEM-gateway-exchange, .pem and .key: keys of the first brand,
  // valid from `not_before` on.
  void MakeNextKeys(const std::string& stem, setcore::Time not_before) const;
  const std::string& directory() const { return directory_; }
  const std::string& shared_secret() const { return shared_secret_; }  // "hex:…"

 private:
  std::string directory_;
  std::string configuration_;
  std::string shared_secret_;
};

// GatewayProcess is a running set-gateway; it is killed at the end if it still runs.
class GatewayProcess {
 public:
  // Starts it, with one more `option` unless that is empty, and waits until it listens.
  explicit GatewayProcess(const std::string& configuration, const std::string& option = {});
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;
  ~GatewayProcess();

  std::uint16_t port() const { return port_; }
  std::uint16_t diagnostic_port() const { return diagnostic_port_; }
  // Sends `signal` and gives the exit status, 128 + signal for a death by signal.
  int End(int signal);
  void Signal(int signal) const;
  int Wait();
  // Its resident memory.
  double ResidentKib() const;
  // What it has written to stderr.
  std::string Log() const;
  // Waits for `text` there; false after 20 s without it.
  bool Logs(std::string_view text) const;

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t diagnostic_port_ = 0;
  std::string log_;
};

// Runs set-gateway with `argument` to its end; gives the exit status and what it wrote to stderr.
struct Ended {
  int status = 0;
  std::string errors;
};
Ended RunGateway(const std::string& argument);

// A port that nobody listens on at the moment.
std::uint16_t FreePort();

}  // namespace bridge

#endif  // TESTS_UNIT_BRIDGE_ACQUIRER_GATEWAY_PROCESS_H_
