// What an open wallet holds and who may open it: its configuration, and, once the passphrase has
// been given, the secrets of its instruments, brands and gateways.  interfaces.md 3, Passphrase.
//
// A wallet without passphrase is unlocked from the start.  The wallet key stays in locked memory
// until the Keyring goes; secrets are unsealed when they are first asked for and kept as keys.
#ifndef BRIDGE_WALLET_KEYRING_H_
#define BRIDGE_WALLET_KEYRING_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "bridge/wallet/config.h"
#include "db/error.h"
#include "setcore/crypto/secret.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"

namespace db {
class WalletStore;
}

namespace bridge {

// CardSecrets belong to an instrument.  Without certificate both secrets are 20 zero octets
// (set-processing.md, 1.1) and nothing signs.
struct CardSecrets {
  setcore::SecretString pan;
  setcore::SecretString expiry;  // YYYYMM
  setcore::SecretOctets card_secret;
  setcore::SecretOctets pan_secret;
  std::optional<setcore::pki::CertifiedKey> signing;
};

// BrandSecrets are a payment handler's keys for one brand.
struct BrandSecrets {
  setcore::pki::CertifiedKey signing;
  setcore::pki::CertifiedKey exchange;
  // Earlier ones, each with its own certificate only: for answers that are due to them.
  std::vector<setcore::pki::CertifiedKey> former_exchange;
};

// GatewaySecret authenticates the merchant to a gateway; empty: no challenge is expected.
struct GatewaySecret {
  setcore::SecretOctets shared_secret;
};

// Why a passphrase does not open the wallet.
struct PassphraseFailure {
  enum class Kind : std::uint8_t {
    kWrong,    // AttValIllegal, AttName Passphrase
    kBusy,     // five wrong ones in a row: SystemBusy, TransientError; ask again in min_retry_s
    kStorage,  // the failure counter cannot be read or written: `detail`
  };
  Kind kind = Kind::kWrong;
  std::uint32_t min_retry_s = 0;  // kBusy: 1 to 300
  std::string detail;
};

enum class KeyringFailure : std::uint8_t {
  kLocked,   // no passphrase yet
  kUnknown,  // the wallet has no such instrument, brand or gateway, or it has no secrets
  kDamaged,  // what is stored was not sealed for this place: altered, moved or truncated
};

class Keyring {
 public:
  // Times in ms since 1970 UTC, from the host's clock.
  using Clock = std::function<std::int64_t()>;

  // Open reads configuration and sealed secrets of the wallet in `directory` from its store, which
  // outlives the Keyring.  `warnings` receives lines for the log: a key beside the database, memory
  // that cannot be locked.  Fails as the store does; kMissing for a wallet never provisioned,
  // kCorrupt also for a configuration that does not read or a key that is not this wallet's,
  // kRefused for a key file that others can write.
  static db::Result<std::unique_ptr<Keyring>> Open(
      const std::string& directory, db::WalletStore& store, Clock clock,
      const std::function<void(std::string)>& warnings);
  Keyring(const Keyring&) = delete;
  Keyring& operator=(const Keyring&) = delete;
  ~Keyring();

  // Renew reads the configuration again and gives a keyring that is locked or unlocked as this one
  // is.  Fails as Open does.
  db::Result<std::unique_ptr<Keyring>> Renew() const;

  // The configuration lives as long as the Keyring and never changes.
  const WalletConfig& config() const;
  // The roots and revocations of the profile, with every CA certificate of its chains at hand.
  const setcore::pki::TrustStore& trust() const;

  // False: this wallet keeps its key beside its database and takes any passphrase as wrong.
  bool has_passphrase() const;
  bool locked() const;

  // Unlock proves `passphrase`: by scrypt the first time, later in constant time against an HMAC
  // under a key of this process.  Wrong ones are counted in the store.  Any thread; about 100 ms
  // the first time.
  tl::expected<void, PassphraseFailure> Unlock(std::string_view passphrase);

  // The secrets of one instrument, brand (by BrandId) or gateway (by name), hidden ones too.  They
  // are immutable and may outlive the Keyring.
  template <class T>
  using Secrets = tl::expected<std::shared_ptr<const T>, KeyringFailure>;
  Secrets<CardSecrets> CardOf(std::string_view instrument_id);
  Secrets<BrandSecrets> KeysOf(std::string_view brand_id);
  Secrets<GatewaySecret> SecretOf(std::string_view gateway);

  // Seal and Unseal protect what a payment has to keep (AcqBackKey, PANToken): `place` names table,
  // row and column, and what was sealed for one place does not open in another.
  tl::expected<setcore::Octets, KeyringFailure> Seal(std::string_view place,
                                                     setcore::OctetView secret);
  tl::expected<setcore::SecretOctets, KeyringFailure> Unseal(std::string_view place,
                                                             setcore::OctetView sealed);
  // SealForConfiguration seals for a place of stored_wallet.h, OpenOfConfiguration opens what was
  // sealed for it; only when unlocked.
  setcore::Octets SealForConfiguration(std::string_view place, setcore::OctetView secret);
  std::optional<setcore::SecretOctets> OpenOfConfiguration(std::string_view place,
                                                           setcore::OctetView sealed);

 private:
  struct State;
  explicit Keyring(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace bridge

#endif  // BRIDGE_WALLET_KEYRING_H_
