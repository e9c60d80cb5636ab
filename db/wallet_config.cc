#include "db/wallet_config.h"

#include "db/find.h"
#include "db/lists.h"

namespace db {
namespace {

std::string RootOwner(std::int64_t id) { return "root:" + std::to_string(id); }

// The single row of `table`, replaced.
template <class T>
Result<void> StoreOnly(Transaction& tx, std::string_view remove, std::string_view insert,
                       const T& row) {
  if (auto done = Change(tx, remove); !done) return done;
  return StoreRow(tx, insert, row);
}

}  // namespace

Result<void> StoreWalletConfig(Transaction& tx, const WalletConfig& config) {
  static const std::string& sql = *new std::string(InsertSql<WalletConfig>("wallet"));
  return StoreOnly(tx, "DELETE FROM wallet", sql, config);
}

Result<std::optional<WalletConfig>> LoadWalletConfig(const Reader& reader) {
  static const std::string& sql = *new std::string(SelectSql<WalletConfig>("wallet"));
  return FindRow<WalletConfig>(reader, sql);
}

Result<void> StoreWalletKey(Transaction& tx, const WalletKey& key) {
  static const std::string& sql = *new std::string(InsertSql<WalletKey>("wallet_key"));
  return StoreOnly(tx, "DELETE FROM wallet_key", sql, key);
}

Result<std::optional<WalletKey>> LoadWalletKey(const Reader& reader) {
  static const std::string& sql = *new std::string(SelectSql<WalletKey>("wallet_key"));
  return FindRow<WalletKey>(reader, sql);
}

Result<PassphraseFailures> LoadPassphraseFailures(const Reader& reader) {
  auto found = FindRow<PassphraseFailures>(reader, "SELECT count, last FROM passphrase_failure");
  if (!found) return tl::unexpected<Error>(found.error());
  return found->value_or(PassphraseFailures());
}

Result<std::int64_t> CountPassphraseFailure(Transaction& tx, Millis now) {
  if (auto done = Change(tx, "UPDATE passphrase_failure SET count = count + 1, last = ?", now);
      !done) {
    return tl::unexpected<Error>(done.error());
  }
  const auto failures = LoadPassphraseFailures(tx);
  if (!failures) return tl::unexpected<Error>(failures.error());
  return failures->count;
}

Result<void> ClearPassphraseFailures(Transaction& tx) {
  return Change(tx, "UPDATE passphrase_failure SET count = 0");
}

Result<void> StoreTrustRoots(Transaction& tx, const std::vector<TrustRoot>& roots) {
  if (auto done = Change(tx, "DELETE FROM word WHERE owner GLOB 'root:*'"); !done) return done;
  if (auto done = Change(tx, "DELETE FROM trust_root"); !done) return done;
  for (const TrustRoot& root : roots) {
    if (auto done = Change(tx, "INSERT INTO trust_root (der) VALUES (?)", root.der); !done) {
      return done;
    }
    if (auto done = StoreWords(tx, RootOwner(LastRowId(tx)), "brand", root.brands); !done) {
      return done;
    }
  }
  return {};
}

Result<std::vector<TrustRoot>> LoadTrustRoots(const Reader& reader) {
  const auto ids = FindValues<std::int64_t>(reader, "SELECT id FROM trust_root ORDER BY id");
  if (!ids) return tl::unexpected<Error>(ids.error());
  std::vector<TrustRoot> roots;
  for (const std::int64_t id : *ids) {
    auto der = FindValue<Octets>(reader, "SELECT der FROM trust_root WHERE id = ?", id);
    if (!der) return tl::unexpected<Error>(der.error());
    auto brands = LoadWords(reader, RootOwner(id), "brand");
    if (!brands) return tl::unexpected<Error>(brands.error());
    roots.push_back({der->value_or(Octets()), std::move(*brands)});
  }
  return roots;
}

Result<void> StoreCrls(Transaction& tx, const std::vector<Octets>& crls) {
  if (auto done = Change(tx, "DELETE FROM crl"); !done) return done;
  for (const Octets& crl : crls) {
    if (auto done = Change(tx, "INSERT INTO crl (der) VALUES (?)", crl); !done) return done;
  }
  return {};
}

Result<std::vector<Octets>> LoadCrls(const Reader& reader) {
  return FindValues<Octets>(reader, "SELECT der FROM crl ORDER BY id");
}

Result<void> StoreGateways(Transaction& tx, const std::vector<Gateway>& gateways) {
  static const std::string& sql = *new std::string(InsertSql<Gateway>("gateway"));
  if (auto done = Change(tx, "DELETE FROM gateway"); !done) return done;
  for (const Gateway& gateway : gateways) {
    if (auto done = StoreRow(tx, sql, gateway); !done) return done;
  }
  return {};
}

Result<std::vector<Gateway>> LoadGateways(const Reader& reader) {
  static const std::string& sql = *new std::string(SelectSql<Gateway>("gateway ORDER BY name"));
  return FindRows<Gateway>(reader, sql);
}

Result<void> StoreSetting(Transaction& tx, std::string_view name, std::string_view value) {
  return Change(tx, "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", name, value);
}

Result<std::optional<std::string>> LoadSetting(const Reader& reader, std::string_view name) {
  return FindValue<std::string>(reader, "SELECT value FROM setting WHERE name = ?", name);
}

}  // namespace db
