// What the values of a wallet profile may be: one rule per kind of text, one pair of bounds per
// number.  Pure; the words are part of the error messages.
#ifndef BRIDGE_WALLET_PROFILE_VALUES_H_
#define BRIDGE_WALLET_PROFILE_VALUES_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "bridge/toml_file.h"
#include "setcore/crypto/secret.h"

namespace bridge {

// TextRule completes the sentence "VALUE is not …".
struct TextRule {
  std::string_view what;
  bool (*legal)(std::string_view text) = nullptr;
};

namespace rules {

inline constexpr std::size_t kMaxId = 32;               // characters; RFC 3867, Table 3: WalletId
inline constexpr std::size_t kMaxBrandId = 128;         // characters; RFC 3867, Table 3
inline constexpr std::size_t kMaxName = 128;            // characters
inline constexpr std::size_t kMaxNarrative = 1024;      // characters
inline constexpr std::size_t kMaxOrgId = 128;           // characters
inline constexpr std::size_t kMaxMerchantId = 30;       // set-messages.asn: ub-MerchantID
inline constexpr std::size_t kMaxSetBrand = 40;         // set-messages.asn: ub-BrandID
inline constexpr std::size_t kMaxProtocolBrandId = 64;  // RFC 3867, Table 3
inline constexpr std::size_t kMaxLanguage = 35;         // set-messages.asn: ub-RFC1766-language
inline constexpr std::size_t kMaxPan = 19;              // set-messages.asn: PAN
inline constexpr std::size_t kMaxBin = 12;
inline constexpr std::size_t kMaxUrl = 512;   // set-messages.asn: ub-URL
inline constexpr std::size_t kMaxHost = 253;  // RFC 1035, 2.3.4, as text
inline constexpr std::size_t kMaxTransportId = 255;
inline constexpr std::size_t kMaxSharedSecret = 1024;  // octets
inline constexpr std::size_t kGoodSharedSecret = 16;   // octets; D-66
inline constexpr std::size_t kCardSecret = 20;         // octets; set-processing.md 1.1

extern const TextRule kWalletId;
extern const TextRule kInstrumentId;
extern const TextRule kGatewayName;
extern const TextRule kLanguage;
extern const TextRule kName;
extern const TextRule kNarrative;
extern const TextRule kBrandId;
extern const TextRule kProtocolBrandId;
extern const TextRule kOrgId;
extern const TextRule kMerchantId;
extern const TextRule kUrl;
extern const TextRule kSecureUrl;
extern const TextRule kHost;
extern const TextRule kTransportId;
extern const TextRule kCurrency;
extern const TextRule kBin;
extern const TextRule kPan;
extern const TextRule kExpiry;
extern const TextRule kFileName;

inline constexpr TomlBounds kPort = {1, 65535, "a port"};
inline constexpr TomlBounds kMaxOutstanding = {1, 1024, "a number of requests"};
inline constexpr TomlBounds kMaxConnections = {1, 256, "a number of connections"};
inline constexpr TomlBounds kMaxRetries = {0, 100, "a number of retries"};
inline constexpr TomlBounds kMinResubmit = {1, 86400, "a number of seconds"};
inline constexpr TomlBounds kAnswerTimeout = {1, 600, "a number of seconds"};
inline constexpr TomlBounds kEcho = {0, 86400, "a number of seconds"};
inline constexpr TomlBounds kIdleClose = {1, 86400, "a number of seconds"};
inline constexpr TomlBounds kT30 = {1, 600, "a number of seconds"};
inline constexpr TomlBounds kT120 = {1, 600, "a number of seconds"};
inline constexpr TomlBounds kMaxMessage = {4096, 16777216, "a number of octets"};
inline constexpr TomlBounds kMaxPending = {1, 10000000, "a number of payments"};
inline constexpr TomlBounds kKeepDays = {1, 36500, "a number of days"};

}  // namespace rules

// Characters counts Unicode characters of valid UTF-8.
std::size_t Characters(std::string_view text);

// FromHex gives the octets of hexadecimal digits, two each; nothing for anything else.
std::optional<setcore::SecretOctets> FromHex(std::string_view text);

// AmountDecimals gives the decimals of an Amount text, nothing if it is none or has more of them
// than `currency` (ISO 4217 letters) has.
std::optional<std::size_t> AmountDecimals(std::string_view currency, std::string_view amount);

}  // namespace bridge

#endif  // BRIDGE_WALLET_PROFILE_VALUES_H_
