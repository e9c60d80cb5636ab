// set-bridge payments WALLET_DIR [--json]
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/programs/set_bridge/command.h"
#include "db/payments.h"
#include "db/wallet_store.h"

namespace bridge::programs {
namespace {

// JSON has two characters and the control characters to escape; the store's texts are UTF-8.
std::string JsonText(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string Json(const db::PaymentLine& line) {
  const auto optional = [](const std::optional<std::string>& value) {
    return value ? JsonText(*value) : std::string("null");
  };
  return fmt::format(
      "{{\"PayId\":{},\"Role\":{},\"ProcessState\":{},\"PercentComplete\":{},"
      "\"CompletionCode\":{},\"BrandId\":{},\"Amount\":{},\"CurrCode\":{},"
      "\"started\":{},\"changed\":{},\"captured\":{}}}",
      JsonText(line.pay_id), JsonText(line.role), JsonText(line.process_state),
      line.percent_complete, optional(line.completion_code), optional(line.brand_id),
      optional(line.amount), optional(line.curr_code), JsonText(line.started),
      JsonText(line.changed), optional(line.captured));
}

void PrintTable(const std::vector<db::PaymentLine>& lines) {
  fmt::print("{:<16} {:<14} {:<13} {:>4} {:<15} {:<12} {:>18} {:<24} {:<24} {}\n", "PayId", "Role",
             "ProcessState", "%", "CompletionCode", "BrandId", "Amount", "started", "changed",
             "captured");
  for (const db::PaymentLine& line : lines) {
    fmt::print("{:<16} {:<14} {:<13} {:>4} {:<15} {:<12} {:>18} {:<24} {:<24} {}\n", line.pay_id,
               line.role, line.process_state, line.percent_complete,
               line.completion_code.value_or("-"), line.brand_id.value_or("-"),
               line.amount.value_or("-") + " " + line.curr_code.value_or(""), line.started,
               line.changed, line.captured.value_or("-"));
  }
}

class PaymentsCommand final : public Command {
 public:
  std::string_view name() const override { return "payments"; }
  std::string_view help() const override { return "Lists the payments of a wallet."; }

  void Declare(Syntax& syntax) override {
    syntax.Positional("WALLET_DIR", "the wallet's directory", directory_);
    syntax.Flag("--json", "one JSON array instead of a table", json_);
  }

  int Run() override {
    const auto connection = db::OpenWalletReader(directory_);
    if (!connection) return Fail(*this, connection.error().detail);
    const auto lines =
        (*connection)->Read([](db::Reader& reader) { return db::ListPayments(reader); });
    if (!lines) return Fail(*this, lines.error().detail);
    if (!json_) {
      PrintTable(*lines);
      return kDone;
    }
    std::vector<std::string> objects;
    for (const db::PaymentLine& line : *lines) objects.push_back(Json(line));
    fmt::print("[{}]\n", fmt::join(objects, ",\n "));
    return kDone;
  }

 private:
  std::string directory_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> MakePaymentsCommand() { return std::make_unique<PaymentsCommand>(); }

}  // namespace bridge::programs
