// The keyring of an open wallet.  ManagePaymentSoftware replaces it as a whole; a call that has
// taken one keeps it until it ends, so that no call sees the wallet change.  Any thread.
#ifndef BRIDGE_WALLET_KEYRING_SLOT_H_
#define BRIDGE_WALLET_KEYRING_SLOT_H_

#include <memory>
#include <mutex>
#include <utility>

#include "bridge/wallet/keyring.h"
#include "db/error.h"

namespace bridge {

class KeyringSlot {
 public:
  std::shared_ptr<Keyring> Take() const {
    const std::lock_guard lock(mutex_);
    return keyring_;
  }
  void Put(std::shared_ptr<Keyring> keyring) {
    const std::lock_guard lock(mutex_);
    keyring_ = std::move(keyring);
  }

  // Held by the one call that changes the wallet and renews its keyring.
  std::mutex& changing() { return changing_; }
  // Renew replaces the keyring by one of what the store holds; under changing().
  db::Result<void> Renew() {
    auto renewed = Take()->Renew();
    if (!renewed) return tl::unexpected(renewed.error());
    Put(*std::move(renewed));
    return {};
  }

 private:
  std::mutex changing_;
  mutable std::mutex mutex_;
  std::shared_ptr<Keyring> keyring_;
};

}  // namespace bridge

#endif  // BRIDGE_WALLET_KEYRING_SLOT_H_
