#include "bridge/wallet/stored_wallet.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "bridge/wallet/card_in_use.h"
#include "db/brands.h"
#include "db/instruments.h"
#include "db/intents.h"

namespace bridge {
namespace {

using setcore::Octets;
using setcore::OctetView;

std::optional<std::string> Optional(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<db::AmountLimit> ToRows(const std::vector<CurrencyLimit>& limits) {
  std::vector<db::AmountLimit> out;
  out.reserve(limits.size());
  for (const CurrencyLimit& limit : limits) {
    out.push_back({limit.currency, limit.lowest, limit.highest});
  }
  return out;
}

std::vector<CurrencyLimit> FromRows(const std::vector<db::AmountLimit>& limits) {
  std::vector<CurrencyLimit> out;
  out.reserve(limits.size());
  for (const db::AmountLimit& limit : limits) {
    out.push_back({limit.currency, limit.least, limit.most});
  }
  return out;
}

std::vector<Octets> ToRows(const setcore::pki::Chain& chain) {
  std::vector<Octets> out;
  for (const auto& certificate : chain) {
    out.emplace_back(certificate->der().begin(), certificate->der().end());
  }
  return out;
}

db::Result<setcore::pki::Chain> FromRows(const std::vector<Octets>& chain) {
  setcore::pki::Chain out;
  for (const Octets& der : chain) {
    auto certificate = setcore::pki::Certificate::Parse(der);
    if (!certificate) {
      return db::Fail(db::ErrorKind::kCorrupt,
                      "a certificate in the wallet does not parse: " + certificate.error().detail);
    }
    out.push_back(std::move(*certificate));
  }
  return out;
}

std::optional<Octets> SealIfAny(const Sealer& seal, const std::string& place, OctetView secret) {
  if (secret.empty()) return std::nullopt;
  return seal(place, secret);
}

db::Instrument ToRow(const InstrumentConfig& card, const InstrumentSecrets& secrets,
                     const Sealer& seal) {
  db::Instrument row;
  row.id = card.id;
  row.name = card.name;
  row.brand_id = card.brand_id;
  row.protocol_brand_id = card.protocol_brand_id;
  row.sealed_pan = seal(places::CardPan(card.id), secrets.pan.octets());
  row.sealed_expiry = seal(places::CardExpiry(card.id), secrets.expiry.octets());
  row.sealed_card_secret = seal(places::CardSecret(card.id), secrets.card_secret.view());
  row.sealed_pan_secret = seal(places::PanSecret(card.id), secrets.pan_secret.view());
  row.sealed_private_key = SealIfAny(seal, places::CardKey(card.id), secrets.private_key.view());
  row.currencies = card.currencies;
  row.limits = ToRows(card.limits);
  row.certificate_chain = ToRows(card.chain);
  return row;
}

db::Brand ToRow(const BrandConfig& brand, const BrandPrivateKeys& keys, const Sealer& seal) {
  db::Brand row;
  row.brand_id = brand.brand_id;
  row.protocol_brand_id = brand.protocol_brand_id;
  row.name = brand.name;
  row.logo_url = brand.logo_url;
  row.narrative = Optional(brand.narrative);
  row.payment_handler_org_id = Optional(brand.payment_handler_org_id);
  row.pay_req_url = Optional(brand.pay_req_url);
  row.sec_pay_req_url = Optional(brand.sec_pay_req_url);
  row.gateway = Optional(brand.gateway);
  row.sealed_signing_key = SealIfAny(seal, places::SigningKey(brand.brand_id), keys.signing.view());
  row.sealed_exchange_key =
      SealIfAny(seal, places::ExchangeKey(brand.brand_id), keys.exchange.view());
  row.currencies = brand.currencies;
  row.bins = brand.bins;
  row.limits = ToRows(brand.limits);
  row.signing_chain = ToRows(brand.signing_chain);
  row.exchange_chain = ToRows(brand.exchange_chain);
  row.gateway_chain = ToRows(brand.gateway_chain);
  return row;
}

db::Gateway ToRow(const GatewayConfig& gateway, OctetView secret, const Sealer& seal) {
  db::Gateway row;
  row.name = gateway.name;
  row.host = gateway.host;
  row.port = gateway.port;
  if (gateway.diagnostic_port != 0) row.diagnostic_port = gateway.diagnostic_port;
  row.transport_id = gateway.transport_id;
  row.sealed_shared_secret = SealIfAny(seal, places::SharedSecret(gateway.name), secret);
  row.max_outstanding = static_cast<int>(gateway.max_outstanding);
  row.max_connections = static_cast<int>(gateway.max_connections);
  row.max_retries = static_cast<int>(gateway.max_retries);
  row.min_resubmit_s = static_cast<int>(gateway.min_resubmit_s);
  row.answer_timeout_s = static_cast<int>(gateway.answer_timeout_s);
  row.echo_s = static_cast<int>(gateway.echo_s);
  row.idle_close_s = static_cast<int>(gateway.idle_close_s);
  row.t30_s = static_cast<int>(gateway.t30_s);
  row.t120_s = static_cast<int>(gateway.t120_s);
  return row;
}

GatewayConfig FromRow(const db::Gateway& row) {
  GatewayConfig out;
  out.name = row.name;
  out.host = row.host;
  out.port = static_cast<std::uint16_t>(row.port);
  out.diagnostic_port = static_cast<std::uint16_t>(row.diagnostic_port.value_or(0));
  out.transport_id = row.transport_id;
  out.has_secret = row.sealed_shared_secret.has_value();
  out.max_outstanding = static_cast<std::uint32_t>(row.max_outstanding);
  out.max_connections = static_cast<std::uint32_t>(row.max_connections);
  out.max_retries = static_cast<std::uint32_t>(row.max_retries);
  out.min_resubmit_s = static_cast<std::uint32_t>(row.min_resubmit_s);
  out.answer_timeout_s = static_cast<std::uint32_t>(row.answer_timeout_s);
  out.echo_s = static_cast<std::uint32_t>(row.echo_s);
  out.idle_close_s = static_cast<std::uint32_t>(row.idle_close_s);
  out.t30_s = static_cast<std::uint32_t>(row.t30_s);
  out.t120_s = static_cast<std::uint32_t>(row.t120_s);
  return out;
}

// Reading stops at the first error, which stays.
class Loader {
 public:
  explicit Loader(const db::Reader& reader) : reader_(reader) {}

  db::Result<std::optional<StoredWallet>> Load() {
    const auto row = Take(db::LoadWalletConfig(reader_));
    auto key = Take(db::LoadWalletKey(reader_));
    if (error_) return tl::unexpected(*error_);
    if (!row || !key) return std::nullopt;
    out_.key = std::move(*key);
    TakeWallet(*row);
    for (auto& root : Take(db::LoadTrustRoots(reader_))) {
      out_.config.trust.push_back({std::move(root.der), std::move(root.brands)});
    }
    out_.config.revocations = Take(db::LoadCrls(reader_));
    for (const auto& gateway : Take(db::LoadGateways(reader_))) TakeGateway(gateway);
    for (const auto& card : Take(db::LoadInstruments(reader_))) TakeInstrument(card);
    for (const auto& brand : Take(db::LoadBrands(reader_))) TakeBrand(brand);
    for (const auto& key : Take(db::LoadFormerKeys(reader_))) TakeFormerKey(key);
    if (error_) return tl::unexpected(*error_);
    return std::move(out_);
  }

 private:
  template <class T>
  T Take(db::Result<T> result) {
    if (result) return std::move(*result);
    if (!error_) error_ = result.error();
    return T{};
  }

  void Keep(std::string place, const std::optional<Octets>& sealed) {
    if (sealed) out_.sealed.emplace(std::move(place), *sealed);
  }

  void TakeWallet(const db::WalletConfig& row) {
    WalletConfig& config = out_.config;
    config.wallet_id = row.wallet_id;
    config.roles = row.roles;
    config.language = row.language;
    config.organisation.org_id = row.org_id.value_or("");
    config.organisation.merchant_id = row.merchant_id.value_or("");
    config.policy.capture_now = row.capture_now;
    config.policy.require_cardholder_certificate = row.require_cardholder_certificate;
    config.policy.max_message_bytes = static_cast<std::uint32_t>(row.max_message_bytes);
    config.policy.max_pending = static_cast<std::uint32_t>(row.max_pending);
    config.policy.keep_days = static_cast<std::uint32_t>(row.keep_days);
  }

  void TakeGateway(const db::Gateway& row) {
    out_.config.gateways.push_back(FromRow(row));
    Keep(places::SharedSecret(row.name), row.sealed_shared_secret);
  }

  void TakeInstrument(const db::Instrument& row) {
    InstrumentConfig card;
    card.id = row.id;
    card.name = row.name;
    card.brand_id = row.brand_id;
    card.protocol_brand_id = row.protocol_brand_id;
    card.hidden = row.hidden;
    card.currencies = row.currencies;
    card.limits = FromRows(row.limits);
    card.chain = Take(FromRows(row.certificate_chain));
    Keep(places::CardPan(row.id), row.sealed_pan);
    Keep(places::CardExpiry(row.id), row.sealed_expiry);
    Keep(places::CardSecret(row.id), row.sealed_card_secret);
    Keep(places::PanSecret(row.id), row.sealed_pan_secret);
    Keep(places::CardKey(row.id), row.sealed_private_key);
    out_.config.instruments.push_back(std::move(card));
  }

  void TakeBrand(const db::Brand& row) {
    BrandConfig brand;
    brand.brand_id = row.brand_id;
    brand.protocol_brand_id = row.protocol_brand_id;
    brand.name = row.name;
    brand.logo_url = row.logo_url;
    brand.narrative = row.narrative.value_or("");
    brand.currencies = row.currencies;
    brand.limits = FromRows(row.limits);
    brand.bins = row.bins;
    brand.payment_handler_org_id = row.payment_handler_org_id.value_or("");
    brand.pay_req_url = row.pay_req_url.value_or("");
    brand.sec_pay_req_url = row.sec_pay_req_url.value_or("");
    brand.signing_chain = Take(FromRows(row.signing_chain));
    brand.exchange_chain = Take(FromRows(row.exchange_chain));
    brand.gateway_chain = Take(FromRows(row.gateway_chain));
    brand.gateway = row.gateway.value_or("");
    brand.hidden = row.hidden;
    Keep(places::SigningKey(row.brand_id), row.sealed_signing_key);
    Keep(places::ExchangeKey(row.brand_id), row.sealed_exchange_key);
    out_.config.brands.push_back(std::move(brand));
  }

  void TakeFormerKey(const db::FormerKey& row) {
    const auto brand = std::ranges::find(out_.config.brands, row.brand_id, &BrandConfig::brand_id);
    if (brand == out_.config.brands.end()) return;
    auto certificate = Take(FromRows({row.certificate}));
    if (certificate.empty()) return;
    Keep(places::FormerExchangeKey(row.brand_id, brand->former_exchange.size()),
         row.sealed_exchange_key);
    brand->former_exchange.push_back(std::move(certificate.front()));
  }

  const db::Reader& reader_;
  StoredWallet out_;
  std::optional<db::Error> error_;
};

std::string Place(std::string_view kind, std::string_view id, std::string_view column) {
  return fmt::format("{}\n{}\n{}", kind, id, column);
}

// What the profile no longer has goes, or hides while a pending payment uses it.
db::Result<void> Retire(db::Transaction& tx, const WalletConfig& config) {
  auto cards = db::LoadInstruments(tx);
  if (!cards) return tl::unexpected(cards.error());
  for (const db::Instrument& card : *cards) {
    if (config.FindInstrument(card.id) != nullptr) continue;
    if (auto done = db::RetireInstrument(tx, card.id); !done) return done;
  }
  auto brands = db::LoadBrands(tx);
  if (!brands) return tl::unexpected(brands.error());
  for (const db::Brand& brand : *brands) {
    if (config.FindBrand(brand.brand_id) != nullptr) continue;
    if (auto done = db::RetireBrand(tx, brand.brand_id); !done) return done;
  }
  return {};
}

// An exchange key that the profile replaces stays while somebody may answer to it.
db::Result<void> KeepFormerKeys(db::Transaction& tx, const WalletConfig& config) {
  auto brands = db::LoadBrands(tx);
  if (!brands) return tl::unexpected(brands.error());
  for (const db::Brand& before : *brands) {
    const BrandConfig* now = config.FindBrand(before.brand_id);
    if (now == nullptr || before.exchange_chain.empty() || !before.sealed_exchange_key) continue;
    const auto chain = ToRows(now->exchange_chain);
    if (!chain.empty() && chain.front() == before.exchange_chain.front()) continue;
    const db::FormerKey key{before.brand_id, before.exchange_chain.front(),
                            *before.sealed_exchange_key};
    if (auto done = db::KeepFormerKey(tx, key); !done) return done;
  }
  return {};
}

// The gateways of the profile, and those that only hidden brands or exchanges whose outcome is open
// still need, as they were.
db::Result<void> StoreGatewayRows(db::Transaction& tx, const Profile& profile, const Sealer& seal) {
  std::vector<db::Gateway> rows;
  for (std::size_t i = 0; i < profile.config.gateways.size(); ++i) {
    rows.push_back(ToRow(profile.config.gateways[i], profile.gateway_secrets[i].view(), seal));
  }
  auto brands = db::LoadBrands(tx);
  if (!brands) return tl::unexpected(brands.error());
  std::set<std::string> needed;
  for (const db::Brand& brand : *brands) {
    if (brand.hidden && brand.gateway) needed.insert(*brand.gateway);
  }
  auto awaited = db::AwaitedGateways(tx);
  if (!awaited) return tl::unexpected(awaited.error());
  needed.insert(awaited->begin(), awaited->end());
  auto before = db::LoadGateways(tx);
  if (!before) return tl::unexpected(before.error());
  for (db::Gateway& gateway : *before) {
    if (!needed.contains(gateway.name)) continue;
    if (profile.config.FindGateway(gateway.name) == nullptr) rows.push_back(std::move(gateway));
  }
  return db::StoreGateways(tx, rows);
}

db::WalletConfig ToRow(const WalletConfig& config, db::Millis now) {
  db::WalletConfig row;
  row.wallet_id = config.wallet_id;
  row.roles = config.roles;
  row.language = config.language;
  row.org_id = Optional(config.organisation.org_id);
  row.merchant_id = Optional(config.organisation.merchant_id);
  row.capture_now = config.policy.capture_now;
  row.require_cardholder_certificate = config.policy.require_cardholder_certificate;
  row.max_message_bytes = config.policy.max_message_bytes;
  row.max_pending = config.policy.max_pending;
  row.keep_days = config.policy.keep_days;
  row.provisioned = now;
  return row;
}

}  // namespace

namespace places {

std::string CardPan(std::string_view id) { return Place("instrument", id, "pan"); }
std::string CardExpiry(std::string_view id) { return Place("instrument", id, "expiry"); }
std::string CardSecret(std::string_view id) { return Place("instrument", id, "card_secret"); }
std::string PanSecret(std::string_view id) { return Place("instrument", id, "pan_secret"); }
std::string CardKey(std::string_view id) { return Place("instrument", id, "private_key"); }
std::string SigningKey(std::string_view id) { return Place("brand", id, "signing_key"); }
std::string ExchangeKey(std::string_view id) { return Place("brand", id, "exchange_key"); }
std::string FormerExchangeKey(std::string_view brand_id, std::size_t number) {
  return Place("brand", brand_id, fmt::format("former_exchange_key {}", number));
}
std::string SharedSecret(std::string_view id) { return Place("gateway", id, "shared_secret"); }
std::string OfPayment(std::string_view place) { return fmt::format("payment\n{}", place); }

}  // namespace places

WrappedKey ToWrappedKey(const db::WalletKey& row) {
  WrappedKey out;
  out.scrypt.n = static_cast<std::uint64_t>(row.scrypt_n);
  out.scrypt.r = static_cast<std::uint32_t>(row.scrypt_r);
  out.scrypt.p = static_cast<std::uint32_t>(row.scrypt_p);
  out.salt = row.salt;
  out.record = row.wrapped;
  return out;
}

db::Result<std::optional<StoredWallet>> LoadStoredWallet(const db::Reader& reader) {
  return Loader(reader).Load();
}

db::Result<void> StoreInstrument(db::Transaction& tx, const InstrumentConfig& instrument,
                                 const InstrumentSecrets& secrets, const Safe& safe) {
  if (auto kept = CheckCardInUse(tx, instrument, secrets, safe.open); !kept) return kept;
  return db::StoreInstrument(tx, ToRow(instrument, secrets, safe.seal));
}

db::Result<void> StoreProfile(db::Transaction& tx, const Profile& profile, const Safe& safe,
                              db::Millis now) {
  const WalletConfig& config = profile.config;
  if (auto done = db::StoreWalletConfig(tx, ToRow(config, now)); !done) return done;
  std::vector<db::TrustRoot> roots;
  for (const TrustRoot& root : config.trust) roots.push_back({root.certificate, root.brands});
  if (auto done = db::StoreTrustRoots(tx, roots); !done) return done;
  if (auto done = db::StoreCrls(tx, config.revocations); !done) return done;
  if (auto done = Retire(tx, config); !done) return done;
  if (auto done = KeepFormerKeys(tx, config); !done) return done;
  if (auto done = StoreGatewayRows(tx, profile, safe.seal); !done) return done;
  for (std::size_t i = 0; i < config.instruments.size(); ++i) {
    auto done = StoreInstrument(tx, config.instruments[i], profile.instrument_secrets[i], safe);
    if (!done) return done;
  }
  for (std::size_t i = 0; i < config.brands.size(); ++i) {
    const auto row = ToRow(config.brands[i], profile.brand_keys[i], safe.seal);
    if (auto done = db::StoreBrand(tx, row); !done) return done;
  }
  return {};
}

}  // namespace bridge
