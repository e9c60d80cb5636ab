#include "bench/shop.h"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "bench/clocks.h"
#include "end_to_end/market.h"

namespace bench {
namespace {

constexpr const char* kPassphrase = "open sesame";

// More payments stay InProgress here than a wallet allows unless it is told so.
std::string ManyPending(std::string profile) {
  return profile + "\n[policy]\nmax_pending = 10000000\n";
}

// The limit on messages is not what is measured.
std::string Unhurried(std::string config) { return "messages_per_second = 1000000\n" + config; }

double OctetsOf(const std::string& file) {
  double sum = 0;
  for (const auto& table :
       market::Query(file,
                     "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
                     "'sqlite_%'")) {
    std::string columns;
    for (const auto& column :
         market::Query(file, "SELECT name FROM pragma_table_info('" + table[0] + "')")) {
      columns += (columns.empty() ? "" : " + ") +
                 ("ifnull(length(CAST(\"" + column[0] + "\" AS BLOB)), 0)");
    }
    sum += std::stod(market::Query(
        file, "SELECT ifnull(sum(" + columns + "), 0) FROM \"" + table[0] + "\"")[0][0]);
  }
  return sum;
}

}  // namespace

Shop::Shop(std::size_t key_bits) {
  std::string pattern = (std::filesystem::temp_directory_path() / "opb-bench-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = pattern;
  bridge::programs::WorldOptions options;
  options.directory = directory_;
  options.gateway_program = OPB_SET_GATEWAY;
  options.key_bits = key_bits;
  options.edit_merchant = options.edit_consumer = options.edit_handler = ManyPending;
  options.edit_gateway = Unhurried;
  auto made = bridge::programs::MakeWorld(options);
  if (!made) throw std::runtime_error(made.error());
  world_ = std::move(*made);
  for (const Role role : market::kRoles) {
    market::Lock(WalletDirectory(role), directory_ + "/pki", role, kPassphrase);
  }
  auto core = bridge::programs::ApplicationCore::Load(OPB_MODULE, [](auto, auto) {});
  if (!core) throw std::runtime_error(core.error());
  core_ = std::move(*core);
  for (const Role role : market::kRoles) OpenWallet(role);
}

Shop::~Shop() {
  while (!wallets_.empty()) CloseWallet(wallets_.begin()->first);
  core_.reset();
  world_.gateway.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Purchase Shop::NewPurchase(const std::string& suffix) {
  bridge::programs::PurchaseOrder order;
  order.brand_id = world_.pki.brands.front().brand_id;
  order.protocol_brand_id = world_.pki.brands.front().protocol_brand_id;
  order.merchant_pay_id = "M-" + suffix;
  order.consumer_pay_id = "C-" + suffix;
  order.handler_pay_id = "P-" + suffix;
  return Purchase(std::move(order), [this](Role role, const std::string& request) {
    return tl::expected<std::string, std::string>(Call(role, request));
  });
}

std::string Shop::Call(Role role, const std::string& request) {
  if (before_call) before_call();
  auto response = core_->Call(wallets_.at(role), request);
  if (after_call) after_call();
  if (!response) throw std::runtime_error(response.error());
  return std::move(*response);
}

void Shop::OpenWallet(Role role) {
  const opb_role flag = role == Role::kConsumer   ? OPB_ROLE_CONSUMER
                        : role == Role::kMerchant ? OPB_ROLE_MERCHANT
                                                  : OPB_ROLE_PAYMENT_HANDLER;
  auto wallet = core_->Open(WalletDirectory(role), flag, kPassphrase);
  if (!wallet) throw std::runtime_error(wallet.error());
  wallets_[role] = *wallet;
}

void Shop::CloseWallet(Role role) {
  core_->Close(wallets_.at(role));
  wallets_.erase(role);
}

std::string Shop::WalletDirectory(Role role) const {
  if (role == Role::kConsumer) return world_.consumer_wallet;
  return role == Role::kMerchant ? world_.merchant_wallet : world_.handler_wallet;
}

double Shop::GatewayMicros() const { return ProcessMicros(world_.gateway->pid()); }

double Shop::OctetsStored() const {
  double sum = OctetsOf(world_.gateway_db);
  for (const Role role : market::kRoles) sum += OctetsOf(WalletDirectory(role) + "/wallet.db");
  return sum;
}

const std::vector<Step>& Steps() {
  static const auto& steps = *new std::vector<Step>{
      {"FindAcceptedPaymentBrand", 1, [](Purchase& p) { return p.FindAcceptedPaymentBrand(); }},
      {"FindAcceptedPaymentProtocol", 1,
       [](Purchase& p) { return p.FindAcceptedPaymentProtocol(); }},
      {"GetPaymentInitializationData", 1,
       [](Purchase& p) { return p.GetPaymentInitializationData(); }},
      {"FindPaymentInstrument", 0, [](Purchase& p) { return p.FindPaymentInstrument(); }},
      {"CheckPaymentPossibility", 0, [](Purchase& p) { return p.CheckPaymentPossibility(); }},
      {"StartPaymentConsumer", 1, [](Purchase& p) { return p.StartPaymentConsumer(); }},
      {"StartPaymentPaymentHandler", 1, [](Purchase& p) { return p.StartPaymentPaymentHandler(); }},
      {"ContinueProcess (PInitRes)", 1, [](Purchase& p) { return p.ContinueConsumerPInitRes(); }},
      {"ContinueProcess (PReq)", 3, [](Purchase& p) { return p.ContinuePaymentHandler(); }},
      {"ContinueProcess (PRes)", 1, [](Purchase& p) { return p.ContinueConsumerPRes(); }},
      {"CheckPaymentReceipt", 0, [](Purchase& p) { return p.CheckPaymentReceipt(); }},
      {"ChangeProcessState", 1,
       [](Purchase& p) { return p.ChangeProcessState(Role::kConsumer, "CompletedOk"); }},
  };
  return steps;
}

void Run(const Step& step, Purchase& purchase) {
  const auto result = step.run(purchase);
  if (!result) throw std::runtime_error(result.error());
  if (result->refused) {
    throw std::runtime_error(std::string(step.name) + ": " + result->code + ": " +
                             result->description);
  }
}

void Buy(Purchase& purchase) {
  for (const Step& step : Steps()) Run(step, purchase);
}

}  // namespace bench
