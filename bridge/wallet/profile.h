// The wallet profile (interfaces.md 3): a TOML file with the files it names, read and checked as a
// whole.  Either everything is as it may be, or every problem is reported with file, line and key.
#ifndef BRIDGE_WALLET_PROFILE_H_
#define BRIDGE_WALLET_PROFILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "bridge/toml_file.h"
#include "bridge/wallet/config.h"
#include "setcore/crypto/secret.h"

namespace bridge {

// Limits of what a profile may be made of.
inline constexpr std::size_t kMaxProfileSize = 1048576;  // octets
inline constexpr std::size_t kMaxProfileFile = 1048576;  // octets of each file it names
inline constexpr std::size_t kMaxSections = 1000;        // of each [[kind]]
inline constexpr std::size_t kMaxListed = 300;           // items of one list
inline constexpr std::size_t kMaxChain = 10;             // certificates

// Keys are PKCS #8 in DER; empty: none.
struct InstrumentSecrets {
  setcore::SecretString pan;
  setcore::SecretString expiry;
  setcore::SecretOctets card_secret;
  setcore::SecretOctets pan_secret;
  setcore::SecretOctets private_key;
};
struct BrandPrivateKeys {
  setcore::SecretOctets signing;
  setcore::SecretOctets exchange;
};

struct Profile {
  WalletConfig config;
  // As many as config.instruments, config.brands and config.gateways, in their order.
  std::vector<InstrumentSecrets> instrument_secrets;
  std::vector<BrandPrivateKeys> brand_keys;
  std::vector<setcore::SecretOctets> gateway_secrets;
  // What works but deserves a look: files that others may read, keys that act later.
  std::vector<TomlProblem> warnings;
};

// ReadProfile reads the profile `path`; file names in it are relative to its directory.  The error
// side is never empty and is sorted by line.
tl::expected<Profile, std::vector<TomlProblem>> ReadProfile(const std::string& path);

// ParseProfile does the same with the text of a profile that would stand at `path`.
tl::expected<Profile, std::vector<TomlProblem>> ParseProfile(std::string_view text,
                                                             const std::string& path);

// ParseInstrument reads one [[instrument]] out of a text called `name`: as in a profile, but
// certificate and private_key hold the PEM text itself.  The chain must lead to a root of `wallet`.
// The profile has that instrument and its secrets, and nothing else.
tl::expected<Profile, std::vector<TomlProblem>> ParseInstrument(std::string_view text,
                                                                std::string_view name,
                                                                const WalletConfig& wallet);

// ParseInstrumentId reads its id alone, whatever else stands there.
tl::expected<std::string, TomlProblem> ParseInstrumentId(std::string_view text,
                                                         std::string_view name);

}  // namespace bridge

#endif  // BRIDGE_WALLET_PROFILE_H_
