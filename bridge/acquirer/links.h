// The links of a wallet, one for each [[gateway]], made when a payment first needs it.
#ifndef BRIDGE_ACQUIRER_LINKS_H_
#define BRIDGE_ACQUIRER_LINKS_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/acquirer/link.h"
#include "bridge/acquirer/system.h"
#include "bridge/acquirer/transport_failure.h"
#include "bridge/host.h"
#include "bridge/wallet/keyring.h"

namespace bridge {

class Links {
 public:
  // `system` outlives this object.
  explicit Links(System& system) : system_(system) {}

  // To gives the link to the gateway of that name, which lives as long as this object.  It fails by
  // kNoSuchGateway, kSecretLocked and kSecretDamaged.  Any thread.
  tl::expected<Link*, TransportFailure> To(std::string_view gateway, Keyring& keyring,
                                           const Host& host);

 private:
  System& system_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Link>, std::less<>> links_;
};

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_LINKS_H_
