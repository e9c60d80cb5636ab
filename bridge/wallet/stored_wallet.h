// A wallet's configuration as its store keeps it: rows to values and back.  Secrets stay sealed
// here; each has a place, which is also what it was sealed for (sealing.h).
#ifndef BRIDGE_WALLET_STORED_WALLET_H_
#define BRIDGE_WALLET_STORED_WALLET_H_

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "bridge/wallet/config.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/sealing.h"
#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"
#include "db/wallet_config.h"
#include "setcore/crypto/secret.h"
#include "setcore/octets.h"

namespace bridge {

// The words of db::WalletKey::method.
inline constexpr std::string_view kByPassphrase = "passphrase";
inline constexpr std::string_view kByKeyFile = "key-file";
// The file beside the database that holds the key of a wallet without passphrase.
inline constexpr std::string_view kKeyFileName = "key";

// Places of what is sealed.  Ids hold no line feed, so no two places are the same text.
namespace places {
inline constexpr std::string_view kCheck = "wallet\ncheck";
std::string CardPan(std::string_view id);
std::string CardExpiry(std::string_view id);
std::string CardSecret(std::string_view id);
std::string PanSecret(std::string_view id);
std::string CardKey(std::string_view id);
std::string SigningKey(std::string_view brand_id);
std::string ExchangeKey(std::string_view brand_id);
// Was sealed as ExchangeKey, for which it opens; `number` counts BrandConfig::former_exchange.
std::string FormerExchangeKey(std::string_view brand_id, std::size_t number);
std::string SharedSecret(std::string_view gateway);
std::string OfPayment(std::string_view place);
}  // namespace places

// ToWrappedKey reads the row of a wallet with a passphrase.
WrappedKey ToWrappedKey(const db::WalletKey& row);

struct StoredWallet {
  WalletConfig config;
  db::WalletKey key;
  std::map<std::string, setcore::Octets, std::less<>> sealed;  // by place
};

// LoadStoredWallet reads all of it; nothing when the wallet was never provisioned.  kCorrupt: a
// stored certificate does not parse.
db::Result<std::optional<StoredWallet>> LoadStoredWallet(const db::Reader& reader);

// Sealer seals one secret for one place; Opener opens what was sealed for it, nothing if it was
// not.
using Sealer = std::function<setcore::Octets(std::string_view place, setcore::OctetView secret)>;
using Opener = std::function<std::optional<setcore::SecretOctets>(std::string_view place,
                                                                  setcore::OctetView sealed)>;
struct Safe {
  Sealer seal;
  Opener open;
};

// StoreInstrument adds the instrument or replaces the one with its id.  kConflict: a pending
// payment uses that one and this is another card (card_in_use.h).
db::Result<void> StoreInstrument(db::Transaction& tx, const InstrumentConfig& instrument,
                                 const InstrumentSecrets& secrets, const Safe& safe);

// StoreProfile brings the configuration in `tx` to `profile`: what the profile no longer has is
// removed, or hidden while a pending payment uses it; so are exchange keys that it replaces.
// Payments are not touched.  kConflict: a brand takes the protocol_brand_id of one that a pending
// payment still uses, or StoreInstrument's.
db::Result<void> StoreProfile(db::Transaction& tx, const Profile& profile, const Safe& safe,
                              db::Millis now);

}  // namespace bridge

#endif  // BRIDGE_WALLET_STORED_WALLET_H_
