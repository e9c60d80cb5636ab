#include "bridge/wallet/keyring.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <span>
#include <utility>

#include "bridge/wallet/key_file.h"
#include "bridge/wallet/locked_page.h"
#include "bridge/wallet/passphrase_guard.h"
#include "bridge/wallet/sealing.h"
#include "bridge/wallet/stored_wallet.h"
#include "db/wallet_config.h"
#include "db/wallet_store.h"
#include "setcore/crypto/digest.h"
#include "setcore/crypto/random.h"
#include "setcore/crypto/rsa.h"

namespace bridge {
namespace {

using setcore::Octets;
using setcore::OctetView;
using setcore::SecretOctets;
using setcore::SecretString;

// What the locked page holds, one after another.
constexpr std::size_t kProcessKeyAt = kWalletKeySize;
constexpr std::size_t kProcessKeySize = 32;
constexpr std::size_t kProofAt = kProcessKeyAt + kProcessKeySize;
constexpr std::size_t kProofSize = setcore::crypto::kSha256Size;

OctetView View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

tl::unexpected<PassphraseFailure> Refuse(PassphraseFailure::Kind kind, std::uint32_t retry_s = 0,
                                         std::string detail = {}) {
  return tl::unexpected(PassphraseFailure{kind, retry_s, std::move(detail)});
}

tl::unexpected<db::Error> Corrupt(std::string detail) {
  return db::Fail(db::ErrorKind::kCorrupt, std::move(detail));
}

// Roots, revocations and the CA certificates of a configuration.
db::Result<void> FillTrust(const WalletConfig& config, setcore::pki::TrustStore& trust) {
  for (const TrustRoot& root : config.trust) {
    if (auto added = trust.AddRoot(root.certificate, root.brands); !added) {
      return Corrupt("a root certificate in the wallet does not read: " + added.error().detail);
    }
  }
  for (const Octets& revocation : config.revocations) {
    if (auto added = trust.AddRevocation(revocation); !added) {
      return Corrupt("a CRL in the wallet does not read: " + added.error().detail);
    }
  }
  const auto add_authorities = [&](const setcore::pki::Chain& chain) {
    for (std::size_t i = 1; i < chain.size(); ++i) trust.AddIntermediate(chain[i]);
  };
  for (const InstrumentConfig& card : config.instruments) add_authorities(card.chain);
  for (const BrandConfig& brand : config.brands) {
    add_authorities(brand.signing_chain);
    add_authorities(brand.exchange_chain);
    add_authorities(brand.gateway_chain);
  }
  return {};
}

// Secrets once unsealed, by id.
template <class T>
using Cache = std::map<std::string, std::shared_ptr<const T>, std::less<>>;

}  // namespace

struct Keyring::State {
  State(db::WalletStore& the_store, Clock the_clock)
      : store(the_store), clock(std::move(the_clock)) {}

  db::WalletStore& store;
  Clock clock;
  StoredWallet wallet;
  setcore::pki::TrustStore trust;
  setcore::SystemRandom random;

  std::mutex proving;               // one passphrase at a time; taken before `mutex`
  db::PassphraseFailures failures;  // guarded by proving

  std::mutex mutex;
  LockedPage page;        // guarded by mutex while locked, then constant
  bool unlocked = false;  // guarded by mutex; never becomes false again
  Cache<CardSecrets> cards;
  Cache<BrandSecrets> brands;
  Cache<GatewaySecret> gateways;

  // Reads what the store holds; nothing is unlocked by it.
  db::Result<void> LoadWallet() {
    auto read = store.Read([&](db::Reader& reader) -> db::Result<void> {
      auto stored = LoadStoredWallet(reader);
      if (!stored) return tl::unexpected(stored.error());
      if (!*stored) {
        return db::Fail(db::ErrorKind::kMissing,
                        store.directory() + " was never provisioned: set-bridge provision");
      }
      wallet = std::move(**stored);
      auto counted = db::LoadPassphraseFailures(reader);
      if (!counted) return tl::unexpected(counted.error());
      failures = *counted;
      return {};
    });
    if (!read) return read;
    return FillTrust(wallet.config, trust);
  }

  OctetView key() const { return std::span(page.octets()).first(kWalletKeySize); }

  bool IsUnlocked() {
    const std::lock_guard lock(mutex);
    return unlocked;
  }

  SecretOctets Proof(std::string_view passphrase) const {
    const auto process_key = std::span(page.octets()).subspan(kProcessKeyAt, kProcessKeySize);
    auto digest = setcore::crypto::HmacSha256(process_key, View(passphrase));
    SecretOctets out{OctetView(digest)};
    setcore::Cleanse(digest);
    return out;
  }

  // Takes the wallet key over and remembers by what it was proved.
  void Open(OctetView wallet_key, std::string_view passphrase) {
    const std::lock_guard lock(mutex);
    std::ranges::copy(wallet_key, page.octets().begin());
    random.Fill(page.octets().subspan(kProcessKeyAt, kProcessKeySize));
    std::ranges::copy(Proof(passphrase).view(), page.octets().subspan(kProofAt).begin());
    unlocked = true;
  }

  // Whether `passphrase` is that of this wallet, which is unlocked from then on.
  bool Prove(std::string_view passphrase) {
    if (IsUnlocked()) {
      return setcore::crypto::Equal(Proof(passphrase).view(),
                                    std::span(page.octets()).subspan(kProofAt, kProofSize));
    }
    const auto wallet_key = Unwrap(ToWrappedKey(wallet.key), passphrase);
    if (!wallet_key) return false;
    Open(wallet_key->view(), passphrase);
    return true;
  }

  db::Result<void> CountFailure(std::int64_t now) {
    std::int64_t count = 0;
    auto written = store.Write([&](db::Transaction& tx) -> db::Result<void> {
      auto counted = db::CountPassphraseFailure(tx, now);
      if (!counted) return tl::unexpected(counted.error());
      count = *counted;
      return {};
    });
    if (written) failures = {count, now};
    return written;
  }

  db::Result<void> ForgetFailures() {
    auto written = store.Write(
        [](db::Transaction& tx) -> db::Result<void> { return db::ClearPassphraseFailures(tx); });
    if (written) failures = {};
    return written;
  }

  // Unsealed secrets; all under `mutex`, with the wallet unlocked.
  tl::expected<SecretOctets, KeyringFailure> Secret(const std::string& place) const {
    return Secret(place, place);
  }

  // `sealed_for` is the place that it had when it was sealed.
  tl::expected<SecretOctets, KeyringFailure> Secret(const std::string& place,
                                                    const std::string& sealed_for) const {
    const auto found = wallet.sealed.find(place);
    if (found == wallet.sealed.end()) return tl::unexpected(KeyringFailure::kUnknown);
    auto secret = bridge::Unseal(key(), sealed_for, found->second);
    if (!secret) return tl::unexpected(KeyringFailure::kDamaged);
    return std::move(*secret);
  }

  static tl::expected<setcore::pki::CertifiedKey, KeyringFailure> Certified(
      const tl::expected<SecretOctets, KeyringFailure>& pkcs8, const setcore::pki::Chain& chain) {
    if (!pkcs8) return tl::unexpected(pkcs8.error());
    auto parsed = setcore::crypto::RsaPrivateKey::FromPkcs8(pkcs8->view());
    if (!parsed || chain.empty()) return tl::unexpected(KeyringFailure::kDamaged);
    return setcore::pki::CertifiedKey{std::move(*parsed), chain};
  }

  tl::expected<CardSecrets, KeyringFailure> Load(const InstrumentConfig& card,
                                                 const CardSecrets*) const {
    auto pan = Secret(places::CardPan(card.id));
    auto expiry = Secret(places::CardExpiry(card.id));
    auto card_secret = Secret(places::CardSecret(card.id));
    auto pan_secret = Secret(places::PanSecret(card.id));
    for (const auto* secret : {&pan, &expiry, &card_secret, &pan_secret}) {
      if (!*secret) return tl::unexpected(secret->error());
    }
    CardSecrets out;
    out.pan = ToText(*pan);
    out.expiry = ToText(*expiry);
    out.card_secret = std::move(*card_secret);
    out.pan_secret = std::move(*pan_secret);
    if (!card.chain.empty()) {
      auto signing = Certified(Secret(places::CardKey(card.id)), card.chain);
      if (!signing) return tl::unexpected(signing.error());
      out.signing = std::move(*signing);
    }
    return out;
  }

  tl::expected<BrandSecrets, KeyringFailure> Load(const BrandConfig& brand,
                                                  const BrandSecrets*) const {
    const std::string exchange_place = places::ExchangeKey(brand.brand_id);
    auto signing = Certified(Secret(places::SigningKey(brand.brand_id)), brand.signing_chain);
    if (!signing) return tl::unexpected(signing.error());
    auto exchange = Certified(Secret(exchange_place), brand.exchange_chain);
    if (!exchange) return tl::unexpected(exchange.error());
    BrandSecrets out{std::move(*signing), std::move(*exchange), {}};
    for (std::size_t i = 0; i < brand.former_exchange.size(); ++i) {
      auto former = Certified(Secret(places::FormerExchangeKey(brand.brand_id, i), exchange_place),
                              {brand.former_exchange[i]});
      if (!former) return tl::unexpected(former.error());
      out.former_exchange.push_back(std::move(*former));
    }
    return out;
  }

  tl::expected<GatewaySecret, KeyringFailure> Load(const GatewayConfig& gateway,
                                                   const GatewaySecret*) const {
    if (!gateway.has_secret) return GatewaySecret{};
    auto secret = Secret(places::SharedSecret(gateway.name));
    if (!secret) return tl::unexpected(secret.error());
    return GatewaySecret{std::move(*secret)};
  }

  static SecretString ToText(const SecretOctets& octets) {
    return SecretString({reinterpret_cast<const char*>(octets.data()), octets.size()});
  }

  template <class T, class C>
  Secrets<T> Get(Cache<T>& cache, std::string_view id, const C* config) {
    const std::lock_guard lock(mutex);
    if (config == nullptr) return tl::unexpected(KeyringFailure::kUnknown);
    if (!unlocked) return tl::unexpected(KeyringFailure::kLocked);
    if (const auto found = cache.find(id); found != cache.end()) return found->second;
    auto loaded = Load(*config, static_cast<const T*>(nullptr));
    if (!loaded) return tl::unexpected(loaded.error());
    auto made = std::make_shared<const T>(std::move(*loaded));
    cache.emplace(std::string(id), made);
    return made;
  }
};

Keyring::Keyring(std::unique_ptr<State> state) : state_(std::move(state)) {}
Keyring::~Keyring() = default;

db::Result<std::unique_ptr<Keyring>> Keyring::Open(
    const std::string& directory, db::WalletStore& store, Clock clock,
    const std::function<void(std::string)>& warnings) {
  auto state = std::make_unique<State>(store, std::move(clock));
  if (auto loaded = state->LoadWallet(); !loaded) return tl::unexpected(loaded.error());
  if (!state->page.locked()) {
    warnings("the wallet key cannot be kept out of swap: raise RLIMIT_MEMLOCK");
  }
  const db::WalletKey& row = state->wallet.key;
  if (row.method == kByKeyFile) {
    auto key = LoadKeyFile(directory);
    if (!key) return tl::unexpected(key.error());
    if (!bridge::Unseal(key->view(), places::kCheck, row.wrapped)) {
      return Corrupt(KeyFilePath(directory) + " is not the key of this wallet");
    }
    state->Open(key->view(), {});
    warnings("the wallet has no passphrase: its key lies beside it in the file " +
             KeyFilePath(directory));
  } else if (row.method == kByPassphrase) {
    // Provisioning may have been stopped between the commit and this.
    if (auto removed = RemoveKeyFile(directory); !removed) return tl::unexpected(removed.error());
  } else {
    return Corrupt("the wallet key is kept in an unknown way");
  }
  return std::unique_ptr<Keyring>(new Keyring(std::move(state)));
}

db::Result<std::unique_ptr<Keyring>> Keyring::Renew() const {
  auto renewed = std::make_unique<State>(state_->store, state_->clock);
  if (auto loaded = renewed->LoadWallet(); !loaded) return tl::unexpected(loaded.error());
  const std::lock_guard lock(state_->mutex);
  if (state_->unlocked) {
    std::ranges::copy(state_->page.octets(), renewed->page.octets().begin());
    renewed->unlocked = true;
  }
  return std::unique_ptr<Keyring>(new Keyring(std::move(renewed)));
}

const WalletConfig& Keyring::config() const { return state_->wallet.config; }
const setcore::pki::TrustStore& Keyring::trust() const { return state_->trust; }
bool Keyring::has_passphrase() const { return state_->wallet.key.method == kByPassphrase; }
bool Keyring::locked() const { return !state_->IsUnlocked(); }

tl::expected<void, PassphraseFailure> Keyring::Unlock(std::string_view passphrase) {
  using Kind = PassphraseFailure::Kind;
  if (!has_passphrase()) return Refuse(Kind::kWrong);
  const std::lock_guard lock(state_->proving);
  const std::int64_t now = state_->clock();
  // A clock set back does not prolong the wait over and over.
  state_->failures.last = std::min<std::int64_t>(state_->failures.last, now);
  const std::uint32_t wait = RemainingWait(state_->failures.count, state_->failures.last, now);
  if (wait != 0) return Refuse(Kind::kBusy, wait);
  // While scrypt works somebody may end this process: the attempt is counted before it.
  const bool counted_first = !state_->IsUnlocked();
  if (counted_first) {
    if (auto counted = state_->CountFailure(now); !counted) {
      return Refuse(Kind::kStorage, 0, counted.error().detail);
    }
  }
  const bool right = state_->Prove(passphrase);
  if (!right && !counted_first) {
    if (auto counted = state_->CountFailure(now); !counted) {
      return Refuse(Kind::kStorage, 0, counted.error().detail);
    }
  }
  if (!right) return Refuse(Kind::kWrong);
  if (state_->failures.count != 0) {
    if (auto forgotten = state_->ForgetFailures(); !forgotten) {
      return Refuse(Kind::kStorage, 0, forgotten.error().detail);
    }
  }
  return {};
}

Keyring::Secrets<CardSecrets> Keyring::CardOf(std::string_view instrument_id) {
  return state_->Get(state_->cards, instrument_id, config().FindInstrument(instrument_id));
}

Keyring::Secrets<BrandSecrets> Keyring::KeysOf(std::string_view brand_id) {
  return state_->Get(state_->brands, brand_id, config().FindBrand(brand_id));
}

Keyring::Secrets<GatewaySecret> Keyring::SecretOf(std::string_view gateway) {
  return state_->Get(state_->gateways, gateway, config().FindGateway(gateway));
}

tl::expected<Octets, KeyringFailure> Keyring::Seal(std::string_view place, OctetView secret) {
  if (locked()) return tl::unexpected(KeyringFailure::kLocked);
  return bridge::Seal(state_->key(), places::OfPayment(place), secret, state_->random);
}

Octets Keyring::SealForConfiguration(std::string_view place, OctetView secret) {
  return bridge::Seal(state_->key(), place, secret, state_->random);
}

std::optional<SecretOctets> Keyring::OpenOfConfiguration(std::string_view place, OctetView sealed) {
  return bridge::Unseal(state_->key(), place, sealed);
}

tl::expected<SecretOctets, KeyringFailure> Keyring::Unseal(std::string_view place,
                                                           OctetView sealed) {
  if (locked()) return tl::unexpected(KeyringFailure::kLocked);
  auto secret = bridge::Unseal(state_->key(), places::OfPayment(place), sealed);
  if (!secret) return tl::unexpected(KeyringFailure::kDamaged);
  return std::move(*secret);
}

}  // namespace bridge
