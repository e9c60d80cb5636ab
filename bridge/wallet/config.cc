#include "bridge/wallet/config.h"

#include <algorithm>

namespace bridge {
namespace {

template <class List, class Member>
auto Find(const List& list, Member member, std::string_view value) {
  const auto found = std::ranges::find(list, value, member);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const InstrumentConfig* WalletConfig::FindInstrument(std::string_view id) const {
  return Find(instruments, &InstrumentConfig::id, id);
}

const BrandConfig* WalletConfig::FindBrand(std::string_view brand_id) const {
  return Find(brands, &BrandConfig::brand_id, brand_id);
}

const GatewayConfig* WalletConfig::FindGateway(std::string_view name) const {
  return Find(gateways, &GatewayConfig::name, name);
}

}  // namespace bridge
