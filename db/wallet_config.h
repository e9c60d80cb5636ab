// What provisioning writes and open reads: who the wallet is, its policy, trust, gateways.
// Every Load… reads everything: a wallet's configuration is small.
#ifndef DB_WALLET_CONFIG_H_
#define DB_WALLET_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/error.h"
#include "db/octets.h"
#include "db/sqlite.h"

namespace db {

struct WalletConfig {
  std::string wallet_id;
  std::uint32_t roles = 0;  // union of OPB_ROLE_* (opb.h)
  std::string language;
  std::optional<std::string> org_id;
  std::optional<std::string> merchant_id;
  bool capture_now = false;
  bool require_cardholder_certificate = false;
  std::int64_t max_message_bytes = 0;
  std::int64_t max_pending = 0;
  std::int64_t keep_days = 0;
  Millis provisioned = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("wallet_id", self.wallet_id);
    a("roles", self.roles);
    a("language", self.language);
    a("org_id", self.org_id);
    a("merchant_id", self.merchant_id);
    a("capture_now", self.capture_now);
    a("require_cardholder_certificate", self.require_cardholder_certificate);
    a("max_message_bytes", self.max_message_bytes);
    a("max_pending", self.max_pending);
    a("keep_days", self.keep_days);
    a("provisioned", self.provisioned);
  }
};
Result<void> StoreWalletConfig(Transaction& tx, const WalletConfig& config);
// nullopt: never provisioned.
Result<std::optional<WalletConfig>> LoadWalletConfig(const Reader& reader);

// How the wallet key is kept.  `method` "passphrase": wrapped under scrypt of the passphrase;
// "key-file": in a file beside the database, the other columns are empty or a check value.
struct WalletKey {
  std::string method;
  Octets salt;
  std::int64_t scrypt_n = 0;
  std::int64_t scrypt_r = 0;
  std::int64_t scrypt_p = 0;
  Octets wrapped;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("method", self.method);
    a("salt", self.salt);
    a("scrypt_n", self.scrypt_n);
    a("scrypt_r", self.scrypt_r);
    a("scrypt_p", self.scrypt_p);
    a("wrapped", self.wrapped);
  }
};
Result<void> StoreWalletKey(Transaction& tx, const WalletKey& key);
Result<std::optional<WalletKey>> LoadWalletKey(const Reader& reader);

// Wrong passphrases in a row (interfaces.md, 3).
struct PassphraseFailures {
  std::int64_t count = 0;
  Millis last = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("count", self.count);
    a("last", self.last);
  }
};
Result<PassphraseFailures> LoadPassphraseFailures(const Reader& reader);
// Adds one and gives the new count.
Result<std::int64_t> CountPassphraseFailure(Transaction& tx, Millis now);
Result<void> ClearPassphraseFailures(Transaction& tx);

struct TrustRoot {
  Octets der;
  std::vector<std::string> brands;  // empty: vouches for every brand
};
// Replaces all.
Result<void> StoreTrustRoots(Transaction& tx, const std::vector<TrustRoot>& roots);
Result<std::vector<TrustRoot>> LoadTrustRoots(const Reader& reader);

// CRLs and signed BrandCRLIdentifiers, DER.  Replaces all.
Result<void> StoreCrls(Transaction& tx, const std::vector<Octets>& crls);
Result<std::vector<Octets>> LoadCrls(const Reader& reader);

struct Gateway {
  std::string name;
  std::string host;
  int port = 0;
  std::optional<int> diagnostic_port;
  std::string transport_id;
  std::optional<Octets> sealed_shared_secret;
  int max_outstanding = 0;
  int max_connections = 0;
  int max_retries = 0;
  int min_resubmit_s = 0;
  int answer_timeout_s = 0;
  int echo_s = 0;
  int idle_close_s = 0;
  int t30_s = 0;
  int t120_s = 0;

  template <class A, class Self>
  static void Columns(A& a, Self& self) {
    a("name", self.name);
    a("host", self.host);
    a("port", self.port);
    a("diagnostic_port", self.diagnostic_port);
    a("transport_id", self.transport_id);
    a("sealed_shared_secret", self.sealed_shared_secret);
    a("max_outstanding", self.max_outstanding);
    a("max_connections", self.max_connections);
    a("max_retries", self.max_retries);
    a("min_resubmit_s", self.min_resubmit_s);
    a("answer_timeout_s", self.answer_timeout_s);
    a("echo_s", self.echo_s);
    a("idle_close_s", self.idle_close_s);
    a("t30_s", self.t30_s);
    a("t120_s", self.t120_s);
  }
};
// Replaces all.
Result<void> StoreGateways(Transaction& tx, const std::vector<Gateway>& gateways);
Result<std::vector<Gateway>> LoadGateways(const Reader& reader);

// Free settings by name, for what has no column of its own.
Result<void> StoreSetting(Transaction& tx, std::string_view name, std::string_view value);
Result<std::optional<std::string>> LoadSetting(const Reader& reader, std::string_view name);

}  // namespace db

#endif  // DB_WALLET_CONFIG_H_
