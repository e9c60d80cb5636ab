// What set-gateway does with one SET request: answered before, then the stored answer; else the
// gateway of SET decides, its ledger records the decision, and only then there is an answer.
// Nothing here fails but opening: a request that cannot be served gets a SET Error or a Status.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_PROCESSOR_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_PROCESSOR_H_

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "bridge/programs/set_gateway/config.h"
#include "bridge/programs/set_gateway/server.h"
#include "db/gateway_store.h"
#include "setcore/crypto/digest.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/gateway.h"
#include "setcore/octets.h"

namespace bridge::gateway {

// SystemTime is the clock of the machine.
setcore::Time SystemTime();

// Processor may be used from any thread.
class Processor {
 public:
  // Open makes or opens the store of the configuration.  `config` and `random` are borrowed and
  // outlive the processor.
  static tl::expected<std::unique_ptr<Processor>, std::string> Open(
      const Config& config, setcore::Random& random, setcore::Time (*now)() = SystemTime);

  Served Process(setcore::OctetView request);

  // Journal keeps a message of the diagnostic port.
  tl::expected<void, std::string> Journal(std::string_view peer, setcore::OctetView message);

 private:
  Processor(const Config& config, setcore::Random& random, setcore::Time (*now)())
      : config_(config), random_(random), now_(now) {}
  // Settled is what the ledger made of an authorization, inside its transaction.
  struct Settled;
  Served Authorize(const setcore::Environment& env, setcore::OctetView request,
                   const setcore::crypto::Sha256Digest& digest);
  db::Result<void> Settle(db::Transaction& tx, const setcore::Environment& env,
                          const setcore::AuthRequest& request,
                          const setcore::crypto::Sha256Digest& digest, Settled& out) const;
  Served AnswerError(const setcore::Environment& env, setcore::OctetView request,
                     const setcore::Error& error) const;

  const Config& config_;
  setcore::Random& random_;
  setcore::Time (*now_)();
  setcore::SecretOctets pan_key_;  // of the HMAC over account numbers
  std::vector<setcore::GatewayKeys> keys_;
  setcore::GatewayPolicy policy_;
  std::unique_ptr<db::GatewayStore> store_;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_PROCESSOR_H_
