#include "bridge/programs/set_bridge/pki_files.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "bridge/files.h"
#include "bridge/translate/brand_id.h"
#include "setcore/crypto/random.h"
#include "setcore/crypto/rsa.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/certificate_maker.h"

namespace bridge::programs {
namespace {

namespace pki = setcore::pki;
using setcore::OctetView;
using setcore::SecretOctets;
using setcore::SecretString;

constexpr std::string_view kCountry = "US";
constexpr std::string_view kBank = "Example Bank";
constexpr std::string_view kAcquirer = "Example Acquirer";
constexpr std::string_view kShop = "Example Shop";
constexpr int kUnitedStates = 840;  // ISO 3166

constexpr setcore::Time kDay = 86400;
constexpr setcore::Time kRootYears = 20 * 365 * kDay;
constexpr setcore::Time kAuthorityYears = 10 * 365 * kDay;
constexpr setcore::Time kLeafYears = 2 * 365 * kDay;
constexpr int kCardYears = 3;  // the card outlives its certificate (set-processing.md 11)

// How the account numbers of a brand begin and how long they are.
struct NumberPlan {
  std::string_view brand;
  std::string_view bin;
  std::size_t digits;
};
constexpr std::array<NumberPlan, 7> kPlans = {{{"VISA", "4", 16},
                                               {"MasterCard", "51", 16},
                                               {"Amex", "34", 15},
                                               {"JCB", "35", 16},
                                               {"Diners", "36", 14},
                                               {"Maestro", "50", 16},
                                               {"", "9", 16}}};

struct Dates {
  setcore::Time from;
  setcore::Time until;
};

// Signs with one authority.
struct Authority {
  setcore::crypto::RsaPrivateKey key;
  pki::Chain chain;

  pki::Issuer issuer() const { return {key, chain.front().get()}; }
};

std::string Lower(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    out += letter ? c : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : '-');
  }
  return out;
}

const NumberPlan& PlanOf(std::string_view brand) {
  const auto* plan = std::ranges::find_if(
      kPlans, [&](const NumberPlan& p) { return Lower(p.brand) == Lower(brand); });
  return plan == kPlans.end() ? kPlans.back() : *plan;
}

// An account number with the check digit of ISO/IEC 7812.
SecretString AccountNumber(const NumberPlan& plan, int number) {
  std::string digits = fmt::format("{}{:0{}}", plan.bin, number, plan.digits - plan.bin.size() - 1);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? (digit * 2) / 10 + (digit * 2) % 10 : digit;
  }
  digits += static_cast<char>('0' + (10 - sum % 10) % 10);
  return SecretString(digits);
}

std::string ExpiryOf(setcore::Time now) {
  const std::time_t time = now;
  std::tm parts = {};
  gmtime_r(&time, &parts);
  return fmt::format("{:04}12", parts.tm_year + 1900 + kCardYears);
}

std::string HexOf(OctetView octets) {
  std::string out;
  for (const std::uint8_t octet : octets) fmt::format_to(std::back_inserter(out), "{:02x}", octet);
  return out;
}

SecretOctets RandomOctets(std::size_t size) {
  SecretOctets out(size);
  setcore::SystemRandom().Fill(out.mutable_view());
  return out;
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

OctetView View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

tl::expected<void, std::string> Save(const std::string& directory, const std::string& name,
                                     OctetView octets) {
  const std::string path = directory + "/" + name;
  if (access(path.c_str(), F_OK) == 0) return tl::unexpected(path + " exists already");
  if (auto saved = SaveFile(path, octets); !saved) {
    return tl::unexpected(path + " " + saved.error());
  }
  return {};
}

// PkiWriter makes and writes; the first failure stays in `error` and stops what follows.
class PkiWriter {
 public:
  PkiWriter(std::string directory, const PkiOptions& options)
      : directory_(std::move(directory)), options_(options) {}

  std::optional<Authority> MakeRoot() {
    pki::CertificateProfile profile =
        pki::RootProfile(std::string(kCountry), "SET Example Root", "Root CA");
    return Make("root", std::move(profile), nullptr, kRootYears);
  }

  std::optional<Authority> MakeAuthority(pki::CertificateType type, const std::string& brand,
                                         const std::string& unit, const std::string& common_name,
                                         const std::string& file, const Authority& above) {
    return Make(file, pki::AuthorityProfile(type, std::string(kCountry), brand, unit, common_name),
                &above, kAuthorityYears);
  }

  // Makes a key and a certificate for it, and writes chain and key.
  std::optional<Authority> Make(const std::string& file, pki::CertificateProfile profile,
                                const Authority* above, setcore::Time lifetime) {
    if (!error_.empty()) return std::nullopt;
    auto key = setcore::crypto::RsaPrivateKey::Generate(options_.key_bits);
    if (!key) return Stop(key.error().detail);
    profile.serial = ++serial_;
    profile.not_before = options_.now - kDay;
    profile.not_after = options_.now + lifetime;
    const pki::Issuer issuer = above == nullptr ? pki::Issuer{*key, nullptr} : above->issuer();
    auto certificate = pki::MakeCertificate(profile, key->public_key(), issuer);
    if (!certificate) return Stop(certificate.error().detail);
    pki::Chain chain = {*certificate};
    if (above != nullptr) chain.insert(chain.end(), above->chain.begin(), above->chain.end());
    if (auto saved = Save(directory_, file + ".pem", View(pki::WritePem(chain))); !saved) {
      return Stop(saved.error());
    }
    if (auto saved = Save(directory_, file + ".key", key->Pem().octets()); !saved) {
      return Stop(saved.error());
    }
    return Authority{std::move(*key), std::move(chain)};
  }

  PkiBrand MakeBrand(const std::string& brand_id, const std::string& protocol_brand_id,
                     const Authority& root) {
    PkiBrand out = Describe(brand_id, protocol_brand_id);
    const std::string bank(kBank);
    const std::string country(kCountry);
    const std::string& name = protocol_brand_id;
    const auto brand_ca =
        MakeAuthority(pki::kBca, name, "", name + " Brand CA", out.stem + "-brand-ca", root);
    if (!brand_ca) return out;
    const auto cca =
        MakeAuthority(pki::kCca, name, bank, "Cardholder CA", out.stem + "-cca", *brand_ca);
    const auto mca =
        MakeAuthority(pki::kMca, name, bank, "Merchant CA", out.stem + "-mca", *brand_ca);
    const auto pca =
        MakeAuthority(pki::kPca, name, bank, "Payment Gateway CA", out.stem + "-pca", *brand_ca);
    if (!cca || !mca || !pca) return out;
    Make(out.stem + "-cardholder",
         pki::CardholderProfile(
             country, name, bank,
             pki::UniqueCardholderId(out.pan.view(), out.expiry, out.pan_secret.view())),
         &*cca, kLeafYears);
    const std::string acquirer_bin = fmt::format("{:0<6}", out.bin);
    for (const bool exchange : {false, true}) {
      const std::string use = exchange ? "exchange" : "sign";
      Make(out.stem + "-merchant-" + use,
           pki::MerchantProfile(exchange, country, name, bank, std::string(kShop),
                                ShopData(acquirer_bin)),
           &*mca, kLeafYears);
      Make(out.stem + "-gateway-" + use,
           pki::GatewayProfile(exchange, country, name, std::string(kAcquirer), acquirer_bin,
                               options_.card_cert_required),
           &*pca, kLeafYears);
    }
    return out;
  }

  const std::string& error() const { return error_; }

 private:
  std::nullopt_t Stop(std::string why) {
    error_ = std::move(why);
    return std::nullopt;
  }

  PkiBrand Describe(const std::string& brand_id, const std::string& protocol_brand_id) const {
    const NumberPlan& plan = PlanOf(protocol_brand_id);
    PkiBrand out;
    out.brand_id = brand_id;
    out.protocol_brand_id = protocol_brand_id;
    out.stem = Lower(protocol_brand_id);
    out.bin = plan.bin;
    out.instrument = out.stem.substr(0, 24);
    if (!options_.card_cert_required) out.unsigned_instrument = out.instrument + "-plain";
    out.pan = AccountNumber(plan, 0);
    out.unsigned_pan = AccountNumber(plan, 2);
    out.expiry = ExpiryOf(options_.now);
    out.card_secret = RandomOctets(20);
    out.pan_secret = RandomOctets(20);
    return out;
  }

  static pki::MerchantData ShopData(const std::string& acquirer_bin) {
    pki::MerchantData data;
    data.merchant_id = kMerchantId;
    data.acquirer_bin = acquirer_bin;
    data.country = kUnitedStates;
    pki::MerchantName name;
    name.language = "en";
    name.name = kShop;
    name.city = "Springfield";
    name.country_name = "United States";
    data.names.push_back(std::move(name));
    return data;
  }

  std::string directory_;
  const PkiOptions& options_;
  std::uint64_t serial_ = 0;
  std::string error_;
};

// The brands of the options with their ProtocolBrandIds, or why one cannot be used.
tl::expected<std::vector<std::pair<std::string, std::string>>, std::string> BrandsOf(
    const PkiOptions& options) {
  std::vector<std::pair<std::string, std::string>> out;
  std::set<std::string> stems;
  for (const std::string& given : options.brands) {
    std::string brand(CanonicalBrandId(given));
    const auto protocol = DefaultProtocolBrandId(brand);
    if (!protocol) return tl::unexpected(fmt::format("\"{}\" is not a brand SET pays with", given));
    if (!stems.insert(Lower(*protocol)).second) {
      return tl::unexpected(fmt::format("the brand \"{}\" is named twice", given));
    }
    out.emplace_back(std::move(brand), *protocol);
  }
  return out;
}

tl::expected<void, std::string> MakeDirectory(const std::string& directory) {
  if (mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return tl::unexpected(
      fmt::format("{} cannot be made: {}", directory, std::generic_category().message(errno)));
}

std::string Currencies() {
  return fmt::format("currencies        = [\"{}\"]\n", fmt::join(kTrialCurrencies, "\", \""));
}

std::string InstrumentSection(std::string_view id, std::string_view name, const PkiBrand& brand,
                              const SecretString& pan) {
  return fmt::format(
      "\n[[instrument]]\nid                = {}\nname              = {}\n"
      "brand_id          = {}\nprotocol_brand_id = {}\npan               = {}\n"
      "expiry            = {}\n",
      Quoted(id), Quoted(name), Quoted(brand.brand_id), Quoted(brand.protocol_brand_id),
      Quoted(pan.view()), Quoted(brand.expiry));
}

std::string BrandSection(const PkiBrand& brand) {
  return fmt::format(
      "\n[[brand]]\nbrand_id          = {}\nprotocol_brand_id = {}\nname              = {}\n"
      "logo_url          = {}\n{}bins              = [{}]\n",
      Quoted(brand.brand_id), Quoted(brand.protocol_brand_id), Quoted(brand.brand_id),
      Quoted(fmt::format("https://{}/{}.gif", kMerchantOrgId, brand.stem)), Currencies(),
      Quoted(brand.bin));
}

std::string Organisation() {
  return fmt::format("\n[organisation]\norg_id      = {}\nmerchant_id = {}\n",
                     Quoted(kMerchantOrgId), Quoted(kMerchantId));
}

std::string Head(std::string_view wallet_id, std::string_view role) {
  return fmt::format(
      "wallet_id = {}\nroles     = [{}]\nlanguage  = \"en\"\n\n[[trust]]\n"
      "certificate = \"root.pem\"\n",
      Quoted(wallet_id), Quoted(role));
}

std::string KeyPair(std::string_view use, std::string_view stem, std::string_view file) {
  return fmt::format("{0}_certificate = \"{1}-{2}.pem\"\n{0}_key = \"{1}-{2}.key\"\n", use, stem,
                     file);
}

SecretString Taken(std::string text) {
  SecretString out(text);
  setcore::Cleanse({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return out;
}

}  // namespace

tl::expected<Pki, std::string> WritePki(const std::string& directory, const PkiOptions& options) {
  const auto brands = BrandsOf(options);
  if (!brands) return tl::unexpected(brands.error());
  if (auto made = MakeDirectory(directory); !made) return tl::unexpected(made.error());
  Pki out;
  out.options = options;
  out.shared_secret = Taken("hex:" + HexOf(RandomOctets(16).view()));
  PkiWriter writer(directory, options);
  if (const auto root = writer.MakeRoot()) {
    for (const auto& [brand_id, protocol] : *brands) {
      out.brands.push_back(writer.MakeBrand(brand_id, protocol, *root));
    }
  }
  if (!writer.error().empty()) return tl::unexpected(writer.error());
  return out;
}

SecretString ConsumerProfile(const Pki& pki) {
  std::string out = Head(kConsumerWallet, "consumer");
  for (const PkiBrand& brand : pki.brands) {
    out += InstrumentSection(brand.instrument, "Alice's " + brand.brand_id, brand, brand.pan);
    out += fmt::format(
        "certificate       = \"{0}-cardholder.pem\"\nprivate_key       = \"{0}-cardholder.key\"\n"
        "card_secret       = \"{1}\"\npan_secret        = \"{2}\"\n",
        brand.stem, HexOf(brand.card_secret.view()), HexOf(brand.pan_secret.view()));
    if (brand.unsigned_instrument.empty()) continue;
    out += InstrumentSection(brand.unsigned_instrument,
                             "Alice's " + brand.brand_id + " without certificate", brand,
                             brand.unsigned_pan);
  }
  return Taken(std::move(out));
}

SecretString MerchantProfile(const Pki& pki) {
  std::string out = Head(kMerchantWallet, "merchant") + Organisation();
  for (const PkiBrand& brand : pki.brands) {
    out += BrandSection(brand);
    out += fmt::format("payment_handler_org_id = {}\n", Quoted(kHandlerOrgId));
  }
  return Taken(std::move(out));
}

SecretString HandlerProfile(const Pki& pki, const GatewayPlace& place) {
  std::string out = Head(kHandlerWallet, "payment-handler") + Organisation();
  for (const PkiBrand& brand : pki.brands) {
    out += BrandSection(brand);
    out += KeyPair("signing", brand.stem, "merchant-sign");
    out += KeyPair("exchange", brand.stem, "merchant-exchange");
    out += fmt::format("gateway_certificate = \"{}-gateway-exchange.pem\"\n", brand.stem);
    out += "gateway = \"acquirer\"\n";
  }
  out += fmt::format(
      "\n[[gateway]]\nname            = \"acquirer\"\nhost            = {}\n"
      "port            = {}\n",
      Quoted(place.host), place.port);
  if (place.diagnostic_port != 0) {
    out += fmt::format("diagnostic_port = {}\n", place.diagnostic_port);
  }
  out += fmt::format("transport_id    = {}\nshared_secret   = {}\n", Quoted(kTransportId),
                     Quoted(pki.shared_secret.view()));
  if (pki.options.card_cert_required) out += "\n[policy]\nrequire_cardholder_certificate = true\n";
  return Taken(std::move(out));
}

SecretString GatewayConfiguration(const Pki& pki, const GatewayPlace& place) {
  std::string out = fmt::format("listen            = \"{}:{}\"\n", place.host, place.port);
  if (place.diagnostic_port != 0) {
    out += fmt::format("diagnostic_listen = \"{}:{}\"\n", place.host, place.diagnostic_port);
  }
  out += fmt::format(
      "state             = \"gateway.db\"\nauthentication    = \"challenge\"\n\n[[merchant]]\n"
      "transport_id  = {}\nshared_secret = {}\n\n[[trust]]\ncertificate = \"root.pem\"\n",
      Quoted(kTransportId), Quoted(pki.shared_secret.view()));
  for (const PkiBrand& brand : pki.brands) {
    out += fmt::format("\n[[brand]]\nbrand_id = {}\n", Quoted(brand.protocol_brand_id));
    out += KeyPair("signing", brand.stem, "gateway-sign");
    out += KeyPair("exchange", brand.stem, "gateway-exchange");
    out += fmt::format("bins = [{}]\nrequire_cardholder_certificate = {}\n", Quoted(brand.bin),
                       pki.options.card_cert_required);
  }
  out += fmt::format("\n[[rule]]\nabove     = {}\ncurrency  = {}\nauth_code = \"declined\"\n",
                     Quoted(kTrialMost), Quoted(kTrialMostCurrency));
  return Taken(std::move(out));
}

tl::expected<void, std::string> WriteProfiles(const std::string& directory, const Pki& pki,
                                              const GatewayPlace& place) {
  const std::pair<const char*, SecretString> files[] = {
      {"consumer.toml", ConsumerProfile(pki)},
      {"merchant.toml", MerchantProfile(pki)},
      {"payment-handler.toml", HandlerProfile(pki, place)},
      {"gateway.toml", GatewayConfiguration(pki, place)},
  };
  for (const auto& [name, text] : files) {
    if (auto saved = Save(directory, name, text.octets()); !saved) return saved;
  }
  return {};
}

}  // namespace bridge::programs
