// set-bridge demo: a whole purchase by SET, through the module, with a real gateway behind it.
#include <fmt/format.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
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
#include "bridge/programs/set_bridge/pki_files.h"
#include "bridge/wallet/profile_values.h"

namespace bridge::programs {
namespace {

namespace fs = std::filesystem;

using Failure = tl::unexpected<std::string>;

// What SIGINT and SIGTERM say before they end the program: where everything is that was made.
char last_words[PATH_MAX + 64];
std::atomic<std::size_t> last_words_size = 0;

extern "C" void SayWhereAndEnd(int signal) {
  if (write(STDERR_FILENO, last_words, last_words_size) < 0) _exit(kFailed);
  raise(signal);  // SA_RESETHAND: now it ends the program
}

void NameDirectoryWhenKilled(const std::string& directory) {
  const std::string words =
      "\nset-bridge demo: interrupted: what was made is kept in " + directory + "\n";
  last_words_size = words.copy(last_words, sizeof last_words);
  struct sigaction action = {};
  action.sa_handler = SayWhereAndEnd;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void ForgetDirectory() { last_words_size = 0; }

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? name : value;
}

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
    syntax.Option("--amount", "A",
                  "amount to pay (default 157.53; the issuer declines what is above 1000.00 USD)",
                  order_.amount);
    syntax.Option("--currency", "C", "USD, EUR or JPY (default USD)", order_.curr_code);
    syntax.Flag("--unsigned", "pay with a card that has no certificate", unsigned_);
    syntax.Flag("--decline", "the issuer declines", decline_);
    syntax.Option("--dir", "D", "keep everything here, with trace/NN-name.xml, .der and .txt",
                  directory_);
    syntax.Option("--html", "F", "write the same as one self-contained page", html_);
  }

  int Run() override {
    if (const std::string wrong = WrongMoney(); !wrong.empty()) {
      Fail(*this, wrong);
      return kWrongUsage;
    }
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
    ForgetDirectory();
    return kDone;
  }

 private:
  // What is wrong with --amount and --currency; nothing if they can be paid.
  std::string WrongMoney() const;
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

std::string DemoCommand::WrongMoney() const {
  if (std::ranges::find(kTrialCurrencies, order_.curr_code) == kTrialCurrencies.end()) {
    return fmt::format("--currency: {}: the shop takes {}", order_.curr_code,
                       fmt::join(kTrialCurrencies, ", "));
  }
  if (AmountDecimals(order_.curr_code, order_.amount)) return {};
  return fmt::format("--amount: {}: is not an amount of {}: digits, no more decimals than it has",
                     order_.amount, order_.curr_code);
}

tl::expected<void, std::string> DemoCommand::MakeDirectory() {
  std::error_code error;
  if (directory_.empty()) {
    const fs::path above = fs::temp_directory_path(error);
    std::string pattern = (above / "set-bridge-demo-XXXXXX").string();
    if (error || mkdtemp(pattern.data()) == nullptr) {
      return Failure(
          fmt::format("{}: no directory can be made here ({}): name one with --dir or TMPDIR",
                      error ? Environment("TMPDIR") : above.string(),
                      error ? error.message() : std::strerror(errno)));
    }
    directory_ = pattern;
  } else {
    fs::create_directories(directory_, error);
    if (error) return Failure(directory_ + ": " + error.message());
    if (!fs::is_empty(directory_, error)) {
      return Failure(directory_ + ": is not empty: name a new directory");
    }
    fs::permissions(directory_, fs::perms::owner_all, error);
    directory_ = fs::absolute(directory_).string();
  }
  NameDirectoryWhenKilled(directory_);
  fs::create_directory(directory_ + "/trace", error);
  if (error) return Failure(directory_ + "/trace: " + error.message());
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

  Trace trace(directory_ + "/trace", page);
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
  if (!trace.trouble().empty()) return Failure(trace.trouble());
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
