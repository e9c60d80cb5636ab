#include "end_to_end/market.h"

#include <sqlite3.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "bridge/wallet/profile.h"
#include "bridge/wallet/provision.h"

namespace market {
namespace {

constexpr std::pair<Role, opb_role> kFlags[] = {
    {Role::kConsumer, OPB_ROLE_CONSUMER},
    {Role::kMerchant, OPB_ROLE_MERCHANT},
    {Role::kPaymentHandler, OPB_ROLE_PAYMENT_HANDLER},
};

std::string Column(sqlite3_stmt* statement, int column) {
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  if (sqlite3_column_type(statement, column) != SQLITE_BLOB) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return text == nullptr ? "" : std::string(text, size);
  }
  const auto* octets = static_cast<const unsigned char*>(sqlite3_column_blob(statement, column));
  std::string hex;
  for (std::size_t i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[octets[i] >> 4];
    hex += "0123456789abcdef"[octets[i] & 15];
  }
  return hex;
}

constexpr std::uint64_t kTestScryptN = 1024;

std::int64_t SystemNowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string ProfileName(Role role) {
  if (role == Role::kConsumer) return "consumer.toml";
  return role == Role::kMerchant ? "merchant.toml" : "payment-handler.toml";
}

void Must(const Purchase::Result& result) {
  if (!result) throw std::runtime_error(result.error());
  if (result->refused) throw std::runtime_error(result->code + ": " + result->description);
}

void ProvisionFrom(const std::string& file, const std::string& wallet,
                   std::string_view passphrase) {
  const auto profile = bridge::ReadProfile(file);
  if (!profile) throw std::runtime_error(ToText(profile.error().front()));
  const auto done = bridge::Provision(wallet, *profile, {passphrase, kTestScryptN, SystemNowMs()});
  if (!done) throw std::runtime_error(done.error().detail);
}

}  // namespace

void Provision(const Market& market, Role role, const Edit& edit) {
  std::ifstream first(market.PkiDirectory() + "/" + ProfileName(role), std::ios::binary);
  const std::string changed = "changed-" + ProfileName(role);
  market.WritePkiFile(changed, edit({std::istreambuf_iterator<char>(first), {}}));
  ProvisionFrom(market.PkiDirectory() + "/" + changed, market.WalletDirectory(role), {});
}

void Lock(const std::string& wallet, const std::string& pki, Role role,
          const std::string& passphrase) {
  ProvisionFrom(pki + "/" + ProfileName(role), wallet, passphrase);
}

Options ImpatientHandler() {
  Options options;
  options.edit_handler = [](std::string text) {
    return text.insert(text.find("transport_id"), "answer_timeout_s = 1\nmin_resubmit_s = 1\n");
  };
  return options;
}

std::vector<Row> Query(const std::string& file, const std::string& sql) {
  sqlite3* connection = nullptr;
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  const std::string uri = "file:" + file + "?mode=ro";
  if (sqlite3_open_v2(uri.c_str(), &connection, flags, nullptr) != SQLITE_OK) {
    throw std::runtime_error(file + ": cannot be read");
  }
  sqlite3_busy_timeout(connection, 5000);
  sqlite3_stmt* statement = nullptr;
  std::vector<Row> rows;
  int code = sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr);
  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step(statement);
    if (code != SQLITE_ROW) break;
    Row row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) row.push_back(Column(statement, i));
    rows.push_back(std::move(row));
  }
  const std::string why = code == SQLITE_DONE ? "" : sqlite3_errmsg(connection);
  sqlite3_finalize(statement);
  sqlite3_close(connection);
  if (!why.empty()) throw std::runtime_error(file + ": " + sql + ": " + why);
  return rows;
}

Market::Market(Options options) {
  std::string pattern = (std::filesystem::temp_directory_path() / "opb-market-XXXXXX").string();
  handler_is_merchant_ = options.handler_is_merchant;
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = pattern;
  bridge::programs::WorldOptions world;
  world.directory = directory_;
  world.gateway_program = OPB_SET_GATEWAY;
  world.key_bits = options.key_bits;
  world.brand = options.brand;
  world.declines = options.declines;
  world.edit_merchant = options.edit_merchant;
  world.edit_consumer = options.edit_consumer;
  world.edit_handler = options.edit_handler;
  world.edit_gateway = options.edit_gateway;
  auto made = MakeWorld(world);
  if (!made) throw std::runtime_error(made.error());
  world_ = std::move(*made);
  for (const auto& [role, passphrase] : options.passphrases) {
    Lock(WalletDirectory(role), PkiDirectory(), role, passphrase);
  }
  auto core = ApplicationCore::Load(
      OPB_MODULE,
      [this](std::uint32_t level, std::string_view line) {
        const std::lock_guard lock(mutex_);
        log_.push_back(std::to_string(level) + ":" + std::string(line));
      },
      [this] { return SystemNowMs() + clock_ahead_ms_; });
  if (!core) throw std::runtime_error(core.error());
  core_ = std::move(*core);
  if (options.call_back) core_->Serve(std::move(options.call_back));
  for (const Role role : kRoles) OpenWallet(role);
}

Market::~Market() {
  while (!wallets_.empty()) CloseWallet(wallets_.begin()->first);
  core_.reset();
  world_.gateway.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Purchase Market::NewPurchase(const std::string& suffix) { return NewPurchase(suffix, {}); }

Purchase Market::NewPurchase(const std::string& suffix, PurchaseOrder order) {
  order.brand_id = world_.pki.brands.front().brand_id;
  order.protocol_brand_id = world_.pki.brands.front().protocol_brand_id;
  order.merchant_pay_id = "M-" + suffix;
  order.consumer_pay_id = "C-" + suffix;
  order.handler_pay_id = "P-" + suffix;
  return Purchase(
      std::move(order),
      [this](Role role, const std::string& request) -> tl::expected<std::string, std::string> {
        if (drafting_) return tl::unexpected(std::string("a draft is not sent"));
        return Ask(role, request);
      });
}

std::string Market::Draft(const Purchase& purchase, Purchase::Result (Purchase::*step)()) {
  Purchase draft = purchase;
  drafting_ = true;
  const auto unsent = (draft.*step)();
  drafting_ = false;
  if (unsent) throw std::runtime_error("a draft was sent");
  return draft.last_request();
}

std::vector<std::string> Market::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::string Market::Ask(Role role, const std::string& request) {
  auto response = core_->Call(wallets_.at(role), request);
  if (!response) throw std::runtime_error(response.error());
  return std::move(*response);
}

void Market::OpenWallet(Role role) {
  for (const auto& [known, flag] : kFlags) {
    if (known != role) continue;
    const bool both = role == Role::kPaymentHandler && handler_is_merchant_;
    OpenWallet(role, both ? flag | OPB_ROLE_MERCHANT : flag);
  }
}

void Market::OpenWallet(Role role, opb_role roles) {
  auto wallet = core_->Open(WalletDirectory(role), roles, {});
  if (!wallet) throw std::runtime_error(wallet.error());
  wallets_[role] = *wallet;
}

void Market::CloseWallet(Role role) {
  core_->Close(wallets_.at(role));
  wallets_.erase(role);
}

void Market::Reopen(Role role) {
  CloseWallet(role);
  OpenWallet(role);
}

void Market::StartGateway() {
  if (auto started = world_.RestartGateway(); !started) {
    throw std::runtime_error(started.error());
  }
}

std::string Market::WalletDirectory(Role role) const {
  if (role == Role::kConsumer) return world_.consumer_wallet;
  return role == Role::kMerchant ? world_.merchant_wallet : world_.handler_wallet;
}

void Market::WritePkiFile(const std::string& name, std::string_view octets) const {
  std::ofstream(PkiDirectory() + "/" + name, std::ios::binary) << octets;
}

std::vector<Row> Market::Authorizations() const {
  return Query(world_.gateway_db,
               "SELECT Xid, LidM, MerchantId, Brand, Amount, CurrCode, AuthCode, captured, reversed"
               " FROM authorizations ORDER BY at");
}

void WalkToPReq(Purchase& purchase) {
  Must(purchase.FindAcceptedPaymentBrand());
  Must(purchase.FindAcceptedPaymentProtocol());
  Must(purchase.GetPaymentInitializationData());
  Must(purchase.FindPaymentInstrument());
  Must(purchase.CheckPaymentPossibility());
  Must(purchase.StartPaymentConsumer());
  Must(purchase.StartPaymentPaymentHandler());
  Must(purchase.ContinueConsumerPInitRes());
}

void Walk(Purchase& purchase) {
  WalkToPReq(purchase);
  Must(purchase.ContinuePaymentHandler());
  Must(purchase.ChangeProcessState(Role::kPaymentHandler, "CompletedOk"));
  Must(purchase.ContinueConsumerPRes());
  Must(purchase.CheckPaymentReceipt());
  Must(purchase.ChangeProcessState(Role::kConsumer, "CompletedOk"));
  Must(purchase.ChangeProcessState(Role::kMerchant, "CompletedOk"));
}

}  // namespace market
