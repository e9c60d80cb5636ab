// FalseGateway: something on the gateway's port that is not the market's gateway.  It speaks the
// greeting without a challenge and then does what the test says with each request.
#ifndef TESTS_END_TO_END_FALSE_GATEWAY_H_
#define TESTS_END_TO_END_FALSE_GATEWAY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <thread>

#include "setcore/octets.h"
#include "setcore/transport/gateway_connection.h"

namespace market {

struct Conduct {
  // Sent instead of a greeting, then the connection is closed; empty: the greeting.
  std::string instead_of_greeting;
  // Answers a request, in the thread of the FalseGateway.  Empty: it keeps silent.
  std::function<void(setcore::transport::GatewayConnection&, setcore::transport::RequestId,
                     const setcore::Octets&, std::int64_t now_ms)>
      answer;
  // Closes the connection when that many octets of answers have been sent.
  std::size_t cut_after = std::numeric_limits<std::size_t>::max();
};

class FalseGateway {
 public:
  // Listens on 127.0.0.1:`port`, which must be free; throws std::runtime_error if it cannot.
  FalseGateway(std::uint16_t port, Conduct conduct);
  FalseGateway(const FalseGateway&) = delete;
  FalseGateway& operator=(const FalseGateway&) = delete;
  ~FalseGateway();

 private:
  void Serve();
  void Converse(int connection);
  // False: the test is over.
  bool WaitFor(int descriptor) const;

  Conduct conduct_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  std::thread thread_;
};

}  // namespace market

#endif  // TESTS_END_TO_END_FALSE_GATEWAY_H_
