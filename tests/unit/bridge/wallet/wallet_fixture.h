// What the tests of wallets share: a directory that goes away, a complete valid profile over the
// test PKI, and ways to change it.
#ifndef TESTS_UNIT_BRIDGE_WALLET_WALLET_FIXTURE_H_
#define TESTS_UNIT_BRIDGE_WALLET_WALLET_FIXTURE_H_

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bridge/wallet/profile.h"
#include "setcore/octets.h"

namespace bridge::testing {

// TemporaryDirectory makes an empty directory (0700) and removes it with all it holds.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "opb-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline void WriteText(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, std::filesystem::perms(0600));
}

inline std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline setcore::OctetView View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// CopyPki puts the test PKI into `directory`, keys 0600 as a user would have them.
inline void CopyPki(const std::string& directory) {
  for (const auto& entry : std::filesystem::directory_iterator(OPB_VECTORS "/set-1024/pki")) {
    const std::string to = directory + "/" + entry.path().filename().string();
    std::filesystem::copy_file(entry.path(), to, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::permissions(to, std::filesystem::perms(0600));
  }
}

// Secrets as they stand in the profile below.
inline constexpr std::string_view kPan = "4000000000000002";
inline constexpr std::string_view kPlainPan = "4000000000000028";
inline constexpr std::string_view kCardSecret = "8dc932b92afc87e6a6a5d213d9c4f3c88c672b37";
inline constexpr std::string_view kPanSecret = "130dfd5182ee25e4bff008ecd03b6b2eb1ec05dc";
inline constexpr std::string_view kSharedSecret = "a shared secret of some length";

// A wallet of all three roles that uses every key of interfaces.md 3.
inline constexpr std::string_view kProfile = R"toml(wallet_id = "all-1"
roles     = ["consumer", "merchant", "payment-handler"]
language  = "en"

[[trust]]
certificate = "root.pem"
brands      = ["VISA"]

[[crl]]
file = "merchant-ca.crl.pem"

[[instrument]]
id                = "visa-gold"
name              = "Alice's Visa Gold"
brand_id          = "VISA"
protocol_brand_id = "VISA:Gold"
pan               = "4000000000000002"
expiry            = "203012"
currencies        = ["USD", "EUR"]
limits            = { USD = ["0.01", "2000"] }
certificate       = "cardholder.pem"
private_key       = "cardholder.key"
card_secret       = "8dc932b92afc87e6a6a5d213d9c4f3c88c672b37"
pan_secret        = "130dfd5182ee25e4bff008ecd03b6b2eb1ec05dc"

[[instrument]]
id                = "visa-plain"
name              = "Alice's plain Visa"
brand_id          = "VISA"
protocol_brand_id = "VISA"
pan               = "4000000000000028"
expiry            = "202911"

[organisation]
org_id      = "shop.example"
merchant_id = "00012345"

[[brand]]
brand_id          = "VISA"
protocol_brand_id = "VISA"
name              = "Visa"
logo_url          = "https://shop.example/visa.gif"
narrative         = "Double points this week"
currencies        = ["USD", "EUR", "JPY"]
limits            = { USD = ["0.01", "5000"], JPY = ["1", "500000"] }
bins              = ["4"]
payment_handler_org_id = "pay.example"
pay_req_url       = "http://pay.example/iotp"
sec_pay_req_url   = "https://pay.example/iotp"
signing_certificate  = "merchant-sign.pem"
signing_key          = "merchant-sign.key"
exchange_certificate = "merchant-exchange.pem"
exchange_key         = "merchant-exchange.key"
gateway_certificate  = "gateway-exchange.pem"
gateway              = "acquirer"

[[gateway]]
name            = "acquirer"
host            = "127.0.0.1"
port            = 7001
diagnostic_port = 7002
transport_id    = "merchant.example.com"
shared_secret   = "a shared secret of some length"
max_outstanding = 8
max_connections = 2
max_retries     = 5
min_resubmit_s  = 61
answer_timeout_s = 21
t30_s           = 31
t120_s          = 121

[policy]
capture_now                    = true
require_cardholder_certificate = false
max_message_bytes              = 65536
max_pending                    = 77
)toml";

// With gives `text` with its first `from` replaced by `to`.
inline std::string With(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  if (at == std::string::npos) throw std::runtime_error("not there: " + std::string(from));
  return out.replace(at, from.size(), to);
}

// LineOf gives the number of the line where `part` begins.
inline unsigned LineOf(std::string_view text, std::string_view part) {
  const std::size_t at = text.find(part);
  if (at == std::string_view::npos) throw std::runtime_error("not there: " + std::string(part));
  return 1 + static_cast<unsigned>(std::count(text.begin(), text.begin() + at, '\n'));
}

}  // namespace bridge::testing

#endif  // TESTS_UNIT_BRIDGE_WALLET_WALLET_FIXTURE_H_
