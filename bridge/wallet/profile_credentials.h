// The files a wallet profile names: chains, keys, revocation lists; and whether they fit together
// and to the words beside them.  Whatever is wrong becomes a problem at the key that names it.
#ifndef BRIDGE_WALLET_PROFILE_CREDENTIALS_H_
#define BRIDGE_WALLET_PROFILE_CREDENTIALS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/toml_file.h"
#include "bridge/wallet/config.h"
#include "setcore/crypto/secret.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"

namespace bridge {

// ChainUse says what a chain is for.
struct ChainUse {
  setcore::pki::Role role;
  std::string_view what;  // "a cardholder's signature certificate"
};
inline constexpr ChainUse kCardUse = {setcore::pki::Role::kCardholderSignature,
                                      "a cardholder's signature certificate"};
inline constexpr ChainUse kMerchantSigningUse = {setcore::pki::Role::kMerchantSignature,
                                                 "a merchant's signature certificate"};
inline constexpr ChainUse kMerchantExchangeUse = {setcore::pki::Role::kMerchantExchange,
                                                  "a merchant's key-exchange certificate"};
inline constexpr ChainUse kGatewayUse = {setcore::pki::Role::kGatewayExchange,
                                         "a gateway's key-exchange certificate"};

// ProfileFiles reads them for one profile.  It borrows `warnings`.
class ProfileFiles {
 public:
  ProfileFiles(std::string directory, std::vector<TomlProblem>& warnings)
      : directory_(std::move(directory)), warnings_(&warnings) {}
  // For texts without files: certificates and keys stand in the values themselves.
  ProfileFiles(const std::vector<TrustRoot>& roots, std::vector<TomlProblem>& warnings);

  // Root reads one root certificate and trusts it from now on; gives its DER.
  std::optional<setcore::Octets> Root(TomlSection& section, std::string_view key,
                                      const std::vector<std::string>& brands);
  // Revocation reads a CRL or a BrandCRLIdentifier, DER or PEM; gives its DER.
  std::optional<setcore::Octets> Revocation(TomlSection& section, std::string_view key);
  // Chain reads a chain that verifies for `use` up to a trusted root at some time, leaf first. When
  // a root was wrong, which is a problem already, it is only read.
  std::optional<setcore::pki::Chain> Chain(TomlSection& section, std::string_view key,
                                           const ChainUse& use);
  // Key reads the private key of `leaf`; gives its PKCS #8.
  std::optional<setcore::SecretOctets> Key(TomlSection& section, std::string_view key,
                                           const setcore::pki::Certificate& leaf);

 private:
  std::optional<setcore::SecretOctets> Load(TomlSection& section, std::string_view key,
                                            bool secret);

  std::string directory_;
  bool inline_ = false;
  std::vector<TomlProblem>* warnings_;
  setcore::pki::TrustStore trust_;
  bool trust_incomplete_ = false;  // a root is wrong: chains cannot be judged
};

}  // namespace bridge

#endif  // BRIDGE_WALLET_PROFILE_CREDENTIALS_H_
