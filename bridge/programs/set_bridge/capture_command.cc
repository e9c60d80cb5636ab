// set-bridge capture WALLET_DIR --payment PAYID… | --all [--passphrase-file F]
#include <fmt/format.h>
#include <opb.h>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/calls/capture.h"
#include "bridge/opening.h"
#include "bridge/programs/set_bridge/command.h"
#include "bridge/programs/set_bridge/passphrase.h"
#include "bridge/software_id.h"
#include "bridge/texts/texts.h"
#include "db/payments.h"

namespace bridge::programs {
namespace {

// So many payments in a row without an answer: the acquirer is away.
constexpr int kMostSilent = 3;

class CaptureCommand final : public Command {
 public:
  std::string_view name() const override { return "capture"; }
  std::string_view help() const override { return "Captures authorized payments at the acquirer."; }

  void Declare(Syntax& syntax) override {
    syntax.Positional("WALLET_DIR", "the payment handler's wallet, not in use", directory_);
    syntax.Options("--payment", "PAYID", "PaymentHandlerPayId (again for more)", pay_ids_);
    syntax.Flag("--all", "every payment that is authorized and not captured", all_);
    syntax.Option("--passphrase-file", "F", "file whose first line is the wallet's passphrase",
                  passphrase_file_);
  }

  int Run() override {
    if (all_ == !pay_ids_.empty()) {
      Fail(*this, "say which payments: --payment PAYID, again for more, or --all");
      return kWrongUsage;
    }
    if (const auto texts = LoadTexts(); !texts) return Fail(*this, texts.error());
    const auto passphrase = ReadPassphrase(passphrase_file_);
    if (!passphrase) return Fail(*this, passphrase.error());
    OpenWallet wallet(OperatingSystem());
    const auto opened =
        OpenAt(wallet, Host(), OPB_ROLE_PAYMENT_HANDLER, directory_, passphrase->view());
    if (!opened) return Fail(*this, opened.error().diagnostic);
    if (wallet.keyring.Take()->locked()) {
      return Fail(*this, directory_ + ": the wallet has a passphrase: give --passphrase-file");
    }
    if (all_) {
      auto found =
          wallet.store->Read([](db::Reader& reader) { return db::ListUncaptured(reader); });
      if (!found) return Fail(*this, found.error().detail);
      pay_ids_ = std::move(*found);
    }
    CaptureEach(wallet);
    if (pay_ids_.size() != 1) {
      fmt::print("{} of {} captured\n", captured_, pay_ids_.size());
    }
    return failed_ ? kFailed : kDone;
  }

 private:
  void CaptureEach(OpenWallet& wallet) {
    int silent = 0;
    for (const std::string& pay_id : pay_ids_) {
      const bool answered = CaptureOne(wallet, pay_id);
      fflush(stdout);
      silent = answered ? 0 : silent + 1;
      if (silent == kMostSilent && &pay_id != &pay_ids_.back()) {
        Fail(*this, "the acquirer is silent: the rest is left for another time");
        return;
      }
    }
  }

  // False: the acquirer has not answered.
  bool CaptureOne(OpenWallet& wallet, const std::string& pay_id) {
    const auto keyring = wallet.keyring.Take();
    schema::Element element;
    element.name = name();
    const Call call{
        wallet, element, {kSoftwareId, keyring->config().language}, wallet.host.NowMs(), keyring};
    const auto result = CapturePayment(call, pay_id);
    if (result) {
      Report(pay_id, *result);
      return true;
    }
    failed_ = true;
    const Refusal& refusal = result.error();
    const std::string why =
        refusal.store_lost ? refusal.store_detail : Words(refusal.detail, Language::kEnglish);
    if (refusal.response.code != schema::FaultCode::kTransportError) {
      Fail(*this, fmt::format("{}: {}", pay_id, why));
      return true;
    }
    Fail(*this, fmt::format("{}: the acquirer has not answered yet: {}; the same request goes out "
                            "again next time",
                            pay_id, why));
    return false;
  }

  void Report(const std::string& pay_id, const Captured& result) {
    switch (result.kind) {
      case Captured::Kind::kDone:
        ++captured_;
        fmt::print("{}: {} captured, {}\n", pay_id, result.amount, result.code);
        return;
      case Captured::Kind::kDoneBefore:
        fmt::print("{}: {} was captured before\n", pay_id, result.amount);
        return;
      case Captured::Kind::kRefused:
        failed_ = true;
        Fail(*this, fmt::format("{}: refused, {}: it may be tried again", pay_id, result.code));
        return;
      case Captured::Kind::kRefusedFinal:
        failed_ = true;
        Fail(*this, fmt::format("{}: refused for good, {}", pay_id, result.code));
        return;
      case Captured::Kind::kNotCompleted:
        failed_ = true;
        Fail(*this,
             fmt::format("{}: only what a payment handler has completed can be captured", pay_id));
        return;
      case Captured::Kind::kReversalOpen:
        failed_ = true;
        Fail(*this, fmt::format("{}: its reversal is under way", pay_id));
        return;
      case Captured::Kind::kRefusedBefore:
        // Whoever asks for all of them need not be told each time that it failed.
        failed_ = failed_ || !all_;
        Fail(*this, fmt::format("{}: was refused for good before, {}", pay_id, result.code));
        return;
    }
  }

  std::string directory_;
  std::vector<std::string> pay_ids_;
  bool all_ = false;
  std::string passphrase_file_;
  std::size_t captured_ = 0;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeCaptureCommand() { return std::make_unique<CaptureCommand>(); }

}  // namespace bridge::programs
