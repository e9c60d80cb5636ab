// A SET certificate hierarchy in files, with a ready profile for each role: for `set-bridge pki`,
// the demonstration and tests.  Everything is made new; nothing here is meant for real money.
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_PKI_FILES_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_PKI_FILES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "setcore/crypto/secret.h"
#include "setcore/environment.h"

namespace bridge::programs {

// The names that the ready profiles agree on.
inline constexpr std::string_view kConsumerWallet = "alice-1";
inline constexpr std::string_view kMerchantWallet = "shop-1";
inline constexpr std::string_view kHandlerWallet = "pay-1";
inline constexpr std::string_view kMerchantOrgId = "shop.example";
inline constexpr std::string_view kHandlerOrgId = "pay.example";
inline constexpr std::string_view kMerchantId = "00012345";
inline constexpr std::string_view kTransportId = "merchant.example.com";
inline constexpr std::array<std::string_view, 3> kTrialCurrencies = {"USD", "EUR", "JPY"};
// The gateway declines what is above.
inline constexpr std::string_view kTrialMost = "1000.00";
inline constexpr std::string_view kTrialMostCurrency = "USD";

struct PkiOptions {
  std::size_t key_bits = 2048;  // 1024 or 2048
  // IOTP BrandIds, different ones that SET can pay with, at least one.
  std::vector<std::string> brands = {"VISA"};
  bool card_cert_required = false;
  setcore::Time now = 0;
};

// PkiBrand is what was made for one brand.
struct PkiBrand {
  std::string brand_id;
  std::string protocol_brand_id;
  std::string stem;                 // begins the names of the brand's files: "visa"
  std::string bin;                  // account number prefix
  std::string instrument;           // id of the card with certificate
  std::string unsigned_instrument;  // id of the card without; empty when certificates are required
  setcore::SecretString pan;
  setcore::SecretString unsigned_pan;
  std::string expiry;  // YYYYMM
  setcore::SecretOctets card_secret;
  setcore::SecretOctets pan_secret;
};

struct Pki {
  PkiOptions options;
  std::vector<PkiBrand> brands;
  setcore::SecretString shared_secret;  // "hex:…", of handler and gateway
};

// WritePki makes the directory (0700; it may exist already, but none of the files) and writes
// root.pem, root.key and for each brand, behind its stem: brand-ca, cca, mca, pca, cardholder,
// merchant-sign, merchant-exchange, gateway-sign, gateway-exchange, each as .pem (chain, leaf
// first, root last) and .key (PKCS #8).  All files 0600.  The error is a sentence for people.
tl::expected<Pki, std::string> WritePki(const std::string& directory, const PkiOptions& options);

// Where a gateway listens, as the profiles name it.
struct GatewayPlace {
  std::string host = "127.0.0.1";
  std::uint16_t port = 7001;
  std::uint16_t diagnostic_port = 7002;
};

// The texts of the ready profiles; file names in them are relative to the directory of the PKI.
setcore::SecretString ConsumerProfile(const Pki& pki);
setcore::SecretString MerchantProfile(const Pki& pki);
setcore::SecretString HandlerProfile(const Pki& pki, const GatewayPlace& place);
// A payment with the card `pki` calls unsigned is approved like any other; above 1000.00 USD the
// issuer declines.
setcore::SecretString GatewayConfiguration(const Pki& pki, const GatewayPlace& place);

// WriteProfiles writes consumer.toml, merchant.toml, payment-handler.toml and gateway.toml, 0600.
tl::expected<void, std::string> WriteProfiles(const std::string& directory, const Pki& pki,
                                              const GatewayPlace& place);

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_PKI_FILES_H_
