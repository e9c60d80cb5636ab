// Market: three wallets and a gateway process for tests of whole purchases.  The module is reached
// through opb.h alone; the ledgers are read with plain SQL beside it.
#ifndef TESTS_END_TO_END_MARKET_H_
#define TESTS_END_TO_END_MARKET_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/programs/oac/application_core.h"
#include "bridge/programs/oac/purchase.h"
#include "bridge/programs/set_bridge/demo/world.h"
#include "bridge/state/role.h"

namespace market {

using bridge::Role;
using bridge::programs::ApplicationCore;
using bridge::programs::Edit;
using bridge::programs::Purchase;
using bridge::programs::PurchaseOrder;

inline constexpr Role kRoles[] = {Role::kConsumer, Role::kMerchant, Role::kPaymentHandler};

struct Options {
  std::size_t key_bits = 1024;
  std::string brand = "VISA";
  bool declines = false;
  Edit edit_merchant, edit_consumer, edit_handler, edit_gateway;
  // The payment handler's wallet, whose profile must say so, is opened as a merchant's, too.
  bool handler_is_merchant = false;
  // What the host answers when a wallet calls it back; none: it cannot be called.
  ApplicationCore::CallBack call_back;
  // Of the wallets that have one; scrypt works with N = 2^10.  Requests must carry it.
  std::map<Role, std::string> passphrases;
};

// A payment handler that waits one second for its acquirer, and may ask again after one.
Options ImpatientHandler();

// One row of a query, every column as text; NULL and absent columns are "".  Blobs are lower-case
// hex.
using Row = std::vector<std::string>;
// Rows of `sql` on the SQLite file, opened with mode=ro.
std::vector<Row> Query(const std::string& file, const std::string& sql);

class Market {
 public:
  // Makes everything in a new temporary directory; throws std::runtime_error if it cannot.
  explicit Market(Options options = {});
  Market(const Market&) = delete;
  Market& operator=(const Market&) = delete;
  ~Market();

  // A purchase whose three PayIds end in `suffix`.
  Purchase NewPurchase(const std::string& suffix);
  Purchase NewPurchase(const std::string& suffix, PurchaseOrder order);

  // The response document.  Throws unless the status is OPB_OK.  Any thread.
  std::string Ask(Role role, const std::string& request);
  // The request that `step` of `purchase` would send; nothing is sent.
  std::string Draft(const Purchase& purchase, Purchase::Result (Purchase::*step)());

  // The wallets' clock is the system's plus `ms`.
  void SetClockAhead(std::int64_t ms) { clock_ahead_ms_ = ms; }

  // Closes the wallet and opens it again.
  void Reopen(Role role);
  void CloseWallet(Role role);
  void OpenWallet(Role role);
  // The wallet of `role`, opened for `roles`.
  void OpenWallet(Role role, opb_role roles);

  void StopGateway() { world_.gateway.reset(); }
  void StartGateway();

  std::string WalletDirectory(Role role) const;
  std::string WalletDb(Role role) const { return WalletDirectory(role) + "/wallet.db"; }
  const bridge::programs::World& world() const { return world_; }
  // The files of bridge/programs/set_bridge/pki_files.h.
  std::string PkiDirectory() const { return directory_ + "/pki"; }
  // Writes another file beside them.
  void WritePkiFile(const std::string& name, std::string_view octets) const;
  std::vector<Row> Authorizations() const;

  // Lines of the module's log, "level:text".
  std::vector<std::string> log() const;

 private:
  std::string directory_;
  bridge::programs::World world_;
  bool handler_is_merchant_ = false;
  bool drafting_ = false;
  std::atomic<std::int64_t> clock_ahead_ms_ = 0;
  mutable std::mutex mutex_;  // of log_, which the module's threads write
  std::vector<std::string> log_;
  std::unique_ptr<ApplicationCore> core_;
  std::map<Role, opb_wallet> wallets_;
};

// Walks `purchase` up to the step before ContinuePaymentHandler: the PReq is there.  Throws if a
// step is refused.
void WalkToPReq(Purchase& purchase);
// Walks a whole purchase; throws if a step is refused.
void Walk(Purchase& purchase);

// Brings the closed wallet of `role` to the profile that `edit` makes of its first one.
void Provision(const Market& market, Role role, const Edit& edit);
// Gives a wallet that has none a passphrase; `pki` holds its profile.
void Lock(const std::string& wallet, const std::string& pki, Role role,
          const std::string& passphrase);

}  // namespace market

#endif  // TESTS_END_TO_END_MARKET_H_
