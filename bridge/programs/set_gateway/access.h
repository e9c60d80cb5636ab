// Which merchant may connect from where (tcp-transport.md, 3 and 10).  Pure.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_ACCESS_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_ACCESS_H_

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "bridge/programs/set_gateway/config.h"
#include "setcore/crypto/secret.h"

namespace bridge::gateway {

class Access {
 public:
  // `merchants` is borrowed.
  Access(const std::vector<MerchantAccess>& merchants, bool check_address);

  // True if an address may connect: some merchant has it, or addresses are not checked.
  bool Allows(std::string_view peer) const;
  // The secret of a merchant that may come from `peer`, null for any other.
  const setcore::SecretOctets* Secret(std::string_view transport_id, std::string_view peer) const;

 private:
  std::map<std::string_view, const MerchantAccess*> merchants_;
  std::set<std::string_view> addresses_;
  bool any_address_;
};

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_ACCESS_H_
