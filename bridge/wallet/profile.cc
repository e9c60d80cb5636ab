#include "bridge/wallet/profile.h"

#include <fmt/format.h>
#include <opb.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "bridge/files.h"
#include "bridge/translate/brand_id.h"
#include "bridge/translate/money.h"
#include "bridge/wallet/profile_credentials.h"
#include "bridge/wallet/profile_values.h"
#include "setcore/pki/brand.h"
#include "setcore/pki/certificate.h"

namespace bridge {
namespace {

using setcore::SecretOctets;
using setcore::SecretString;

constexpr std::uint32_t kConsumer = OPB_ROLE_CONSUMER;
constexpr std::uint32_t kMerchant = OPB_ROLE_MERCHANT;
constexpr std::uint32_t kHandler = OPB_ROLE_PAYMENT_HANDLER;
constexpr std::uint32_t kShop = kMerchant | kHandler;
constexpr std::uint32_t kAny = kConsumer | kShop;

struct RoleName {
  std::string_view name;
  std::uint32_t role;
};
constexpr std::array<RoleName, 3> kRoles = {
    {{"consumer", kConsumer}, {"merchant", kMerchant}, {"payment-handler", kHandler}}};

// One key of a section that holds a text.  `needed_by`: the roles whose wallets must have it.
template <class T>
struct TextKey {
  std::string_view key;
  const TextRule* rule;
  std::string T::*member;
  std::uint32_t needed_by = 0;
};

template <class T, class N>
struct NumberKey {
  std::string_view key;
  const TomlBounds* bounds;
  N T::*member;
};

template <class T>
struct FlagKey {
  std::string_view key;
  bool T::*member;
};

constexpr TextKey<WalletConfig> kWalletTexts[] = {
    {"wallet_id", &rules::kWalletId, &WalletConfig::wallet_id, kAny},
    {"language", &rules::kLanguage, &WalletConfig::language, kAny},
};

constexpr TextKey<InstrumentConfig> kInstrumentTexts[] = {
    {"id", &rules::kInstrumentId, &InstrumentConfig::id, kAny},
    {"name", &rules::kName, &InstrumentConfig::name, kAny},
    {"brand_id", &rules::kBrandId, &InstrumentConfig::brand_id, kAny},
    {"protocol_brand_id", &rules::kProtocolBrandId, &InstrumentConfig::protocol_brand_id, kAny},
};

constexpr TextKey<OrganisationConfig> kOrganisationTexts[] = {
    {"org_id", &rules::kOrgId, &OrganisationConfig::org_id, kShop},
    {"merchant_id", &rules::kMerchantId, &OrganisationConfig::merchant_id, kHandler},
};

constexpr TextKey<BrandConfig> kBrandTexts[] = {
    {"brand_id", &rules::kBrandId, &BrandConfig::brand_id, kAny},
    {"protocol_brand_id", &rules::kProtocolBrandId, &BrandConfig::protocol_brand_id, kAny},
    {"name", &rules::kName, &BrandConfig::name, kMerchant},
    {"logo_url", &rules::kUrl, &BrandConfig::logo_url, kMerchant},
    {"narrative", &rules::kNarrative, &BrandConfig::narrative},
    {"payment_handler_org_id", &rules::kOrgId, &BrandConfig::payment_handler_org_id, kMerchant},
    {"pay_req_url", &rules::kUrl, &BrandConfig::pay_req_url},
    {"sec_pay_req_url", &rules::kSecureUrl, &BrandConfig::sec_pay_req_url},
    {"gateway", &rules::kGatewayName, &BrandConfig::gateway, kHandler},
};

constexpr TextKey<GatewayConfig> kGatewayTexts[] = {
    {"name", &rules::kGatewayName, &GatewayConfig::name, kAny},
    {"host", &rules::kHost, &GatewayConfig::host, kAny},
    {"transport_id", &rules::kTransportId, &GatewayConfig::transport_id, kAny},
};

constexpr NumberKey<GatewayConfig, std::uint16_t> kGatewayPorts[] = {
    {"port", &rules::kPort, &GatewayConfig::port},
    {"diagnostic_port", &rules::kPort, &GatewayConfig::diagnostic_port},
};

constexpr NumberKey<GatewayConfig, std::uint32_t> kGatewayNumbers[] = {
    {"max_outstanding", &rules::kMaxOutstanding, &GatewayConfig::max_outstanding},
    {"max_connections", &rules::kMaxConnections, &GatewayConfig::max_connections},
    {"max_retries", &rules::kMaxRetries, &GatewayConfig::max_retries},
    {"min_resubmit_s", &rules::kMinResubmit, &GatewayConfig::min_resubmit_s},
    {"answer_timeout_s", &rules::kAnswerTimeout, &GatewayConfig::answer_timeout_s},
    {"echo_s", &rules::kEcho, &GatewayConfig::echo_s},
    {"idle_close_s", &rules::kIdleClose, &GatewayConfig::idle_close_s},
    {"t30_s", &rules::kT30, &GatewayConfig::t30_s},
    {"t120_s", &rules::kT120, &GatewayConfig::t120_s},
};

constexpr FlagKey<PolicyConfig> kPolicyFlags[] = {
    {"capture_now", &PolicyConfig::capture_now},
    {"require_cardholder_certificate", &PolicyConfig::require_cardholder_certificate},
};

constexpr NumberKey<PolicyConfig, std::uint32_t> kPolicyNumbers[] = {
    {"max_message_bytes", &rules::kMaxMessage, &PolicyConfig::max_message_bytes},
    {"max_pending", &rules::kMaxPending, &PolicyConfig::max_pending},
    {"keep_days", &rules::kKeepDays, &PolicyConfig::keep_days},
};

constexpr std::array<std::string_view, 4> kCardCredentialKeys = {"certificate", "private_key",
                                                                 "card_secret", "pan_secret"};
constexpr std::array<std::string_view, 5> kHandlerKeys = {"signing_certificate", "signing_key",
                                                          "exchange_certificate", "exchange_key",
                                                          "gateway_certificate"};

std::string DirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string_view BaseName(const std::string& path) {
  return std::string_view(path).substr(path.rfind('/') + 1);
}

// The words a role is called by: "consumer" or "merchant or payment-handler".
std::string RoleWords(std::uint32_t roles) {
  std::string out;
  for (const RoleName& role : kRoles) {
    if ((roles & role.role) == 0) continue;
    if (!out.empty()) out += " or ";
    out += role.name;
  }
  return out;
}

// Both ids accept each other: the same brand whatever the case of its letters.
bool SameProtocolBrand(const std::string& a, const std::string& b) {
  const auto left = ParseProtocolBrandId(a);
  const auto right = ParseProtocolBrandId(b);
  return left && right && Matches(left->id, right->id) && Matches(right->id, left->id);
}

class ProfileReader {
 public:
  ProfileReader(const TomlDocument& document, const std::string& path, Profile& profile,
                std::vector<TomlProblem>& problems)
      : document_(document),
        profile_(profile),
        config_(profile.config),
        problems_(problems),
        files_(DirectoryOf(path), profile.warnings) {}

  ProfileReader(const TomlDocument& document, const std::vector<TrustRoot>& roots, Profile& profile,
                std::vector<TomlProblem>& problems)
      : document_(document),
        profile_(profile),
        config_(profile.config),
        problems_(problems),
        files_(roots, profile.warnings) {}

  void ReadOneInstrument() {
    config_.roles = kConsumer;
    TomlSection top(document_, document_.root(), "", problems_);
    auto sections = Sections(top, "instrument", kConsumer, kConsumer);
    if (sections.size() > 1) top.Report("instrument", "stands here more than once");
    for (TomlSection& section : sections) ReadInstrument(section);
    top.Finish();
  }

  void Read() {
    TomlSection top(document_, document_.root(), "", problems_);
    ReadRoles(top);
    ReadTexts(top, std::span(kWalletTexts), config_);
    for (TomlSection& section : Sections(top, "trust", kAny, kAny)) ReadTrust(section);
    for (TomlSection& section : Sections(top, "crl", kAny, 0)) ReadCrl(section);
    if (auto section = OneSection(top, "organisation", kShop, kShop)) ReadOrganisation(*section);
    for (TomlSection& section : Sections(top, "gateway", kHandler, kHandler)) ReadGateway(section);
    for (TomlSection& section : Sections(top, "instrument", kConsumer, 0)) ReadInstrument(section);
    for (TomlSection& section : Sections(top, "brand", kShop, kShop)) ReadBrand(section);
    if (auto section = OneSection(top, "policy", kAny, 0)) ReadPolicy(*section);
    top.Finish();
  }

 private:
  bool Plays(std::uint32_t roles) const { return (config_.roles & roles) != 0; }

  void Warn(const TomlSection& section, std::string_view key, std::string text) {
    profile_.warnings.push_back(section.At(key, std::move(text)));
  }

  void ReadRoles(TomlSection& top) {
    if (!top.Has("roles")) top.Missing("roles");
    const auto names = top.Texts("roles");
    if (!names) return;
    for (const std::string_view name : *names) {
      const auto* role = std::ranges::find(kRoles, name, &RoleName::name);
      if (role == kRoles.end()) {
        top.Report("roles", fmt::format("{} is not a role (\"consumer\", \"merchant\" or "
                                        "\"payment-handler\")",
                                        ShownText(name)));
      } else if (Plays(role->role)) {
        top.Report("roles", fmt::format("{} is named twice", ShownText(name)));
      } else {
        config_.roles |= role->role;
      }
    }
    if (names->empty()) top.Report("roles", "is empty: a wallet plays at least one role");
  }

  // The tables of [[key]]; a wallet of `needed_by` must have one, and only `used_by` use them.
  std::vector<TomlSection> Sections(TomlSection& top, std::string_view key, std::uint32_t used_by,
                                    std::uint32_t needed_by) {
    std::vector<TomlSection> sections = top.Sections(key);
    if (sections.empty() && !top.Has(key) && Plays(needed_by)) top.Missing(key);
    WarnIfIdle(top, key, used_by);
    if (sections.size() > kMaxSections) {
      top.Report(key,
                 fmt::format("stands here {} times (at most {})", sections.size(), kMaxSections));
      sections.clear();
    }
    return sections;
  }

  std::optional<TomlSection> OneSection(TomlSection& top, std::string_view key,
                                        std::uint32_t used_by, std::uint32_t needed_by) {
    if (!top.Has(key) && Plays(needed_by)) top.Missing(key);
    WarnIfIdle(top, key, used_by);
    return top.Section(key);
  }

  void WarnIfIdle(const TomlSection& section, std::string_view key, std::uint32_t used_by) {
    if (config_.roles == 0 || !section.Has(key) || Plays(used_by)) return;
    Warn(section, key,
         fmt::format("is used by role {} only, which this wallet does not play",
                     RoleWords(used_by)));
  }

  // Text reads `key` by `rule`; absent and wrong are both nothing.
  std::optional<std::string_view> Text(TomlSection& section, std::string_view key,
                                       const TextRule& rule) {
    const auto text = section.Text(key);
    if (!text) return std::nullopt;
    if (rule.legal(*text)) return text;
    section.Report(key, fmt::format("{} is not {}", ShownText(*text), rule.what));
    return std::nullopt;
  }

  template <class T, std::size_t kSize>
  void ReadTexts(TomlSection& section, std::span<const TextKey<T>, kSize> keys, T& into) {
    for (const TextKey<T>& key : keys) {
      if (!section.Has(key.key) && (config_.roles & key.needed_by) != 0) section.Missing(key.key);
      if (const auto text = Text(section, key.key, *key.rule)) into.*key.member = *text;
    }
  }

  template <class T, class N, std::size_t kSize>
  void ReadNumbers(TomlSection& section, std::span<const NumberKey<T, N>, kSize> keys, T& into) {
    for (const NumberKey<T, N>& key : keys) {
      if (const auto number = section.Number(key.key, *key.bounds)) {
        into.*key.member = static_cast<N>(*number);
      }
    }
  }

  // A list of different texts, each legal by `rule`.
  std::vector<std::string> List(TomlSection& section, std::string_view key, const TextRule& rule) {
    std::vector<std::string> out;
    const auto texts = section.Texts(key);
    if (!texts) return out;
    if (texts->empty() || texts->size() > kMaxListed) {
      section.Report(key, fmt::format("has {} items (1..{})", texts->size(), kMaxListed));
      return out;
    }
    for (const std::string_view text : *texts) {
      if (!rule.legal(text)) {
        section.Report(key, fmt::format("{} is not {}", ShownText(text), rule.what));
      } else if (std::ranges::find(out, text) != out.end()) {
        section.Report(key, fmt::format("{} is named twice", ShownText(text)));
      } else {
        out.emplace_back(text);
      }
    }
    return out;
  }

  std::vector<CurrencyLimit> Limits(TomlSection& section,
                                    const std::vector<std::string>& currencies) {
    std::vector<CurrencyLimit> out;
    auto limits = section.Section("limits");
    if (!limits) return out;
    for (const std::string& currency : limits->Keys()) {
      const auto range = limits->Texts(currency);
      if (!range) continue;
      if (!rules::kCurrency.legal(currency)) {
        limits->Report(currency,
                       fmt::format("{} is not {}", ShownText(currency), rules::kCurrency.what));
      } else if (!currencies.empty() &&
                 std::ranges::find(currencies, currency) == currencies.end()) {
        limits->Report(currency, "is not one of the currencies of this section");
      } else if (range->size() != 2 || !AmountDecimals(currency, (*range)[0]) ||
                 !AmountDecimals(currency, (*range)[1]) ||
                 CompareAmounts((*range)[0], (*range)[1]) > 0) {
        limits->Report(currency,
                       "is not [\"lowest\", \"highest\"], two amounts with no more decimals than "
                       "the currency has");
      } else {
        out.push_back({currency, std::string((*range)[0]), std::string((*range)[1])});
      }
    }
    return out;
  }

  void ReadTrust(TomlSection& section) {
    TrustRoot root;
    root.brands = List(section, "brands", rules::kBrandId);
    if (!section.Has("certificate")) section.Missing("certificate");
    if (auto der = files_.Root(section, "certificate", root.brands)) {
      root.certificate = std::move(*der);
      config_.trust.push_back(std::move(root));
    }
    section.Finish();
  }

  void ReadCrl(TomlSection& section) {
    if (!section.Has("file")) section.Missing("file");
    if (auto der = files_.Revocation(section, "file")) {
      config_.revocations.push_back(std::move(*der));
    }
    section.Finish();
  }

  void ReadOrganisation(TomlSection& section) {
    ReadTexts(section, std::span(kOrganisationTexts), config_.organisation);
    section.Finish();
  }

  void ReadPolicy(TomlSection& section) {
    for (const FlagKey<PolicyConfig>& key : kPolicyFlags) {
      if (const auto flag = section.Flag(key.key)) config_.policy.*key.member = *flag;
    }
    ReadNumbers(section, std::span(kPolicyNumbers), config_.policy);
    section.Finish();
  }

  // HexSecret reads 20 octets in hexadecimal digits.
  SecretOctets HexSecret(TomlSection& section, std::string_view key) {
    const auto text = section.Secret(key);
    if (!text) return {};
    auto octets = FromHex(*text);
    if (octets && octets->size() == rules::kCardSecret) return std::move(*octets);
    section.Report(
        key, fmt::format("the value is not {} octets in hexadecimal digits", rules::kCardSecret));
    return {};
  }

  SecretString SecretText(TomlSection& section, std::string_view key, const TextRule& rule) {
    if (!section.Has(key)) section.Missing(key);
    const auto text = section.Secret(key);
    if (!text) return {};
    if (rule.legal(*text)) return SecretString(*text);
    section.Report(key, fmt::format("the value is not {}", rule.what));
    return {};
  }

  void ReadInstrument(TomlSection& section) {
    InstrumentConfig card;
    InstrumentSecrets secrets;
    ReadTexts(section, std::span(kInstrumentTexts), card);
    Normalize(section, card.brand_id, card.protocol_brand_id);
    card.currencies = List(section, "currencies", rules::kCurrency);
    card.limits = Limits(section, card.currencies);
    secrets.pan = SecretText(section, "pan", rules::kPan);
    secrets.expiry = SecretText(section, "expiry", rules::kExpiry);
    ReadCardCredentials(section, card, secrets);
    section.Finish();
    if (!card.id.empty() && config_.FindInstrument(card.id) != nullptr) {
      section.Report(
          "id", fmt::format("{} is the id of another [[instrument]] already", ShownText(card.id)));
    }
    config_.instruments.push_back(std::move(card));
    profile_.instrument_secrets.push_back(std::move(secrets));
  }

  void ReadCardCredentials(TomlSection& section, InstrumentConfig& card,
                           InstrumentSecrets& secrets) {
    const bool certified =
        std::ranges::any_of(kCardCredentialKeys, [&](auto key) { return section.Has(key); });
    for (const std::string_view key : kCardCredentialKeys) {
      if (certified && !section.Has(key)) {
        section.Report(key,
                       "is missing: a card has all or none of certificate, private_key, "
                       "card_secret and pan_secret");
      }
    }
    secrets.card_secret = HexSecret(section, "card_secret");
    secrets.pan_secret = HexSecret(section, "pan_secret");
    if (!certified) {
      // set-processing.md, 1.1: a card without certificate has secrets of zeros.
      secrets.card_secret = SecretOctets(rules::kCardSecret);
      secrets.pan_secret = SecretOctets(rules::kCardSecret);
    }
    auto chain = files_.Chain(section, "certificate", kCardUse);
    if (!chain) {
      section.Text("private_key");
      return;
    }
    card.chain = std::move(*chain);
    const setcore::pki::Certificate& leaf = *card.chain.front();
    if (auto key = files_.Key(section, "private_key", leaf)) secrets.private_key = std::move(*key);
    CheckCardBrand(section, card, leaf.subject_parts());
    if (!secrets.pan.empty() && !secrets.expiry.empty() && !secrets.pan_secret.empty() &&
        setcore::pki::UniqueCardholderId(secrets.pan.view(), secrets.expiry.view(),
                                         secrets.pan_secret.view()) !=
            leaf.subject_parts().common_name) {
      Warn(section, "certificate",
           "was not made for this pan, expiry and pan_secret: gateways will refuse it");
    }
  }

  void CheckCardBrand(TomlSection& section, const InstrumentConfig& card,
                      const setcore::pki::NameParts& subject) {
    const auto id = ParseProtocolBrandId(card.protocol_brand_id);
    const std::string promotion = subject.units.size() > 1 ? subject.units[1] : std::string();
    if (!id || MatchesCertificate(id->id, subject.organization, promotion)) return;
    section.Report("protocol_brand_id",
                   fmt::format("{} does not agree with the certificate, which says {}{}",
                               ShownText(card.protocol_brand_id), ShownText(subject.organization),
                               promotion.empty() ? "" : " and " + ShownText(promotion)));
  }

  // Spells both ids as they are written; an id that is not legal has become empty already.
  void Normalize(TomlSection& section, std::string& brand_id, std::string& protocol_brand_id) {
    brand_id = std::string(CanonicalBrandId(brand_id));
    CheckPaysBySet(section, brand_id);
    const auto parsed = ParseProtocolBrandId(protocol_brand_id);
    if (!parsed) return;
    if (parsed->trailing_colons) {
      Warn(section, "protocol_brand_id", "ends in a colon, which is dropped");
    }
    protocol_brand_id = parsed->id.Text();
  }

  // The mapping is configuration (E-34): what 8.2.4 does not map (E-35), protocol_brand_id may.
  void CheckPaysBySet(TomlSection& section, const std::string& brand_id) {
    if (PaysBySet(brand_id)) return;
    const std::string text = fmt::format(
        "{} has no ProtocolBrandId for SETv1.0 unless its registrant has given it one (RFC 3538, "
        "8.2.4)",
        ShownText(brand_id));
    if (section.Has("protocol_brand_id")) {
      Warn(section, "brand_id", text);
    } else {
      section.Report("brand_id", text);
    }
  }

  void ReadBrand(TomlSection& section) {
    BrandConfig brand;
    BrandPrivateKeys keys;
    ReadTexts(section, std::span(kBrandTexts), brand);
    Normalize(section, brand.brand_id, brand.protocol_brand_id);
    if (!section.Has("currencies")) section.Missing("currencies");
    brand.currencies = List(section, "currencies", rules::kCurrency);
    brand.limits = Limits(section, brand.currencies);
    brand.bins = List(section, "bins", rules::kBin);
    ReadHandlerKeys(section, brand, keys);
    if (!brand.gateway.empty() && Plays(kHandler) &&
        config_.FindGateway(brand.gateway) == nullptr) {
      section.Report("gateway",
                     fmt::format("{} is not the name of a [[gateway]]", ShownText(brand.gateway)));
    }
    section.Finish();
    for (const BrandConfig& other : config_.brands) {
      if (!brand.brand_id.empty() && other.brand_id == brand.brand_id) {
        section.Report("brand_id", fmt::format("{} is the id of another [[brand]] already",
                                               ShownText(brand.brand_id)));
      }
      if (SameProtocolBrand(other.protocol_brand_id, brand.protocol_brand_id)) {
        section.Report("protocol_brand_id", fmt::format("{} is that of another [[brand]] already",
                                                        ShownText(brand.protocol_brand_id)));
      }
    }
    config_.brands.push_back(std::move(brand));
    profile_.brand_keys.push_back(std::move(keys));
  }

  void ReadHandlerKeys(TomlSection& section, BrandConfig& brand, BrandPrivateKeys& keys) {
    for (const std::string_view key : kHandlerKeys) {
      if (!section.Has(key) && Plays(kHandler)) section.Missing(key);
      WarnIfIdle(section, key, kHandler);
    }
    ReadPair(section, "signing_certificate", "signing_key", kMerchantSigningUse, brand,
             brand.signing_chain, keys.signing);
    ReadPair(section, "exchange_certificate", "exchange_key", kMerchantExchangeUse, brand,
             brand.exchange_chain, keys.exchange);
    if (auto chain = files_.Chain(section, "gateway_certificate", kGatewayUse)) {
      CheckBrand(section, "gateway_certificate", brand, *chain->front());
      brand.gateway_chain = std::move(*chain);
    }
  }

  void ReadPair(TomlSection& section, std::string_view certificate, std::string_view private_key,
                const ChainUse& use, const BrandConfig& brand, setcore::pki::Chain& chain_out,
                SecretOctets& key_out) {
    auto chain = files_.Chain(section, certificate, use);
    if (!chain) {
      section.Text(private_key);
      return;
    }
    const setcore::pki::Certificate& leaf = *chain->front();
    CheckBrand(section, certificate, brand, leaf);
    const std::string& merchant_id = config_.organisation.merchant_id;
    if (!merchant_id.empty() &&
        (!leaf.merchant_data() || leaf.merchant_data()->merchant_id != merchant_id)) {
      section.Report(certificate, fmt::format("was not made for organisation.merchant_id {}",
                                              ShownText(merchant_id)));
    }
    if (auto key = files_.Key(section, private_key, leaf)) key_out = std::move(*key);
    chain_out = std::move(*chain);
  }

  void CheckBrand(TomlSection& section, std::string_view key, const BrandConfig& brand,
                  const setcore::pki::Certificate& leaf) {
    const std::string& organization = leaf.subject_parts().organization;
    if (brand.protocol_brand_id.empty() ||
        setcore::pki::SameBrand(brand.protocol_brand_id, organization)) {
      return;
    }
    section.Report(key, fmt::format("is a certificate of brand {}, not of protocol_brand_id {}",
                                    ShownText(organization), ShownText(brand.protocol_brand_id)));
  }

  void ReadGateway(TomlSection& section) {
    GatewayConfig gateway;
    ReadTexts(section, std::span(kGatewayTexts), gateway);
    if (!section.Has("port")) section.Missing("port");
    ReadNumbers(section, std::span(kGatewayPorts), gateway);
    ReadNumbers(section, std::span(kGatewayNumbers), gateway);
    SecretOctets secret = SharedSecret(section);
    gateway.has_secret = !secret.empty();
    section.Finish();
    if (!gateway.name.empty() && config_.FindGateway(gateway.name) != nullptr) {
      section.Report("name", fmt::format("{} is the name of another [[gateway]] already",
                                         ShownText(gateway.name)));
    }
    config_.gateways.push_back(std::move(gateway));
    profile_.gateway_secrets.push_back(std::move(secret));
  }

  // "hex:…" or a text, whose UTF-8 octets count; empty when there is none or it is wrong.
  SecretOctets SharedSecret(TomlSection& section) {
    constexpr std::string_view kKey = "shared_secret";
    constexpr std::string_view kHexPrefix = "hex:";
    const auto text = section.Secret(kKey);
    if (!text) return {};
    std::optional<SecretOctets> octets;
    if (text->starts_with(kHexPrefix)) {
      octets = FromHex(text->substr(kHexPrefix.size()));
    } else {
      octets = SecretString(*text).octets().empty() ? SecretOctets()
                                                    : SecretOctets(SecretString(*text).octets());
    }
    if (!octets || octets->empty() || octets->size() > rules::kMaxSharedSecret) {
      section.Report(kKey, fmt::format("the value is not a text or \"hex:…\" of 1..{} octets",
                                       rules::kMaxSharedSecret));
      return {};
    }
    if (octets->size() < rules::kGoodSharedSecret) {
      Warn(section, kKey,
           fmt::format("has fewer than {} octets and may be guessed", rules::kGoodSharedSecret));
    }
    return std::move(*octets);
  }

  const TomlDocument& document_;
  Profile& profile_;
  WalletConfig& config_;
  std::vector<TomlProblem>& problems_;
  ProfileFiles files_;
};

}  // namespace

tl::expected<Profile, std::vector<TomlProblem>> ParseProfile(std::string_view text,
                                                             const std::string& path) {
  Profile profile;
  std::vector<TomlProblem> problems(1);
  const auto document = TomlDocument::Parse(text, BaseName(path), problems.front());
  if (!document) return tl::unexpected(std::move(problems));
  problems.clear();
  ProfileReader(*document, path, profile, problems).Read();
  std::ranges::stable_sort(problems, {}, &TomlProblem::line);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return profile;
}

tl::expected<Profile, std::vector<TomlProblem>> ParseInstrument(std::string_view text,
                                                                std::string_view name,
                                                                const WalletConfig& wallet) {
  Profile profile;
  std::vector<TomlProblem> problems(1);
  const auto document = TomlDocument::Parse(text, name, problems.front());
  if (!document) return tl::unexpected(std::move(problems));
  problems.clear();
  ProfileReader(*document, wallet.trust, profile, problems).ReadOneInstrument();
  std::ranges::stable_sort(problems, {}, &TomlProblem::line);
  if (!problems.empty()) return tl::unexpected(std::move(problems));
  return profile;
}

tl::expected<std::string, TomlProblem> ParseInstrumentId(std::string_view text,
                                                         std::string_view name) {
  std::vector<TomlProblem> problems(1);
  const auto document = TomlDocument::Parse(text, name, problems.front());
  if (!document) return tl::unexpected(std::move(problems.front()));
  problems.clear();
  TomlSection top(*document, document->root(), "", problems);
  auto sections = top.Sections("instrument");
  if (problems.empty() && sections.size() != 1) {
    top.Report("instrument", "must stand here once");
  }
  if (!problems.empty()) return tl::unexpected(std::move(problems.front()));
  const auto id = sections.front().Text("id");
  if (!id) sections.front().Missing("id");
  if (!problems.empty()) return tl::unexpected(std::move(problems.front()));
  return std::string(*id);
}

tl::expected<Profile, std::vector<TomlProblem>> ReadProfile(const std::string& path) {
  auto file = LoadFile(path, kMaxProfileSize);
  if (!file) {
    return tl::unexpected(std::vector<TomlProblem>{{path, 0, "", file.error()}});
  }
  const auto octets = file->octets.view();
  auto profile = ParseProfile({reinterpret_cast<const char*>(octets.data()), octets.size()}, path);
  if (profile && (file->others_read || file->others_write)) {
    profile->warnings.push_back(
        {std::string(BaseName(path)), 0, "", "is open to other users: chmod 600"});
  }
  return profile;
}

}  // namespace bridge
