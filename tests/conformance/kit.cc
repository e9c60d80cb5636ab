#include "kit.h"

#include <fmt/format.h>

namespace conform {

std::filesystem::path Kit::wallet(const WalletKind& kind, unsigned slot) const {
  const bool handler = (kind.roles & OPB_ROLE_PAYMENT_HANDLER) != 0;
  return directory / (handler ? fmt::format("{}-{}", kind.name, slot) : std::string(kind.name));
}

namespace {

std::string Head(const WalletKind& kind, std::string_view role) {
  return fmt::format(
      "wallet_id = \"{}\"\nroles = [\"{}\"]\nlanguage = \"en\"\n\n[[trust]]\n"
      "certificate = \"root.pem\"\n",
      kind.wallet_id, role);
}

// The cards of the example in RFC 3538, 8.3.2, none with a certificate.
struct ExampleCard {
  std::string_view id;
  std::string_view brand_id;
  std::string_view protocol_brand_id;
  std::string_view pan;
};
constexpr ExampleCard kExampleCards[] = {
    {"1", "MasterCard", "MasterCard", "5412750000001017"},
    {"2", "MasterCard", "MasterCard::UC", "5412750000002023"},
    {"3", "MasterCard", "MasterCard::WallMart", "5412750000003039"},
    {"4", "VISA", "VISA::UC", "4556190283747771"},
};

std::string ExampleCards() {
  std::string out;
  for (const ExampleCard& card : kExampleCards) {
    out += fmt::format(R"(
[[instrument]]
id = "{}"
name = "Card {}"
brand_id = "{}"
protocol_brand_id = "{}"
pan = "{}"
expiry = "{}"
)",
                       card.id, card.id, card.brand_id, card.protocol_brand_id, card.pan, kExpiry);
  }
  return out;
}

std::string Instruments() {
  return fmt::format(R"(
[[instrument]]
id = "{}"
name = "A card with certificate"
brand_id = "VISA"
protocol_brand_id = "VISA"
pan = "{}"
expiry = "{}"
certificate = "cardholder.pem"
private_key = "cardholder.key"
card_secret = "{}"
pan_secret = "{}"

[[instrument]]
id = "{}"
name = "A card without certificate"
brand_id = "VISA"
protocol_brand_id = "VISA"
pan = "{}"
expiry = "{}"
currencies = ["USD", "EUR", "JPY"]
)",
                     kInstrument, kPan, kExpiry, kCardSecretHex, kPanSecretHex, kPlainInstrument,
                     kPlainPan, kExpiry);
}

std::string Organisation() {
  return fmt::format(R"(
[organisation]
org_id = "{}"
merchant_id = "{}"

[[brand]]
brand_id = "VISA"
protocol_brand_id = "VISA"
name = "Visa"
logo_url = "https://shop.example/visa.gif"
currencies = ["USD", "EUR", "JPY"]
limits = {{ USD = ["0.01", "5000"] }}
)",
                     kMerchantOrgId, kMerchantId);
}

std::string Acquirer(std::uint16_t port) {
  return fmt::format(R"(signing_certificate = "merchant-sign.pem"
signing_key = "merchant-sign.key"
exchange_certificate = "merchant-exchange.pem"
exchange_key = "merchant-exchange.key"
gateway_certificate = "gateway-exchange.pem"
gateway = "acquirer"

[[gateway]]
name = "acquirer"
host = "127.0.0.1"
port = {}
transport_id = "{}"
shared_secret = "hex:{}"
answer_timeout_s = 2
min_resubmit_s = 1
)",
                     port, kTransportId, kSharedSecretHex);
}

}  // namespace

std::string Profile(const WalletKind& kind, std::uint16_t gateway_port) {
  if (kind.roles == OPB_ROLE_CONSUMER)
    return Head(kind, "consumer") + Instruments() + ExampleCards();
  if (kind.roles == OPB_ROLE_MERCHANT) {
    return Head(kind, "merchant") + Organisation() +
           fmt::format("payment_handler_org_id = \"{}\"\n", kHandlerOrgId);
  }
  return Head(kind, "payment-handler") + Organisation() + Acquirer(gateway_port) +
         (kind.name == kSellingHandler.name ? "\n[policy]\ncapture_now = true\n" : "");
}

}  // namespace conform
