// set-bridge provision WALLET_DIR PROFILE.toml [--passphrase-file F]
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "bridge/programs/set_bridge/command.h"
#include "bridge/programs/set_bridge/passphrase.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/provision.h"
#include "bridge/wallet/sealing.h"
#include "setcore/crypto/secret.h"

namespace bridge::programs {
namespace {

class ProvisionCommand final : public Command {
 public:
  std::string_view name() const override { return "provision"; }
  std::string_view help() const override {
    return "Makes a wallet, or brings an existing one to a profile without touching its payments.";
  }

  void Declare(Syntax& syntax) override {
    syntax.Positional("WALLET_DIR", "the wallet's directory", directory_);
    syntax.Positional("PROFILE.toml", "the wallet profile", profile_);
    syntax.Option("--passphrase-file", "F", "file whose first line is the wallet's passphrase",
                  passphrase_file_);
    syntax.Flag("--fast-scrypt", "scrypt with N = 2^10: for wallets of tests only", fast_);
  }

  int Run() override {
    auto passphrase = ReadPassphrase(passphrase_file_);
    if (!passphrase) return Fail(*this, passphrase.error());
    const auto profile = ReadProfile(profile_);
    if (!profile) {
      for (const TomlProblem& problem : profile.error()) Fail(*this, ToText(problem));
      return kFailed;
    }
    for (const TomlProblem& warning : profile->warnings) Warn(*this, ToText(warning));
    ProvisionOptions options;
    options.passphrase = passphrase->view();
    options.scrypt_n = fast_ ? kScryptTestN : kScryptN;
    options.now = std::chrono::duration_cast<std::chrono::milliseconds>(
                      std::chrono::system_clock::now().time_since_epoch())
                      .count();
    const auto done = Provision(directory_, *profile, options);
    if (!done) return Fail(*this, done.error().detail);
    for (const std::string& id : done->hidden) {
      Warn(*this, fmt::format("\"{}\" is kept, hidden, for a pending payment", id));
    }
    fmt::print("{} {} as wallet \"{}\"\n", directory_, done->made ? "made" : "brought up to date",
               profile->config.wallet_id);
    return kDone;
  }

 private:
  std::string directory_;
  std::string profile_;
  std::string passphrase_file_;
  bool fast_ = false;
};

}  // namespace

std::unique_ptr<Command> MakeProvisionCommand() { return std::make_unique<ProvisionCommand>(); }

}  // namespace bridge::programs
