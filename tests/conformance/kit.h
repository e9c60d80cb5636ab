// The kit: everything that is made once for a run and copied for each rule: a SET certificate
// hierarchy, profiles, and one provisioned wallet of each kind.
#ifndef TESTS_CONFORMANCE_KIT_H_
#define TESTS_CONFORMANCE_KIT_H_

#include <opb.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

// What all profiles and counterparties agree on.
inline constexpr std::string_view kMerchantOrgId = "shop.example";
inline constexpr std::string_view kHandlerOrgId = "pay.example";
inline constexpr std::string_view kMerchantId = "00012345";
inline constexpr std::string_view kTransportId = "merchant.example.com";
inline constexpr std::string_view kSharedSecretHex = "5ec2e7c0ffee5ec2e7c0ffee5ec2e7c0";
inline constexpr std::string_view kPassphrase = "correct horse conformance";
// The cards.  Wallets hold the account numbers sealed; SECRET rules look for them elsewhere.
inline constexpr std::string_view kInstrument = "visa";             // with certificate
inline constexpr std::string_view kPlainInstrument = "visa-plain";  // without
inline constexpr std::string_view kPan = "4929731540082765";
inline constexpr std::string_view kPlainPan = "4556190283746559";
inline constexpr std::string_view kExpiry = "203512";  // YYYYMM
inline constexpr std::string_view kCardSecretHex = "c0a1b2d3e4f5061728394a5b6c7d8e9f00112233";
inline constexpr std::string_view kPanSecretHex = "9d8c7b6a5f4e3d2c1b0a99887766554433221100";

// A kind of wallet: directory name in the kit, WalletID, roles.
struct WalletKind {
  std::string_view name;
  std::string_view wallet_id;
  opb_role roles;
  bool passphrase = false;
};

inline constexpr WalletKind kConsumer = {"consumer", "alice-1", OPB_ROLE_CONSUMER};
inline constexpr WalletKind kMerchant = {"merchant", "shop-1", OPB_ROLE_MERCHANT};
inline constexpr WalletKind kHandler = {"payment-handler", "pay-1", OPB_ROLE_PAYMENT_HANDLER};
inline constexpr WalletKind kLockedConsumer = {"consumer-locked", "alice-2", OPB_ROLE_CONSUMER,
                                               true};
inline constexpr WalletKind kLockedHandler = {"payment-handler-locked", "pay-2",
                                              OPB_ROLE_PAYMENT_HANDLER, true};
// Its policy is capture_now: it sells instead of authorizing.
inline constexpr WalletKind kSellingHandler = {"payment-handler-selling", "pay-3",
                                               OPB_ROLE_PAYMENT_HANDLER};
inline constexpr WalletKind kKinds[] = {kConsumer,       kMerchant,      kHandler,
                                        kLockedConsumer, kLockedHandler, kSellingHandler};

// A kit on disk: DIR/pki and one directory for each kind of wallet, behind '-' and the slot for
// the payment handler's, because its profile names a port of the acquirer gateway.
struct Kit {
  std::filesystem::path directory;
  std::vector<std::uint16_t> gateway_ports;  // one for each slot (--jobs)

  std::filesystem::path pki() const { return directory / "pki"; }
  std::filesystem::path wallet(const WalletKind& kind, unsigned slot) const;
};

// The text of a profile (docs/provisioning.md); file names in it are relative to the PKI.
std::string Profile(const WalletKind& kind, std::uint16_t gateway_port);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_KIT_H_
