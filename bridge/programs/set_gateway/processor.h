// What set-gateway does with one SET request: answered before, then the stored answer; else the
// gateway of SET decides, its ledger records the decision, and only then there is an answer.
// Nothing here fails but opening: a request that cannot be served gets a SET Error or a Status.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_PROCESSOR_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_PROCESSOR_H_

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "bridge/programs/set_gateway/config.h"
#include "bridge/programs/set_gateway/served.h"
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
  // Open makes or opens the store of the configuration.  `random` is borrowed and outlives the
  // processor.
  static tl::expected<std::unique_ptr<Processor>, std::string> Open(
      std::shared_ptr<const Config> config, setcore::Random& random,
      setcore::Time (*now)() = SystemTime);

  // Renew takes trust, CRLs, brands and rules from `config` and nothing else; what is being
  // processed ends with those it began with.
  void Renew(std::shared_ptr<const Config> config);

  Served Process(setcore::OctetView request);

  // Journal keeps a message of the diagnostic port until newer ones need its room.
  tl::expected<void, std::string> Journal(std::string_view peer, setcore::OctetView message);

 private:
  Processor(setcore::Random& random, setcore::Time (*now)()) : random_(random), now_(now) {}
  // Acting is what one request is judged with, from its beginning to its end.
  struct Acting {
    std::shared_ptr<const Config> config;
    std::vector<setcore::GatewayKeys> keys;  // borrowed from `config`
  };
  std::shared_ptr<const Acting> acting() const;
  // Settled is what the ledger made of a request, inside its transaction.
  struct Settled;
  Served Authorize(const setcore::Environment& env, const Acting& acting,
                   setcore::OctetView request, const setcore::crypto::Sha256Digest& digest);
  db::Result<void> SettleAuthorization(db::Transaction& tx, const setcore::Environment& env,
                                       const Acting& acting, const setcore::AuthRequest& request,
                                       Settled& out) const;
  Served Reverse(const setcore::Environment& env, const Acting& acting, setcore::OctetView request,
                 const setcore::crypto::Sha256Digest& digest);
  db::Result<void> SettleReversal(db::Transaction& tx, const setcore::Environment& env,
                                  const Acting& acting, const setcore::ReversalRequest& request,
                                  Settled& out) const;
  Served Capture(const setcore::Environment& env, const Acting& acting, setcore::OctetView request,
                 const setcore::crypto::Sha256Digest& digest);
  db::Result<void> SettleCapture(db::Transaction& tx, const setcore::Environment& env,
                                 const Acting& acting, const setcore::CaptureRequest& request,
                                 Settled& out) const;
  // Once lets `settle` act on a request of this signer and RRPID unless that has been answered, and
  // records its answer with what it did, in one transaction.
  template <class Settle>
  Served Once(const setcore::Environment& env, const Acting& acting, setcore::OctetView request,
              const setcore::crypto::Sha256Digest& digest,
              const setcore::crypto::Sha1Digest& signer_thumb, const setcore::msg::RRPID& rrpid,
              const Settle& settle);
  // AnswerError records the Error before it leaves if a merchant could take it for the outcome of
  // its request.
  Served AnswerError(const setcore::Environment& env, const Acting& acting,
                     setcore::OctetView request, const setcore::crypto::Sha256Digest& digest,
                     const setcore::Error& error);

  setcore::Random& random_;
  setcore::Time (*now_)();
  setcore::SecretOctets pan_key_;  // of the HMAC over account numbers
  setcore::GatewayPolicy policy_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Acting> acting_;  // under mutex_
  std::unique_ptr<db::GatewayStore> store_;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_PROCESSOR_H_
