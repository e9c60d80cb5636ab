// OpenWallet: everything that a call may use of an open wallet.  Made by Session::Open, shared by
// all calls, each part safe for any thread.
#ifndef BRIDGE_OPEN_WALLET_H_
#define BRIDGE_OPEN_WALLET_H_

#include <opb.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "bridge/acquirer/links.h"
#include "bridge/acquirer/system.h"
#include "bridge/calls/kept_payments.h"
#include "bridge/calls/payment_gate.h"
#include "bridge/calls/payment_shelf.h"
#include "bridge/host.h"
#include "bridge/wallet/keyring_slot.h"
#include "db/wallet_store.h"
#include "setcore/environment.h"

namespace bridge {

struct OpenWallet {
  explicit OpenWallet(System& system) : random(system.random()), links(system) {}

  Host host;
  opb_role roles = 0;       // of this open, not of the profile
  setcore::Random& random;  // of the system
  std::unique_ptr<db::WalletStore> store;
  KeyringSlot keyring;
  std::vector<std::int64_t> in_progress_at_open;  // db::Payment::id, ascending (E-118)
  PaymentGate gate;
  KeptPayments kept;
  PaymentShelf shelf;
  Links links;  // last: its threads end before what they use
};

}  // namespace bridge

#endif  // BRIDGE_OPEN_WALLET_H_
