#include "bridge/wallet/provision.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "bridge/wallet/key_file.h"
#include "bridge/wallet/stored_wallet.h"
#include "db/brands.h"
#include "db/instruments.h"
#include "db/wallet_config.h"
#include "db/wallet_store.h"
#include "setcore/crypto/random.h"
#include "setcore/crypto/secret.h"

namespace bridge {
namespace {

using setcore::OctetView;
using setcore::SecretOctets;

// What the wallet's key is and how the store is to keep it.
struct KeyPlan {
  SecretOctets key;
  std::optional<db::WalletKey> row;  // to be stored; none: as it is
  bool in_file = false;
};

struct Present {
  std::optional<db::WalletConfig> config;
  std::optional<db::WalletKey> key;
};

db::Result<Present> ReadPresent(db::WalletStore& store) {
  return store.Read([](db::Reader& reader) -> db::Result<Present> {
    auto config = db::LoadWalletConfig(reader);
    if (!config) return tl::unexpected(config.error());
    auto key = db::LoadWalletKey(reader);
    if (!key) return tl::unexpected(key.error());
    return Present{std::move(*config), std::move(*key)};
  });
}

db::WalletKey PassphraseRow(OctetView key, const ProvisionOptions& options,
                            setcore::Random& random) {
  const WrappedKey wrapped = Wrap(key, options.passphrase, {options.scrypt_n, 8, 1}, random);
  db::WalletKey row;
  row.method = kByPassphrase;
  row.salt = wrapped.salt;
  row.scrypt_n = static_cast<std::int64_t>(wrapped.scrypt.n);
  row.scrypt_r = wrapped.scrypt.r;
  row.scrypt_p = wrapped.scrypt.p;
  row.wrapped = wrapped.record;
  return row;
}

db::WalletKey KeyFileRow(OctetView key, setcore::Random& random) {
  db::WalletKey row;
  row.method = kByKeyFile;
  row.wrapped = Seal(key, places::kCheck, {}, random);
  return row;
}

// A key file without a wallet is what a stopped provisioning leaves: its key serves as well.
db::Result<KeyPlan> PlanNew(const std::string& directory, const ProvisionOptions& options,
                            setcore::Random& random) {
  KeyPlan plan;
  plan.in_file = options.passphrase.empty();
  if (plan.in_file) {
    auto left = LoadKeyFile(directory);
    if (left) {
      plan.key = std::move(*left);
    } else if (left.error().kind != db::ErrorKind::kMissing) {
      return tl::unexpected(left.error());
    }
  }
  if (plan.key.empty()) {
    plan.key = SecretOctets(kWalletKeySize);
    random.Fill(plan.key.mutable_view());
    if (plan.in_file) {
      if (auto saved = SaveKeyFile(directory, plan.key.view()); !saved) {
        return tl::unexpected(saved.error());
      }
    }
  }
  plan.row = plan.in_file ? KeyFileRow(plan.key.view(), random)
                          : PassphraseRow(plan.key.view(), options, random);
  return plan;
}

db::Result<KeyPlan> PlanExisting(const std::string& directory, const db::WalletKey& row,
                                 const ProvisionOptions& options, setcore::Random& random) {
  KeyPlan plan;
  if (row.method == kByPassphrase) {
    if (options.passphrase.empty()) {
      return db::Fail(db::ErrorKind::kRefused,
                      directory + " has a passphrase: give it with --passphrase-file");
    }
    auto key = Unwrap(ToWrappedKey(row), options.passphrase);
    if (!key) return db::Fail(db::ErrorKind::kRefused, "wrong passphrase for " + directory);
    plan.key = std::move(*key);
    return plan;
  }
  auto key = LoadKeyFile(directory);
  if (!key) return tl::unexpected(key.error());
  if (!Unseal(key->view(), places::kCheck, row.wrapped)) {
    return db::Fail(db::ErrorKind::kCorrupt,
                    KeyFilePath(directory) + " is not the key of this wallet");
  }
  plan.key = std::move(*key);
  plan.in_file = options.passphrase.empty();
  if (!plan.in_file) plan.row = PassphraseRow(plan.key.view(), options, random);
  return plan;
}

db::Result<std::vector<std::string>> Hidden(db::WalletStore& store) {
  return store.Read([](db::Reader& reader) -> db::Result<std::vector<std::string>> {
    std::vector<std::string> out;
    auto cards = db::LoadInstruments(reader);
    if (!cards) return tl::unexpected(cards.error());
    for (const db::Instrument& card : *cards) {
      if (card.hidden) out.push_back(card.id);
    }
    auto brands = db::LoadBrands(reader);
    if (!brands) return tl::unexpected(brands.error());
    for (const db::Brand& brand : *brands) {
      if (brand.hidden) out.push_back(brand.brand_id);
    }
    return out;
  });
}

}  // namespace

db::Result<Provisioned> Provision(const std::string& directory, const Profile& profile,
                                  const ProvisionOptions& options) {
  if (options.passphrase.size() > kMaxPassphrase) {
    return db::Fail(db::ErrorKind::kRefused,
                    fmt::format("the passphrase is longer than {} octets", kMaxPassphrase));
  }
  auto store = db::WalletStore::Open(directory, db::WalletMode::kProvision);
  if (!store) return tl::unexpected(store.error());
  auto present = ReadPresent(**store);
  if (!present) return tl::unexpected(present.error());
  if (present->config && present->config->wallet_id != profile.config.wallet_id) {
    return db::Fail(db::ErrorKind::kRefused,
                    fmt::format("{} is the wallet \"{}\", the profile is for \"{}\"", directory,
                                present->config->wallet_id, profile.config.wallet_id));
  }
  setcore::SystemRandom random;
  auto plan = present->key ? PlanExisting(directory, *present->key, options, random)
                           : PlanNew(directory, options, random);
  if (!plan) return tl::unexpected(plan.error());
  const Safe safe = {[&](std::string_view place, OctetView secret) {
                       return Seal(plan->key.view(), place, secret, random);
                     },
                     [&](std::string_view place, OctetView sealed) {
                       return Unseal(plan->key.view(), place, sealed);
                     }};
  auto written = (*store)->Write([&](db::Transaction& tx) -> db::Result<void> {
    if (plan->row) {
      if (auto done = db::StoreWalletKey(tx, *plan->row); !done) return done;
      if (auto done = db::ClearPassphraseFailures(tx); !done) return done;
    }
    return StoreProfile(tx, profile, safe, options.now);
  });
  if (!written) return tl::unexpected(written.error());
  if (!plan->in_file) {
    if (auto removed = RemoveKeyFile(directory); !removed) return tl::unexpected(removed.error());
  }
  auto hidden = Hidden(**store);
  if (!hidden) return tl::unexpected(hidden.error());
  return Provisioned{!present->config, std::move(*hidden)};
}

}  // namespace bridge
