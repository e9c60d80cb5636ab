// set-bridge demo: a whole purchase by SET, through the module, with a real gateway behind it.
#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "bridge/programs/oac/application_core.h"
#include "bridge/programs/oac/purchase.h"
#include "bridge/programs/set_bridge/command.h"
#include "bridge/programs/set_bridge/demo/ledgers.h"
#include "bridge/programs/set_bridge/demo/trace.h"
#include "bridge/programs/set_bridge/demo/world.h"
#include "bridge/programs/set_bridge/html_page.h"

namespace bridge::programs {
namespace {

namespace fs = std::filesystem;

using Failure = tl::unexpected<std::string>;

// Wallets of the three roles, opened in one process.
class Shops {
 public:
  static tl::expected<std::unique_ptr<Shops>, std::string> Open(ApplicationCore& core,
                                                                const World& world) {
    auto shops = std::unique_ptr<Shops>(new Shops(core));
    for (const auto& [role, flag, directory] :
         {std::tuple(Role::kConsumer, OPB_ROLE_CONSUMER, &world.consumer_wallet),
          std::tuple(Role::kMerchant, OPB_ROLE_MERCHANT, &world.merchant_wallet),
          std::tuple(Role::kPaymentHandler, OPB_ROLE_PAYMENT_HANDLER, &world.handler_wallet)}) {
      auto wallet = core.Open(*directory, flag, {});
      if (!wallet) return Failure(wallet.error());
      shops->wallets_[static_cast<std::size_t>(role)] = *wallet;
    }
    return shops;
  }
  Shops(const Shops&) = delete;
  Shops& operator=(const Shops&) = delete;
  ~Shops() {
    for (const opb_wallet wallet : wallets_) {
      if (wallet != 0) core_.Close(wallet);
    }
  }

  CoreResult Ask(Role role, const std::string& request) {
    return core_.Call(wallets_[static_cast<std::size_t>(role)], request);
  }

 private:
  explicit Shops(ApplicationCore& core) : core_(core) {}
  ApplicationCore& core_;
  opb_wallet wallets_[3] = {};
};

class DemoCommand final : public Command {
 public:
  std::string_view name() const override { return "demo"; }
  std::string_view help() const override {
    return "Buys something by SET: three wallets, a gateway, every message real.";
  }

  void Declare(Syntax& syntax) override {
    syntax.Option("--brand", "ID", "IOTP BrandId to pay with (default VISA)", order_.brand_id);
    syntax.Option("--amount", "A", "amount to pay (default 157.53)", order_.amount);
    syntax.Option("--currency", "C", "ISO 4217 letters (default USD)", order_.curr_code);
    syntax.Flag("--unsigned", "pay with a card that has no certificate", unsigned_);
    syntax.Flag("--decline", "the issuer declines", decline_);
    syntax.Option("--dir", "D", "keep everything here, with trace/NN-name.xml, .der and .txt",
                  directory_);
    syntax.Option("--html", "F", "write the same as one self-contained page", html_);
  }

  int Run() override {
    const bool temporary = directory_.empty();
    if (auto made = MakeDirectory(); !made) return Fail(*this, made.error());
    HtmlPage page("A purchase by SET");
    auto done = Buy(html_.empty() ? nullptr : &page);
    if (!html_.empty()) {
      if (!done) page.Paragraph(done.error());
      const auto saved = page.Save(html_);
      if (done && !saved) done = Failure(saved.error());
    }
    if (!done) {
      return Fail(*this, fmt::format("{} (everything is kept in {})", done.error(), directory_));
    }
    std::error_code ignored;
    if (temporary) fs::remove_all(directory_, ignored);
    return kDone;
  }

 private:
  tl::expected<void, std::string> MakeDirectory();
  tl::expected<void, std::string> Buy(HtmlPage* page);
  tl::expected<void, std::string> Walk(Purchase& purchase);
  tl::expected<void, std::string> CheckLedgers(const World& world, HtmlPage* page);

  PurchaseOrder order_;
  std::string directory_;
  std::string html_;
  bool unsigned_ = false;
  bool decline_ = false;
};

tl::expected<void, std::string> DemoCommand::MakeDirectory() {
  if (directory_.empty()) {
    std::string pattern = (fs::temp_directory_path() / "set-bridge-demo-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return Failure("no temporary directory can be made");
    directory_ = pattern;
    return {};
  }
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) return Failure(directory_ + ": " + error.message());
  if (!fs::is_empty(directory_, error)) return Failure(directory_ + ": is not empty");
  fs::permissions(directory_, fs::perms::owner_all, error);
  directory_ = fs::absolute(directory_).string();
  fs::create_directory(directory_ + "/trace", error);
  return {};
}

tl::expected<void, std::string> DemoCommand::Buy(HtmlPage* page) {
  WorldOptions options;
  options.directory = directory_;
  options.gateway_program = SiblingProgram("set-gateway");
  options.brand = order_.brand_id;
  options.declines = decline_;
  fmt::print("Making certificates, three wallets and a gateway …\n");
  std::fflush(stdout);
  auto world = MakeWorld(options);
  if (!world) return Failure(world.error());
  if (unsigned_) order_.instrument = world->pki.brands.front().unsigned_instrument;

  auto core =
      ApplicationCore::Load(SiblingModule(), [](std::uint32_t level, std::string_view line) {
        if (level >= 3) fmt::print(stderr, "module: {}\n", line);
      });
  if (!core) return Failure(core.error());
  auto shops = Shops::Open(**core, *world);
  if (!shops) return Failure(shops.error());

  const std::string trace_directory = directory_ + "/trace";
  Trace trace(fs::exists(trace_directory) ? trace_directory : "", page);
  Purchase purchase(order_, [&](Role role, const std::string& request) {
    auto response = (*shops)->Ask(role, request);
    if (response) trace.Add(role, request, *response);
    return response;
  });
  const std::string heading =
      fmt::format("{} {} with {}", order_.amount, order_.curr_code, order_.brand_id);
  fmt::print("{}, gateway on 127.0.0.1:{} (pid {})\n\n", heading, world->gateway->port(),
             world->gateway->pid());
  if (page != nullptr) page->Heading(heading);
  if (auto walked = Walk(purchase); !walked) return walked;
  trace.AddAcquirer(world->handler_wallet, order_.handler_pay_id);
  fmt::print("\n");
  if (!purchase.pres().empty()) {
    const auto expanded = purchase.ExpandPaymentReceipt();
    if (!expanded) return Failure(expanded.error());
    PrintReceipt(decline_ ? "Receipt of the declined payment" : "Receipt", purchase, page);
  }
  return CheckLedgers(*world, page);
}

tl::expected<void, std::string> DemoCommand::Walk(Purchase& purchase) {
  // A declined purchase goes on after the handler's BusError, which carries the PRes (RFC
  // 3538, 9.5).
  const auto must = [](Purchase::Result result,
                       bool may_refuse = false) -> tl::expected<void, std::string> {
    if (!result) return Failure(result.error());
    if (result->refused && !may_refuse) return Failure(result->code + ": " + result->description);
    return {};
  };
  const std::string_view end = decline_ ? "Failed" : "CompletedOk";
  tl::expected<void, std::string> ok = must(purchase.FindAcceptedPaymentBrand());
  if (ok) ok = must(purchase.FindAcceptedPaymentProtocol());
  if (ok) ok = must(purchase.GetPaymentInitializationData());
  if (ok) ok = must(purchase.FindPaymentInstrument());
  if (ok) ok = must(purchase.CheckPaymentPossibility());
  if (ok) ok = must(purchase.StartPaymentConsumer());
  if (ok) ok = must(purchase.StartPaymentPaymentHandler());
  if (ok) ok = must(purchase.ContinueConsumerPInitRes());
  if (ok) ok = must(purchase.ContinuePaymentHandler(), decline_);
  if (ok) ok = must(purchase.InquireProcessState(Role::kPaymentHandler));
  if (ok) ok = must(purchase.ChangeProcessState(Role::kPaymentHandler, end));
  if (ok) ok = must(purchase.ContinueConsumerPRes());
  if (ok) ok = must(purchase.CheckPaymentReceipt());
  if (ok) ok = must(purchase.InquireProcessState(Role::kConsumer));
  if (ok) ok = must(purchase.ChangeProcessState(Role::kConsumer, end));
  if (ok) ok = must(purchase.ChangeProcessState(Role::kMerchant, end));
  return ok;
}

tl::expected<void, std::string> DemoCommand::CheckLedgers(const World& world, HtmlPage* page) {
  const auto ledgers = ReadLedgers({world.merchant_wallet, order_.merchant_pay_id,
                                    world.consumer_wallet, order_.consumer_pay_id,
                                    world.handler_wallet, order_.handler_pay_id, world.gateway_db});
  if (!ledgers) return Failure(ledgers.error());
  const auto differences = Compare(*ledgers, decline_);
  if (!differences.empty()) {
    return Failure(fmt::format("the ledgers disagree: {}", fmt::join(differences, "; ")));
  }
  const std::string verdict =
      fmt::format("The four ledgers agree: {}, AuthCode {}.", ledgers->consumer.process_state,
                  ledgers->authorizations.front().auth_code);
  fmt::print("\n{}\n", verdict);
  if (page != nullptr) page->Paragraph(verdict);
  return {};
}

}  // namespace

std::unique_ptr<Command> MakeDemoCommand() { return std::make_unique<DemoCommand>(); }

}  // namespace bridge::programs
