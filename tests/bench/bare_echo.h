// A bare Asio echo server in a process of its own: the floor of the gateway's transport.
#ifndef TESTS_BENCH_BARE_ECHO_H_
#define TESTS_BENCH_BARE_ECHO_H_

#include <sys/types.h>

#include <cstdint>

namespace bench {

// BareEcho runs this program as `bench --echo`; what goes wrong is a std::runtime_error.
class BareEcho {
 public:
  BareEcho();
  BareEcho(const BareEcho&) = delete;
  BareEcho& operator=(const BareEcho&) = delete;
  ~BareEcho();

  std::uint16_t port() const { return port_; }

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

// What that process does: prints its port and echoes until it is killed.
void EchoChild();

}  // namespace bench

#endif  // TESTS_BENCH_BARE_ECHO_H_
