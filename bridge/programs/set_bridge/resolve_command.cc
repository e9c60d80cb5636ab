// set-bridge resolve WALLET_DIR PAYID --as approved|declined --by WHO --why TEXT
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/calls/history.h"
#include "bridge/programs/set_bridge/command.h"
#include "db/intents.h"
#include "db/payments.h"
#include "db/wallet_store.h"

namespace bridge::programs {
namespace {

constexpr std::string_view kApproved = "approved";

// What follows from the operator's word.
struct Exchange {
  std::string_view kind;
  std::string_view name;
  std::string_view approved;
  std::string_view declined;
};

constexpr Exchange kExchanges[] = {
    {kAuthorization, "authorization", "the repeated call makes the PRes",
     "the repeated call makes the PRes"},
    {kReversal, "reversal", "the repeated call answers that the payment is Failed",
     "the repeated call answers that the payment is CompletedOk"},
    {kCapture, "capture", "the payment counts as captured", "set-bridge capture asks anew"},
};

std::int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class ResolveCommand final : public Command {
 public:
  std::string_view name() const override { return "resolve"; }
  std::string_view help() const override {
    return "Closes an acquirer exchange whose outcome stayed unknown.";
  }

  void Declare(Syntax& syntax) override {
    syntax.Positional("WALLET_DIR", "the payment handler's wallet, not in use", directory_);
    syntax.Positional("PAYID", "PaymentHandlerPayId", pay_id_);
    syntax.RequiredOption("--as", "approved|declined", "what the acquirer says", as_);
    syntax.RequiredOption("--by", "WHO", "who closes it", by_);
    syntax.RequiredOption("--why", "TEXT", "what is known of the outcome, and from where", why_);
  }

  int Run() override {
    if (as_ != kApproved && as_ != "declined") {
      fmt::print(stderr, "set-bridge resolve: --as: {}: say approved or declined\n", as_);
      return kWrongUsage;
    }
    for (const auto& [option, text] : {std::pair("--by", &by_), std::pair("--why", &why_)}) {
      if (text->find_first_not_of(" \t\r\n") != std::string::npos) continue;
      fmt::print(stderr, "set-bridge resolve: {}: is empty: it is kept with the exchange\n",
                 option);
      return kWrongUsage;
    }
    const auto store = db::WalletStore::Open(directory_, db::WalletMode::kOpen);
    if (!store) return Fail(*this, store.error().detail);
    std::string refusal;
    const Exchange* closed = nullptr;
    const auto done =
        (*store)->Write([&](db::Transaction& tx) { return Resolve(tx, refusal, closed); });
    if (!done) return Fail(*this, refusal.empty() ? done.error().detail : refusal);
    fmt::print("{}: the {} is closed as {}; {}\n", pay_id_, closed->name, as_,
               as_ == kApproved ? closed->approved : closed->declined);
    return kDone;
  }

 private:
  db::Result<void> Resolve(db::Transaction& tx, std::string& refusal,
                           const Exchange*& closed) const {
    auto payment = db::FindPayment(tx, pay_id_);
    if (!payment) return tl::unexpected(payment.error());
    if (!*payment) {
      refusal = pay_id_ + ": this wallet knows no such payment";
      return db::Fail(db::ErrorKind::kMissing, refusal);
    }
    const auto intent = db::FindOpenIntent(tx, (*payment)->id);
    if (!intent) return tl::unexpected(intent.error());
    if (!*intent) {
      refusal = pay_id_ + ": no exchange with the acquirer is open";
      return db::Fail(db::ErrorKind::kMissing, refusal);
    }
    closed = std::ranges::find(kExchanges, (*intent)->kind, &Exchange::kind);
    if (closed == std::end(kExchanges)) {
      refusal = fmt::format("{}: an open {} cannot be closed by hand", pay_id_, (*intent)->kind);
      return db::Fail(db::ErrorKind::kMissing, refusal);
    }
    const db::Millis now = NowMs();
    if (closed->kind == kCapture && as_ == kApproved) {
      auto noted = NoteCapture(tx, **payment, (*intent)->opened, now);
      if (!noted) return noted;
    }
    return db::ResolveIntent(tx, (*intent)->id, as_, by_, why_, now);
  }

  // The CapDate is that of the CapReq.
  db::Result<void> NoteCapture(db::Transaction& tx, db::Payment& payment, db::Millis cap_date,
                               db::Millis now) const {
    const std::string state = payment.process_state;
    payment.captured = cap_date;
    std::vector<db::Entry> entries;
    return db::RecordPayment(tx, payment, {state, payment.percent_complete}, entries,
                             {name(), "captured, says " + by_}, now);
  }

  std::string directory_;
  std::string pay_id_;
  std::string as_;
  std::string by_;
  std::string why_;
};

}  // namespace

std::unique_ptr<Command> MakeResolveCommand() { return std::make_unique<ResolveCommand>(); }

}  // namespace bridge::programs
