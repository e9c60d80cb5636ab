// The links of a wallet, one for each [[gateway]], made when a payment first needs it.
#ifndef BRIDGE_ACQUIRER_LINKS_H_
#define BRIDGE_ACQUIRER_LINKS_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "bridge/acquirer/link.h"
#include "bridge/host.h"
#include "bridge/wallet/keyring.h"
#include "setcore/environment.h"

namespace bridge {

class Links {
 public:
  // To gives the link to the gateway of that name, which lives as long as this object.  Null: no
  // such gateway, or its shared secret is still locked.  Any thread.
  Link* To(std::string_view gateway, Keyring& keyring, const Host& host, setcore::Random* random);

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Link>, std::less<>> links_;
};

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_LINKS_H_
