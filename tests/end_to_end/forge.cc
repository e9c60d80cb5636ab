#include "end_to_end/forge.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "bridge/programs/set_bridge/pki_files.h"
#include "first_preq.h"
#include "setcore/base64.h"

namespace market {
namespace {

namespace pki = setcore::pki;

setcore::OctetView View(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

template <class T>
T Must(setcore::Result<T> result) {
  if (!result) throw std::runtime_error("forge: " + result.error().detail);
  return *std::move(result);
}

}  // namespace

void PreparedRandom::Fill(std::span<std::uint8_t> out) {
  const std::size_t prepared = std::min(first_.size(), out.size());
  std::copy_n(first_.begin(), prepared, out.begin());
  first_.erase(first_.begin(), first_.begin() + static_cast<std::ptrdiff_t>(prepared));
  system_.Fill(out.subspan(prepared));
}

std::string WithRevokedGateway(const Market& market, std::string profile) {
  const setcore::Octets crl = Forge(market).Crl("pca", "gateway-sign");
  market.WritePkiFile("gateway.crl", {reinterpret_cast<const char*>(crl.data()), crl.size()});
  return std::move(profile) + "\n[[crl]]\nfile = \"gateway.crl\"\n";
}

setcore::Octets Decoded(const std::string& base64) {
  auto octets = setcore::DecodeBase64(base64);
  if (!octets) throw std::runtime_error("no base64: " + base64);
  return *std::move(octets);
}

Forge::Forge(const Market& market) : market_(market), brand_(market.world().pki.brands.front()) {
  if (!trust_.AddRoot(View(Text("root.pem")))) throw std::runtime_error("forge: no root");
}

std::string Forge::Text(const std::string& file) const {
  std::ifstream in(market_.PkiDirectory() + "/" + file, std::ios::binary);
  if (!in) throw std::runtime_error("forge: no " + file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

setcore::Environment Forge::environment() const { return {std::time(nullptr), &random_}; }

pki::CertifiedKey Forge::Load(const std::string& name) const {
  const std::string stem = brand_.stem + "-" + name;
  return Must(pki::CertifiedKey::FromPem(View(Text(stem + ".pem")), View(Text(stem + ".key"))));
}

pki::CertifiedKey Forge::MakeUnder(const pki::CertifiedKey& above, pki::CertificateProfile profile,
                                   setcore::Time from, setcore::Time until) const {
  auto key = Must(setcore::crypto::RsaPrivateKey::Generate(market_.world().pki.options.key_bits));
  profile.serial = ++serial_;
  profile.not_before = environment().now + from;
  profile.not_after = environment().now + until;
  auto made =
      Must(pki::MakeCertificate(profile, key.public_key(), {above.key, above.certificate().get()}));
  pki::Chain chain = {std::move(made)};
  chain.insert(chain.end(), above.chain.begin(), above.chain.end());
  return {std::move(key), std::move(chain)};
}

pki::CertifiedKey Forge::Make(pki::CertificateProfile profile, const std::string& issuer,
                              setcore::Time from, setcore::Time until) const {
  return MakeUnder(Load(issuer), std::move(profile), from, until);
}

pki::CertifiedKey Forge::MakeMerchantOf(const std::string& brand) const {
  constexpr setcore::Time kFrom = -86400, kUntil = 86400 * 365;
  const auto root =
      Must(pki::CertifiedKey::FromPem(View(Text("root.pem")), View(Text("root.key"))));
  const auto brand_ca = MakeUnder(
      root, pki::AuthorityProfile(pki::kBca, "US", brand, "", brand + " Brand CA"), kFrom, kUntil);
  const auto mca = MakeUnder(
      brand_ca, pki::AuthorityProfile(pki::kMca, "US", brand, "Example Bank", "Merchant CA"), kFrom,
      kUntil);
  const auto own = Load("merchant-sign");
  return MakeUnder(mca,
                   pki::MerchantProfile(false, "US", brand, "Example Bank", "Example Shop",
                                        own.certificate()->merchant_data().value()),
                   kFrom, kUntil);
}

pki::CertifiedKey Forge::MakeForeign(pki::CertificateProfile profile) const {
  const std::size_t bits = market_.world().pki.options.key_bits;
  auto root_key = Must(setcore::crypto::RsaPrivateKey::Generate(bits));
  pki::CertificateProfile root = pki::RootProfile("US", "Nobody", "Nobody's Root");
  root.not_before = profile.not_before = environment().now - 86400;
  root.not_after = profile.not_after = environment().now + 86400 * 365;
  auto certificate = Must(pki::MakeCertificate(root, root_key.public_key(), {root_key, nullptr}));
  auto key = Must(setcore::crypto::RsaPrivateKey::Generate(bits));
  auto leaf = Must(pki::MakeCertificate(profile, key.public_key(), {root_key, certificate.get()}));
  return {std::move(key), {std::move(leaf), std::move(certificate)}};
}

pki::CertificateProfile Forge::CardholderProfile() const {
  return pki::CardholderProfile(
      "US", brand_.protocol_brand_id, "Example Bank",
      pki::UniqueCardholderId(brand_.pan.view(), brand_.expiry, brand_.pan_secret.view()));
}

pki::CertificateProfile Forge::MerchantProfile(bool exchange) const {
  const auto own = Load(exchange ? "merchant-exchange" : "merchant-sign");
  return pki::MerchantProfile(exchange, "US", brand_.protocol_brand_id, "Example Bank",
                              "Example Shop", own.certificate()->merchant_data().value());
}

setcore::PurchaseTerms Forge::Terms(const Purchase& purchase) const {
  const auto rows = Query(market_.WalletDb(Role::kMerchant),
                          "SELECT OrderHash, LidM FROM payments WHERE PayId = '" +
                              purchase.order().merchant_pay_id + "'");
  setcore::PurchaseTerms terms;
  const std::string& order_hash = rows.at(0).at(0);
  terms.od.assign(order_hash.begin(), order_hash.end());
  setcore::Octets lid_m;
  for (std::size_t i = 0; i + 1 < rows[0].at(1).size(); i += 2) {
    lid_m.push_back(static_cast<std::uint8_t>(std::stoi(rows[0][1].substr(i, 2), nullptr, 16)));
  }
  terms.lid_m = std::move(lid_m);
  terms.purch_amt = {840, 15753, -2};  // the market's purchases cost USD 157.53
  terms.brand_id = purchase.order().protocol_brand_id;
  terms.sw_ident = "forge";
  return terms;
}

setcore::Card Forge::CardOf(const pki::CertifiedKey& signing) const {
  setcore::Card card;
  card.pan = brand_.pan.view();
  card.expiry = brand_.expiry;
  card.card_secret = brand_.card_secret.view();
  card.pan_secret = brand_.pan_secret.view();
  card.key = &signing.key;
  card.chain = signing.chain;
  return card;
}

setcore::Octets Forge::PInitReq(const setcore::PurchaseTerms& terms) const {
  const auto cardholder = Load("cardholder");
  return Must(setcore::ComposePInitReq(environment(), CardOf(cardholder), terms));
}

setcore::Octets Forge::PInitRes(const Purchase& purchase, const pki::CertifiedKey& signing) const {
  const auto exchange = Load("merchant-exchange");
  const auto gateway = Load("gateway-exchange");
  setcore::MerchantKeys keys;
  keys.merchant_id = bridge::programs::kMerchantId;
  keys.signing = &signing.key;
  keys.signing_chain = signing.chain;
  keys.exchange = &exchange.key;
  keys.exchange_chain = exchange.chain;
  keys.gateway_chain = gateway.chain;
  return Must(setcore::ComposePInitRes(environment(), keys, trust_, Terms(purchase),
                                       Decoded(purchase.pinitreq())))
      .message;
}

setcore::Octets Forge::PReq(const Purchase& purchase, const pki::CertifiedKey& signing,
                            setcore::Octets first_random) const {
  return PReq(Decoded(purchase.pinitreq()), Decoded(purchase.pinitres()), Terms(purchase), signing,
              std::move(first_random));
}

setcore::Octets Forge::PReq(setcore::OctetView pinitreq, setcore::OctetView pinitres,
                            const setcore::PurchaseTerms& terms, const pki::CertifiedKey& signing,
                            setcore::Octets first_random) const {
  PreparedRandom random(std::move(first_random));
  const setcore::Environment env{environment().now, &random};
  return Must(setcore::ComposePReq(env, CardOf(signing), trust_, terms, pinitreq, pinitres))
      .message;
}

setcore::Octets Forge::FirstPReq(const setcore::PurchaseTerms& terms,
                                 const pki::CertifiedKey& signing) const {
  return setcore::FirstPReq(environment(), CardOf(signing), terms,
                            std::string(bridge::programs::kMerchantId),
                            *Load("gateway-exchange").chain.front());
}

setcore::Octets Forge::AuthRes(setcore::OctetView authreq, const pki::CertifiedKey& signing) const {
  const auto exchange = Load("gateway-exchange");
  const auto right = Load("gateway-sign");
  const setcore::GatewayKeys own{&right, &exchange, {}};
  const setcore::GatewayKeys forged{&signing, &exchange, {}};
  setcore::GatewayPolicy policy;
  policy.sw_ident = "forge";
  const auto request =
      Must(setcore::OpenAuthReq(environment(), {&own, 1}, trust_, policy, authreq));
  setcore::AuthDecision decision;
  decision.code = setcore::msg::AuthCode::kApproved;
  decision.approval_code = "123456";
  return Must(
      setcore::ComposeAuthRes(environment(), {&forged, 1}, trust_, policy, request, decision));
}

setcore::Octets Forge::Crl(const std::string& issuer, const std::string& name) const {
  const auto authority = Load(issuer);
  const auto revoked = Load(name);
  std::uint64_t serial = 0;
  for (const std::uint8_t octet : revoked.certificate()->serial()) serial = serial << 8 | octet;
  const setcore::Time now = environment().now;
  return Must(pki::MakeCrl({authority.key, authority.certificate().get()}, 1, now - 86400,
                           now + 86400, {&serial, 1}));
}

}  // namespace market
