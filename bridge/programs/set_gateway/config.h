// The configuration of set-gateway: one TOML file, read strictly, with the certificates and keys
// that it names.  Fails with problems that name file, line and key.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_CONFIG_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/toml_file.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/messages/codes.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"

namespace bridge::gateway {

struct Endpoint {
  std::string host;  // numeric
  std::uint16_t port = 0;
};

struct MerchantAccess {
  std::string transport_id;
  setcore::SecretOctets shared_secret;     // empty: cannot answer a challenge
  std::vector<std::string> allowed_peers;  // canonical numeric addresses; empty: any
};

// BrandKeys is one generation of a brand's keys; generations of one brand differ in the notBefore
// of their exchange certificates.
struct BrandKeys {
  std::string brand_id;
  std::optional<setcore::pki::CertifiedKey> signing;
  std::optional<setcore::pki::CertifiedKey> exchange;
  std::vector<std::string> bins;  // empty: any account number
  bool require_cardholder_certificate = false;
};

// Rule: an absent condition fits every request.
struct Rule {
  std::optional<setcore::SecretString> pan;
  std::optional<std::string> above;     // decimal amount
  std::optional<std::string> currency;  // ISO 4217 letters
  setcore::msg::AuthCode auth_code = setcore::msg::AuthCode::kApproved;
  std::int64_t delay_ms = 0;
};

struct Config {
  Endpoint listen;
  std::optional<Endpoint> diagnostic_listen;
  std::string state;  // path of the database
  bool check_address = false;
  bool challenge = true;
  int max_outstanding = 16;
  int max_connections = 10000;
  int max_connections_per_peer = 64;
  int messages_per_second = 1000;
  std::int64_t header_timeout_ms = 10000;
  std::int64_t body_timeout_ms = 30000;
  std::size_t max_message_bytes = 1048576;
  std::int64_t t30_ms = 30000;
  std::int64_t t120_ms = 120000;
  std::vector<MerchantAccess> merchants;
  std::unique_ptr<setcore::pki::TrustStore> trust;
  std::vector<BrandKeys> brands;
  std::vector<Rule> rules;
};

struct LoadedConfig {
  std::optional<Config> config;  // absent if there is any problem
  std::vector<TomlProblem> problems;
  std::vector<TomlProblem> warnings;
};

// Load reads `path`; file names in it are relative to it.  Certificates are judged at `now`.
LoadedConfig Load(const std::string& path, setcore::Time now);

// The canonical text of a numeric IPv4 or IPv6 address (an IPv4 address mapped into IPv6 becomes
// IPv4); nothing for anything else.
std::optional<std::string> CanonicalAddress(const std::string& text);

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_CONFIG_H_
