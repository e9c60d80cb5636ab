#include "bridge/programs/set_gateway/config.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <span>
#include <utility>

#include "bridge/files.h"
#include "bridge/translate/money.h"
#include "bridge/wallet/profile_values.h"
#include "setcore/messages/codes.h"
#include "setcore/pki/brand.h"

namespace bridge::gateway {
namespace {

using setcore::pki::CertifiedKey;
using setcore::pki::Role;

constexpr std::size_t kMaxFile = 1048576;

// interfaces, 4: bounds of the numbers at the top of the file.
constexpr TomlBounds kOutstanding = {1, 1024, "a number of requests"};
constexpr TomlBounds kConnections = {1, 1000000, "a number of connections"};
constexpr TomlBounds kRate = {1, 1000000, "a number of messages"};
constexpr TomlBounds kSeconds = {1, 3600, "a number of seconds"};
constexpr TomlBounds kDelay = {0, 3600000, "a number of milliseconds"};

struct NamedAuthentication {
  std::string_view name;
  bool address;
  bool challenge;
};
constexpr std::array<NamedAuthentication, 4> kAuthentications = {{{"none", false, false},
                                                                  {"address", true, false},
                                                                  {"challenge", false, true},
                                                                  {"both", true, true}}};

class Loader {
 public:
  Loader(std::string path, setcore::Time now, LoadedConfig& out)
      : folder_(std::filesystem::path(path).parent_path()),
        path_(std::move(path)),
        now_(now),
        problems_(out.problems),
        warnings_(out.warnings) {}

  std::optional<Config> Run() {
    auto file = LoadFile(path_, kMaxFile);
    if (!file) {
      problems_.push_back({path_, 0, {}, file.error()});
      return std::nullopt;
    }
    const auto text = file->octets.view();
    TomlProblem problem;
    const auto document = TomlDocument::Parse(
        {reinterpret_cast<const char*>(text.data()), text.size()}, path_, problem);
    if (document == nullptr) {
      problems_.push_back(problem);
      return std::nullopt;
    }
    document_ = document.get();
    TomlSection top(*document, document->root(), {}, problems_);
    Top(top);
    if (file->others_read) Warn(top, {}, "can be read by group or world");
    for (TomlSection& section : top.Sections("merchant")) Merchant(section);
    config_.trust = std::make_unique<setcore::pki::TrustStore>();
    for (TomlSection& section : top.Sections("trust")) Trust(section);
    for (TomlSection& section : top.Sections("crl")) Crl(section);
    for (TomlSection& section : top.Sections("brand")) Brand(section);
    for (TomlSection& section : top.Sections("rule")) AddRule(section);
    top.Finish();
    if (config_.merchants.empty() && (config_.challenge || config_.check_address)) {
      top.Report("merchant", "is missing: nobody could authenticate ([[merchant]])");
    }
    if (!problems_.empty()) return std::nullopt;
    return std::move(config_);
  }

 private:
  void Warn(const TomlSection& section, std::string_view key, std::string text) {
    warnings_.push_back(
        {document_->file(), section.LineOf(key), std::string(key), std::move(text)});
  }

  std::string Resolve(std::string_view name) const {
    const std::filesystem::path path(name);
    return path.is_absolute() ? path.string() : (folder_ / path).string();
  }

  std::optional<std::string_view> Checked(TomlSection& section, std::string_view key,
                                          const TextRule& rule) {
    const auto text = section.Text(key);
    if (!text || rule.legal(*text)) return text;
    section.Report(key, fmt::format("{} is not {}", ShownText(*text), rule.what));
    return std::nullopt;
  }

  // The contents of the file that `key` names; null if there is a problem or no key.
  std::optional<LoadedFile> File(TomlSection& section, std::string_view key) {
    const auto name = Checked(section, key, rules::kFileName);
    if (!name) return std::nullopt;
    auto file = LoadFile(Resolve(*name), kMaxFile);
    if (!file) {
      section.Report(key, fmt::format("{} {}", ShownText(*name), file.error()));
      return std::nullopt;
    }
    return std::move(*file);
  }

  template <class T>
  void Number(TomlSection& section, std::string_view key, const TomlBounds& bounds, T& out,
              std::int64_t factor = 1) {
    if (const auto number = section.Number(key, bounds)) out = static_cast<T>(*number * factor);
  }

  void Top(TomlSection& top) {
    constexpr std::array<std::string_view, 4> kRequired = {"listen", "state", "trust", "brand"};
    top.Require(kRequired);
    if (auto endpoint = ParseEndpoint(top, "listen")) config_.listen = *endpoint;
    config_.diagnostic_listen = ParseEndpoint(top, "diagnostic_listen");
    if (const auto state = Checked(top, "state", rules::kFileName)) config_.state = Resolve(*state);
    if (const auto name = top.Text("authentication")) {
      const auto found = std::ranges::find(kAuthentications, *name, &NamedAuthentication::name);
      if (found == kAuthentications.end()) {
        top.Report("authentication",
                   fmt::format("{} is not none, address, challenge or both", ShownText(*name)));
      } else {
        config_.check_address = found->address;
        config_.challenge = found->challenge;
      }
    }
    Number(top, "max_outstanding", kOutstanding, config_.max_outstanding);
    Number(top, "max_connections", kConnections, config_.max_connections);
    Number(top, "max_connections_per_peer", kConnections, config_.max_connections_per_peer);
    Number(top, "messages_per_second", kRate, config_.messages_per_second);
    Number(top, "header_timeout_s", kSeconds, config_.header_timeout_ms, 1000);
    Number(top, "body_timeout_s", kSeconds, config_.body_timeout_ms, 1000);
    Number(top, "max_message_bytes", rules::kMaxMessage, config_.max_message_bytes);
    Number(top, "t30_s", kSeconds, config_.t30_ms, 1000);
    Number(top, "t120_s", kSeconds, config_.t120_ms, 1000);
  }

  // "ADDRESS:PORT", an IPv6 address in brackets.
  std::optional<Endpoint> ParseEndpoint(TomlSection& section, std::string_view key) {
    const auto text = section.Text(key);
    if (!text) return std::nullopt;
    const std::size_t colon = text->rfind(':');
    Endpoint out;
    if (colon != std::string_view::npos) {
      std::string_view host = text->substr(0, colon);
      if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
      }
      const std::string_view port = text->substr(colon + 1);
      const auto read = std::from_chars(port.data(), port.data() + port.size(), out.port);
      const auto address = CanonicalAddress(std::string(host));
      if (address && !port.empty() && read.ec == std::errc() &&
          read.ptr == port.data() + port.size()) {
        out.host = *address;
        return out;
      }
    }
    section.Report(key, fmt::format("{} is not ADDRESS:PORT, such as \"127.0.0.1:7001\" or "
                                    "\"[::1]:7001\"",
                                    ShownText(*text)));
    return std::nullopt;
  }

  void Merchant(TomlSection& section) {
    constexpr std::array<std::string_view, 1> kRequired = {"transport_id"};
    section.Require(kRequired);
    MerchantAccess merchant;
    if (const auto id = Checked(section, "transport_id", rules::kTransportId)) {
      merchant.transport_id = *id;
      if (std::ranges::any_of(config_.merchants, [&](const MerchantAccess& other) {
            return other.transport_id == merchant.transport_id;
          })) {
        section.Report("transport_id",
                       fmt::format("{} is the id of another [[merchant]] already", ShownText(*id)));
      }
    }
    merchant.shared_secret = SharedSecret(section);
    if (config_.challenge && !section.Has("shared_secret")) section.Missing("shared_secret");
    if (const auto peers = section.Texts("allowed_peers")) {
      for (const std::string_view peer : *peers) {
        auto address = CanonicalAddress(std::string(peer));
        if (address) {
          merchant.allowed_peers.push_back(std::move(*address));
        } else {
          section.Report("allowed_peers",
                         fmt::format("{} is not a numeric address", ShownText(peer)));
        }
      }
    }
    section.Finish();
    config_.merchants.push_back(std::move(merchant));
  }

  // A14: "hex:…" or text, whose UTF-8 octets count.
  setcore::SecretOctets SharedSecret(TomlSection& section) {
    constexpr std::string_view kKey = "shared_secret";
    constexpr std::string_view kHex = "hex:";
    const auto text = section.Secret(kKey);
    if (!text) return {};
    std::optional<setcore::SecretOctets> octets =
        text->starts_with(kHex)
            ? FromHex(text->substr(kHex.size()))
            : setcore::SecretOctets(setcore::OctetView(
                  reinterpret_cast<const std::uint8_t*>(text->data()), text->size()));
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

  void Trust(TomlSection& section) {
    constexpr std::array<std::string_view, 1> kRequired = {"certificate"};
    section.Require(kRequired);
    std::vector<std::string> brands;
    if (const auto names = section.Texts("brands")) brands.assign(names->begin(), names->end());
    if (const auto file = File(section, "certificate")) {
      const auto added = config_.trust->AddRoot(file->octets.view(), std::move(brands));
      if (!added) section.Report("certificate", "is not usable: " + added.error().detail);
    }
    section.Finish();
  }

  void Crl(TomlSection& section) {
    constexpr std::array<std::string_view, 1> kRequired = {"file"};
    section.Require(kRequired);
    if (const auto file = File(section, "file")) {
      const auto added = config_.trust->AddRevocation(file->octets.view());
      if (!added) section.Report("file", "is not usable: " + added.error().detail);
    }
    section.Finish();
  }

  std::optional<CertifiedKey> KeyPair(TomlSection& section, std::string_view certificate_key,
                                      std::string_view private_key, Role role,
                                      std::string_view brand_id) {
    const auto chain = File(section, certificate_key);
    const auto key = File(section, private_key);
    if (!chain || !key) return std::nullopt;
    if (key->others_read) Warn(section, private_key, "names a file that group or world can read");
    auto pair = CertifiedKey::FromPem(chain->octets.view(), key->octets.view());
    if (!pair) {
      section.Report(certificate_key,
                     fmt::format("and {} are not usable: {}", private_key, pair.error().detail));
      return std::nullopt;
    }
    const auto& leaf = pair->certificate();
    const auto verified = config_.trust->Verify(leaf, pair->chain, {}, role, now_);
    if (!verified) {
      section.Report(certificate_key, "does not verify: " + verified.error().detail);
      return std::nullopt;
    }
    if (!setcore::pki::SameBrand(leaf->subject_parts().organization, brand_id)) {
      section.Report(certificate_key,
                     fmt::format("is of brand {}", ShownText(leaf->subject_parts().organization)));
      return std::nullopt;
    }
    return std::move(*pair);
  }

  void Brand(TomlSection& section) {
    constexpr std::array<std::string_view, 5> kRequired = {
        "brand_id", "signing_certificate", "signing_key", "exchange_certificate", "exchange_key"};
    section.Require(kRequired);
    BrandKeys brand;
    if (const auto id = Checked(section, "brand_id", rules::kBrandId)) brand.brand_id = *id;
    if (const auto bins = section.Texts("bins")) {
      for (const std::string_view bin : *bins) {
        if (!rules::kBin.legal(bin)) {
          section.Report("bins", fmt::format("{} is not {}", ShownText(bin), rules::kBin.what));
        }
        brand.bins.emplace_back(bin);
      }
    }
    brand.require_cardholder_certificate =
        section.Flag("require_cardholder_certificate").value_or(false);
    brand.signing = KeyPair(section, "signing_certificate", "signing_key", Role::kGatewaySignature,
                            brand.brand_id);
    brand.exchange = KeyPair(section, "exchange_certificate", "exchange_key",
                             Role::kGatewayExchange, brand.brand_id);
    section.Finish();
    if (brand.exchange && brand.exchange->certificate()->card_cert_required() !=
                              brand.require_cardholder_certificate) {
      section.Report("require_cardholder_certificate",
                     fmt::format("must be {}: so says cardCertRequired of the exchange certificate",
                                 !brand.require_cardholder_certificate));
    }
    if (brand.exchange && std::ranges::any_of(config_.brands, [&](const BrandKeys& other) {
          return other.brand_id == brand.brand_id && other.exchange &&
                 other.exchange->certificate()->not_before() ==
                     brand.exchange->certificate()->not_before();
        })) {
      section.Report("brand_id", fmt::format("{} is given before with an exchange certificate of "
                                             "the same notBefore: the next keys begin later",
                                             ShownText(brand.brand_id)));
    }
    config_.brands.push_back(std::move(brand));
  }

  void AddRule(TomlSection& section) {
    constexpr std::array<std::string_view, 1> kRequired = {"auth_code"};
    section.Require(kRequired);
    Rule rule;
    if (const auto pan = section.Secret("pan")) {
      if (rules::kPan.legal(*pan)) {
        rule.pan = setcore::SecretString(*pan);
      } else {
        section.Report("pan", fmt::format("the value is not {}", rules::kPan.what));
      }
    }
    if (const auto above = section.Text("above")) {
      if (!IsAmount(*above)) {
        section.Report("above", fmt::format("{} is not an amount", ShownText(*above)));
      }
      rule.above = *above;
    }
    if (const auto currency = Checked(section, "currency", rules::kCurrency)) {
      rule.currency = *currency;
    }
    if (const auto name = section.Text("auth_code")) {
      if (const auto code = setcore::msg::ParseAuthCode(*name)) {
        rule.auth_code = *code;
      } else {
        section.Report("auth_code",
                       fmt::format("{} is not the name of a SET AuthCode", ShownText(*name)));
      }
    }
    Number(section, "delay_ms", kDelay, rule.delay_ms);
    section.Finish();
    config_.rules.push_back(std::move(rule));
  }

  std::filesystem::path folder_;
  std::string path_;
  setcore::Time now_;
  std::vector<TomlProblem>& problems_;
  std::vector<TomlProblem>& warnings_;
  const TomlDocument* document_ = nullptr;
  Config config_;
};

}  // namespace

LoadedConfig Load(const std::string& path, setcore::Time now) {
  LoadedConfig out;
  out.config = Loader(path, now, out).Run();
  return out;
}

std::optional<std::string> CanonicalAddress(const std::string& text) {
  in_addr v4{};
  in6_addr v6{};
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
    return std::string(inet_ntop(AF_INET, &v4, buffer.data(), buffer.size()));
  }
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return std::nullopt;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    std::memcpy(&v4, &v6.s6_addr[12], sizeof(v4));
    return std::string(inet_ntop(AF_INET, &v4, buffer.data(), buffer.size()));
  }
  return std::string(inet_ntop(AF_INET6, &v6, buffer.data(), buffer.size()));
}

}  // namespace bridge::gateway
