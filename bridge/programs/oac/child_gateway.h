// ChildGateway: a set-gateway process of ours, from the moment it listens until this object dies.
#ifndef BRIDGE_PROGRAMS_OAC_CHILD_GATEWAY_H_
#define BRIDGE_PROGRAMS_OAC_CHILD_GATEWAY_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

namespace bridge::programs {

class ChildGateway {
 public:
  // Start runs `program` with `config` and returns when it prints "listening on HOST:PORT".  What
  // it says on standard error goes to the file `log`.  It dies with its parent.  The error is what
  // it said instead.
  static tl::expected<std::unique_ptr<ChildGateway>, std::string> Start(const std::string& program,
                                                                        const std::string& config,
                                                                        const std::string& log);
  ChildGateway(const ChildGateway&) = delete;
  ChildGateway& operator=(const ChildGateway&) = delete;
  // SIGTERM, and SIGKILL when it has not gone after 5 s.
  ~ChildGateway();

  std::uint16_t port() const { return port_; }
  std::uint16_t diagnostic_port() const { return diagnostic_port_; }
  pid_t pid() const { return pid_; }

 private:
  ChildGateway() = default;
  pid_t pid_ = -1;
  int output_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t diagnostic_port_ = 0;
};

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_OAC_CHILD_GATEWAY_H_
