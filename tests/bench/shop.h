// Shop: three wallets, open in the module, and a set-gateway process; purchases are made as a host
// makes them, through opb.h.  Everything throws std::runtime_error when a step does not work.
#ifndef TESTS_BENCH_SHOP_H_
#define TESTS_BENCH_SHOP_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/programs/oac/application_core.h"
#include "bridge/programs/oac/purchase.h"
#include "bridge/programs/set_bridge/demo/world.h"
#include "bridge/state/role.h"

namespace bench {

using bridge::Role;
using bridge::programs::Purchase;

class Shop {
 public:
  explicit Shop(std::size_t key_bits);
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;
  ~Shop();

  // A purchase whose three PayIds end in `suffix`.  Purchases of several threads are independent.
  Purchase NewPurchase(const std::string& suffix);
  std::string Call(Role role, const std::string& request);
  void CloseWallet(Role role);
  void OpenWallet(Role role);
  const std::string& directory() const { return directory_; }
  std::string WalletDirectory(Role role) const;
  // Process CPU that the gateway has used.
  double GatewayMicros() const;
  // Octets in all columns of all tables of the three wallets and of the gateway.
  double OctetsStored() const;
  const bridge::programs::World& world() const { return world_; }

  // Watch is called before and after each call into the module, on the caller's thread.
  std::function<void()> before_call;
  std::function<void()> after_call;

 private:
  std::string directory_;
  bridge::programs::World world_;
  std::unique_ptr<bridge::programs::ApplicationCore> core_;
  std::map<Role, opb_wallet> wallets_;
};

// The steps of the Baseline Purchase (RFC 3538, 6.1.1) in order.  Eleven state changes are
// committed on the way: merchant 3; consumer start, PReq, PRes, ChangeProcessState; payment handler
// start, intent, outcome; gateway 1.
struct Step {
  std::string_view name;
  int state_changes;
  Purchase::Result (*run)(Purchase&);
};
const std::vector<Step>& Steps();

void Run(const Step& step, Purchase& purchase);
// The whole purchase.
void Buy(Purchase& purchase);

}  // namespace bench

#endif  // TESTS_BENCH_SHOP_H_
