// set-bridge receipt WALLET_DIR PAYID [--html F]
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/programs/set_bridge/command.h"
#include "bridge/programs/set_bridge/decode/tree.h"
#include "bridge/programs/set_bridge/html_page.h"
#include "bridge/translate/iotp_time.h"
#include "bridge/translate/money.h"
#include "bridge/translate/packaged_content.h"
#include "db/history.h"
#include "db/payments.h"
#include "db/wallet_store.h"
#include "setcore/initiation/initiation.h"
#include "setcore/receipt.h"

namespace bridge::programs {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;

struct Found {
  std::optional<db::Payment> payment;
  std::optional<db::Receipt> receipt;
};

db::Result<Found> Find(db::Reader& reader, const std::string& pay_id) {
  Found found;
  auto payment = db::FindPayment(reader, pay_id);
  if (!payment) return tl::unexpected(payment.error());
  found.payment = std::move(*payment);
  if (!found.payment) return found;
  auto receipt = db::FindReceipt(reader, found.payment->id);
  if (!receipt) return tl::unexpected(receipt.error());
  found.receipt = std::move(*receipt);
  return found;
}

class ReceiptCommand final : public Command {
 public:
  std::string_view name() const override { return "receipt"; }
  std::string_view help() const override { return "Prints the receipt of a payment."; }

  void Declare(Syntax& syntax) override {
    syntax.Positional("WALLET_DIR", "the wallet's directory", directory_);
    syntax.Positional("PAYID", "ConsumerPayId or PaymentHandlerPayId", pay_id_);
    syntax.Option("--html", "F", "write it as one self-contained page, too", html_);
  }

  int Run() override {
    const auto connection = db::OpenWalletReader(directory_);
    if (!connection) return Fail(*this, connection.error().detail);
    const auto found =
        (*connection)->Read([&](db::Reader& reader) { return Find(reader, pay_id_); });
    if (!found) return Fail(*this, found.error().detail);
    if (!found->payment) return Fail(*this, pay_id_ + ": this wallet knows no such payment");
    if (!found->receipt) return Fail(*this, pay_id_ + ": no receipt has come for this payment");
    const auto facts = setcore::ReadPRes(found->receipt->octets);
    if (!facts) return Fail(*this, pay_id_ + ": the stored receipt cannot be read");

    const db::Payment& payment = *found->payment;
    const std::string asked = payment.amount.value_or("");
    const std::string amount = ReceiptAmount(asked, facts->ratio).value_or(asked);
    std::vector<std::pair<std::string, std::string>> rows;
    const auto line = [&rows](std::string label, std::string value) {
      if (!value.empty()) rows.emplace_back(std::move(label), std::move(value));
    };
    line("payment", payment.pay_id);
    line("state", payment.process_state);
    line("result", fmt::format("{} {}", facts->field, facts->name));
    line("amount", amount + " " + payment.curr_code.value_or(""));
    line("brand", payment.brand_id.value_or(""));
    line("with", payment.payment_instrument_id.value_or(""));
    line("paid to", payment.merchant_name.value_or(""));
    if (facts->lid_m) line("reference", setcore::initiation::LidMText(*facts->lid_m));
    line("time", FormatIotpTime(facts->date * kMsPerSecond));
    for (const auto& [label, value] : rows) {
      fmt::print("{:<12} {}\n", label, decode::Printable(value));
    }
    if (html_.empty()) return kDone;
    HtmlPage page("Receipt");
    page.Table(rows);
    if (const auto saved = page.Save(html_); !saved) return Fail(*this, saved.error());
    return kDone;
  }

 private:
  std::string directory_;
  std::string pay_id_;
  std::string html_;
};

}  // namespace

std::unique_ptr<Command> MakeReceiptCommand() { return std::make_unique<ReceiptCommand>(); }

}  // namespace bridge::programs
