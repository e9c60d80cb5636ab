// The public part of a wallet, as its profile describes it: everything that a locked wallet may
// know and show.  Plain values; an open wallet's configuration never changes, so it may be read
// from any thread.  Secrets are in bridge/wallet/keyring.h.
#ifndef BRIDGE_WALLET_CONFIG_H_
#define BRIDGE_WALLET_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/octets.h"
#include "setcore/pki/certificate.h"

namespace bridge {

// TrustRoot is a SET root certificate.  With `brands` it vouches for these brands only.
struct TrustRoot {
  setcore::Octets certificate;  // DER
  std::vector<std::string> brands;
};

// CurrencyLimit bounds one payment, both ends included.  The texts are decimal amounts as the API
// spells them, with at most as many decimals as the currency has: "0.01".
struct CurrencyLimit {
  std::string currency;
  std::string lowest;
  std::string highest;
};

// InstrumentConfig is a consumer's payment card.  PAN, expiry, secrets and key are sealed.
struct InstrumentConfig {
  std::string id;                       // PaymentInstrumentId
  std::string name;                     // for people
  std::string brand_id;                 // IOTP BrandId
  std::string protocol_brand_id;        // brand[:Product][:PCN]
  std::vector<std::string> currencies;  // ISO 4217 letters; empty: any
  std::vector<CurrencyLimit> limits;
  setcore::pki::Chain chain;  // leaf first; empty: a card without certificate
  bool hidden = false;        // kept for a pending payment only: no new payment may use it
};

struct OrganisationConfig {
  std::string org_id;       // MerchantOrgId
  std::string merchant_id;  // SET MerchantID
};

// BrandConfig is a brand that a merchant accepts or a payment handler serves.
struct BrandConfig {
  std::string brand_id;
  std::string protocol_brand_id;
  std::string name;       // BrandName
  std::string logo_url;   // BrandLogoNetLocn
  std::string narrative;  // BrandNarrative; empty: none
  std::vector<std::string> currencies;
  std::vector<CurrencyLimit> limits;
  std::vector<std::string> bins;  // account number prefixes, for cards without certificate
  // Merchant.
  std::string payment_handler_org_id;  // the ReceiverOrgId that gets Payment:SET-OD
  std::string pay_req_url;             // PayReqNetLocn; empty: none
  std::string sec_pay_req_url;         // SecPayReqNetLocn; empty: none
  // Payment handler; empty for a wallet without that role.
  setcore::pki::Chain signing_chain;
  setcore::pki::Chain exchange_chain;
  setcore::pki::Chain former_exchange;  // leaves of earlier keys, kept for answers that are due
  setcore::pki::Chain gateway_chain;    // Cert-PE with its chain
  std::string gateway;                  // GatewayConfig::name
  bool hidden = false;                  // as in InstrumentConfig
};

// GatewayConfig says how an acquirer payment gateway is reached.  Its shared secret is sealed.
struct GatewayConfig {
  std::string name;
  std::string host;
  std::uint16_t port = 0;
  std::uint16_t diagnostic_port = 0;  // 0: none
  std::string transport_id;
  bool has_secret = false;  // false: no challenge is expected
  std::uint32_t max_outstanding = 16;
  std::uint32_t max_connections = 4;
  std::uint32_t max_retries = 3;
  std::uint32_t min_resubmit_s = 60;
  std::uint32_t answer_timeout_s = 20;
  std::uint32_t echo_s = 0;
  std::uint32_t idle_close_s = 300;
  std::uint32_t t30_s = 30;
  std::uint32_t t120_s = 120;
};

struct PolicyConfig {
  bool capture_now = false;
  bool require_cardholder_certificate = false;
  std::uint32_t max_message_bytes = 1048576;
  std::uint32_t max_pending = 10000;
  std::uint32_t keep_days = 400;
};

struct WalletConfig {
  std::string wallet_id;    // WalletID
  std::uint32_t roles = 0;  // OPB_ROLE_*
  std::string language;     // RFC 1766
  std::vector<TrustRoot> trust;
  std::vector<setcore::Octets> revocations;  // CRLs and BrandCRLIdentifiers, DER
  std::vector<InstrumentConfig> instruments;
  OrganisationConfig organisation;
  std::vector<BrandConfig> brands;
  std::vector<GatewayConfig> gateways;
  PolicyConfig policy;

  // Each gives null when there is none; hidden ones are found too.
  const InstrumentConfig* FindInstrument(std::string_view id) const;
  const BrandConfig* FindBrand(std::string_view brand_id) const;
  const GatewayConfig* FindGateway(std::string_view name) const;
};

}  // namespace bridge

#endif  // BRIDGE_WALLET_CONFIG_H_
