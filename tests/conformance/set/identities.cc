#include "set/identities.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "kit.h"
#include "pki.h"

namespace conform {
namespace {

using set::Holder;
using set::Identity;
using set::Key;
using set::Octets;
using set::Order;
using set::Usage;

constexpr unsigned kBits = 1024;

std::string Pem(const Octets& certificate) {
  std::string out = "-----BEGIN CERTIFICATE-----\n";
  const std::string text = set::ToBase64(certificate);
  for (std::size_t at = 0; at < text.size(); at += 64) out += text.substr(at, 64) + "\n";
  return out + "-----END CERTIFICATE-----\n";
}

void WriteFile(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  if (chmod(file.c_str(), 0600) != 0) throw std::runtime_error("cannot write " + file.string());
}

// A hierarchy that is being written.
class Hierarchy {
 public:
  explicit Hierarchy(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Issues and writes NAME.pem and NAME.key.
  Identity Add(const std::string& name, Order order, const Identity* issuer) {
    Identity made;
    made.key = Key::Generate(kBits);
    order.serial = ++serial_;
    made.chain.push_back(Issue(order, made.key, issuer));
    if (issuer == nullptr) {
      root_ = made.certificate();
    } else {
      for (const Octets& above : issuer->chain) made.chain.push_back(above);
    }
    if (made.chain.back() == root_ && issuer != nullptr) made.chain.pop_back();
    std::string chain;
    for (const Octets& certificate : made.chain) chain += Pem(certificate);
    if (issuer != nullptr) chain += Pem(root_);
    WriteFile(directory_ / (name + ".pem"), chain);
    WriteFile(directory_ / (name + ".key"), made.key.Pem());
    return made;
  }

 private:
  std::filesystem::path directory_;
  Octets root_;
  int serial_ = 0;
};

Order Authority(Holder holder, std::string organization, std::string name, int path_length) {
  Order order;
  order.subject = {std::move(organization), {}, std::move(name)};
  order.holder = holder;
  order.usage = Usage::kIssue;
  order.path_length = path_length;
  return order;
}

Order Leaf(Holder holder, Usage usage, std::vector<std::string> units, std::string name) {
  Order order;
  order.subject = {"VISA", std::move(units), std::move(name)};
  order.holder = holder;
  order.usage = usage;
  if (holder == Holder::kMerchant) order.merchant_id = kMerchantId;
  return order;
}

}  // namespace

void WritePki(const std::filesystem::path& directory) {
  const std::string merchant = std::string(kMerchantId) + ":1";
  const std::vector<std::string> shop = {"Conformance Bank", "Conformance Shop"};
  const std::vector<std::string> acquirer = {"Conformance Acquirer"};
  for (const std::string prefix : {"", "other-"}) {
    Hierarchy hierarchy(directory);
    const Identity root = hierarchy.Add(
        prefix + "root", Authority(Holder::kRoot, prefix + "SET Conformance Root", "Root CA", -1),
        nullptr);
    const Identity brand = hierarchy.Add(
        prefix + "brand-ca", Authority(Holder::kBrandCa, "VISA", "VISA Brand CA", 2), &root);
    const Identity mca =
        hierarchy.Add(prefix + "mca", Authority(Holder::kMca, "VISA", "Merchant CA", 0), &brand);
    const Identity pca = hierarchy.Add(
        prefix + "pca", Authority(Holder::kPca, "VISA", "Payment Gateway CA", 0), &brand);
    hierarchy.Add(prefix + "merchant-sign", Leaf(Holder::kMerchant, Usage::kSign, shop, merchant),
                  &mca);
    hierarchy.Add(prefix + "gateway-sign",
                  Leaf(Holder::kGateway, Usage::kSign, acquirer, "400000:1"), &pca);
    if (!prefix.empty()) continue;
    const Identity cca =
        hierarchy.Add("cca", Authority(Holder::kCca, "VISA", "Cardholder CA", 0), &brand);
    hierarchy.Add("merchant-exchange", Leaf(Holder::kMerchant, Usage::kEncipher, shop, merchant),
                  &mca);
    hierarchy.Add("gateway-exchange",
                  Leaf(Holder::kGateway, Usage::kEncipher, acquirer, "400000:1"), &pca);
    Order card = Leaf(Holder::kCard, Usage::kSign, {"Conformance Bank"},
                      set::UniqueCardholderId(std::string(kPan), std::string(kExpiry),
                                              set::FromHex(kPanSecretHex)));
    card.not_after = "351231235959Z";  // it does not outlive the card
    hierarchy.Add("cardholder", card, &cca);
  }
}

namespace set {

std::vector<Octets> ReadPemCertificates(const std::filesystem::path& file) {
  static constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  static constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  std::ifstream in(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::vector<Octets> certificates;
  for (std::size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at)) {
    at += kBegin.size();
    certificates.push_back(FromBase64(text.substr(at, text.find(kEnd, at) - at)));
  }
  if (certificates.empty()) throw std::runtime_error("no certificate in " + file.string());
  return certificates;
}

Identity ReadIdentity(const std::filesystem::path& directory, std::string_view name) {
  Identity identity;
  identity.chain = ReadPemCertificates(directory / (std::string(name) + ".pem"));
  if (identity.chain.size() > 1) identity.chain.pop_back();  // the root
  std::ifstream in(directory / (std::string(name) + ".key"), std::ios::binary);
  identity.key = Key::FromPem(std::string(std::istreambuf_iterator<char>(in), {}));
  return identity;
}

Market ReadMarket(const std::filesystem::path& directory) {
  Market market;
  market.cardholder = ReadIdentity(directory, "cardholder");
  market.merchant_sign = ReadIdentity(directory, "merchant-sign");
  market.merchant_exchange = ReadIdentity(directory, "merchant-exchange");
  market.gateway_sign = ReadIdentity(directory, "gateway-sign");
  market.gateway_exchange = ReadIdentity(directory, "gateway-exchange");
  market.merchant_id = kMerchantId;
  return market;
}

Identity IssueUnder(const std::filesystem::path& directory, std::string_view authority, Order order,
                    const Key& key) {
  const Identity issuer = ReadIdentity(directory, authority);
  order.serial = 77;
  Identity identity{{Issue(order, key, &issuer)}, key};
  identity.chain.insert(identity.chain.end(), issuer.chain.begin(), issuer.chain.end());
  return identity;
}

Identity IssueUnderBrand(const std::filesystem::path& directory, const std::string& brand,
                         Holder authority, Order order, const Key& key) {
  const Identity root = ReadIdentity(directory, "root");
  const auto authority_order = [&](Holder holder, int path_length) {
    Order made;
    made.serial = 78 + path_length;
    made.subject = {brand, {}, "Authority " + std::to_string(path_length)};
    made.holder = holder;
    made.usage = Usage::kIssue;
    made.path_length = path_length;
    return made;
  };
  const Identity top{{Issue(authority_order(Holder::kBrandCa, 2), key, &root)}, key};
  Identity issuer{{Issue(authority_order(authority, 0), key, &top), top.certificate()}, key};
  order.serial = 77;
  order.subject.organization = brand;
  return {{Issue(order, key, &issuer), issuer.chain[0], issuer.chain[1]}, key};
}

}  // namespace set
}  // namespace conform
