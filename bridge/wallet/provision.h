// Makes a wallet from a profile, or brings an existing wallet to a profile (interfaces.md 2, 3):
// all or nothing, in one transaction, and never touching a payment.
#ifndef BRIDGE_WALLET_PROVISION_H_
#define BRIDGE_WALLET_PROVISION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/wallet/profile.h"
#include "bridge/wallet/sealing.h"
#include "db/error.h"
#include "db/octets.h"

namespace bridge {

inline constexpr std::size_t kMaxPassphrase = 1024;  // octets

struct ProvisionOptions {
  std::string_view passphrase;        // empty: none
  std::uint64_t scrypt_n = kScryptN;  // for a passphrase that this call sets
  db::Millis now = 0;
};

struct Provisioned {
  bool made = false;  // false: the wallet was there before
  // Ids of instruments and brands that the profile no longer has and a pending payment keeps.
  std::vector<std::string> hidden;
};

// Provision takes the lease of `directory`; made with 0700, its files with 0600.  A wallet with a
// passphrase needs it; a wallet without gets the one that is given, and loses its key file.
// Errors: those of db::WalletStore::Open; kRefused for a passphrase that is missing, wrong or too
// long and for a wallet with another wallet_id; kConflict for a brand whose protocol_brand_id a
// pending payment still holds, and for another card under the id of one that it uses.
db::Result<Provisioned> Provision(const std::string& directory, const Profile& profile,
                                  const ProvisionOptions& options);

}  // namespace bridge

#endif  // BRIDGE_WALLET_PROVISION_H_
