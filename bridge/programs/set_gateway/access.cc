#include "bridge/programs/set_gateway/access.h"

#include <algorithm>

namespace bridge::gateway {
namespace {

bool MayComeFrom(const MerchantAccess& merchant, std::string_view peer) {
  return merchant.allowed_peers.empty() ||
         std::ranges::find(merchant.allowed_peers, peer) != merchant.allowed_peers.end();
}

}  // namespace

Access::Access(const std::vector<MerchantAccess>& merchants, bool check_address)
    : any_address_(!check_address) {
  for (const MerchantAccess& merchant : merchants) {
    merchants_.emplace(merchant.transport_id, &merchant);
    addresses_.insert(merchant.allowed_peers.begin(), merchant.allowed_peers.end());
    any_address_ = any_address_ || merchant.allowed_peers.empty();
  }
}

bool Access::Allows(std::string_view peer) const {
  return any_address_ || addresses_.contains(peer);
}

const setcore::SecretOctets* Access::Secret(std::string_view transport_id,
                                            std::string_view peer) const {
  const auto it = merchants_.find(transport_id);
  if (it == merchants_.end() || it->second->shared_secret.empty()) return nullptr;
  return MayComeFrom(*it->second, peer) ? &it->second->shared_secret : nullptr;
}

}  // namespace bridge::gateway
