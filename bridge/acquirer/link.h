// The payment handler's way to an acquirer payment gateway: a pool of connections of the TCP
// transport (External Interface Guide, Appendix E) that all calls of a wallet share.  A link starts
// its one driver thread with the first Exchange or Diagnose, beside it one more for as long as a
// host name is looked up, and joins both when it is destroyed.  They block all signals, descriptors
// are CLOEXEC, and writes use MSG_NOSIGNAL.
// A link fails by TransportFailure only: what it cannot deliver leaves the intent open.
#ifndef BRIDGE_ACQUIRER_LINK_H_
#define BRIDGE_ACQUIRER_LINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "bridge/acquirer/system.h"
#include "bridge/acquirer/transport_failure.h"
#include "bridge/host.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/octets.h"

namespace bridge {

// GatewayAddress is a [[gateway]] of the wallet profile: the out-of-band agreement of Appendix E.
struct GatewayAddress {
  std::string name;
  std::string host;  // a name, or a numeric IPv4 or IPv6 address
  std::uint16_t port = 0;
  std::uint16_t diagnostic_port = 0;  // 0: none agreed, Diagnose does nothing
  std::string transport_id;
  setcore::SecretOctets shared_secret;  // empty: no challenge is expected
  int max_outstanding = 16;             // per connection
  int max_connections = 4;
  int max_retries = 3;
  int min_resubmit_s = 60;
  int answer_timeout_s = 20;
  int echo_s = 0;  // an Echo after so long a silence, answered within t30_s; 0: none
  int idle_close_s = 300;
  int t30_s = 30;
  int t120_s = 120;
  std::size_t max_message_bytes = 1048576;
};

// Link may be used from any thread; it must outlive every call of its functions.
class Link {
 public:
  // Opens nothing yet.  `system` is borrowed and outlives the link.
  Link(GatewayAddress address, Host host, System& system = OperatingSystem());
  // Asks every open connection to close (waiting at most `kCloseWaitMs` for the Close-Replies),
  // fails what is still waiting, and joins the threads.  Only a name server that is silent at this
  // very moment keeps it longer (System::Resolve).
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Exchange sends `message` (a DER MessageWrapper) and blocks until the gateway's answer is there,
  // the exchange has failed, or `wait_ms` milliseconds have passed; the caller holds no lock of the
  // wallet.  After a time-out the exchange goes on: the same octets given again join it, or take
  // the answer that came meanwhile.  The octets are sent again, identical and under a new msg-tag,
  // after a lost connection, `retry`, `closing` and every min_resubmit_s, at most max_retries
  // times. What comes back is unverified; Status failed is a TransportFailure, not an outcome
  // (set-processing.md 7.6).
  tl::expected<setcore::Octets, TransportFailure> Exchange(setcore::OctetView message,
                                                           std::int64_t wait_ms);

  // Diagnose sends `error`, a SET Error message, to the gateway's diagnostic port and returns at
  // once.  One attempt is made, failures are logged (tcp-transport.md, 9).
  void Diagnose(setcore::OctetView error);

  const GatewayAddress& address() const;

  static constexpr std::int64_t kCloseWaitMs = 200;
  static constexpr std::int64_t kResolveMs = 10000;  // for a name
  static constexpr std::int64_t kConnectMs = 10000;  // for one address

 private:
  class Driver;
  std::unique_ptr<Driver> driver_;
};

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_LINK_H_
