// set-bridge pki DIR [--key-bits 1024|2048] [--brand ID]… [--card-cert-required]
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/programs/set_bridge/command.h"
#include "bridge/programs/set_bridge/pki_files.h"

namespace bridge::programs {
namespace {

class PkiCommand final : public Command {
 public:
  std::string_view name() const override { return "pki"; }
  std::string_view help() const override {
    return "Writes a SET certificate hierarchy with keys and a ready profile for each role.";
  }

  void Declare(Syntax& syntax) override {
    syntax.Positional("DIR", "directory to write to", directory_);
    syntax.Choice("--key-bits", "length of every RSA key", key_bits_, {"1024", "2048"});
    syntax.Options("--brand", "ID", "IOTP BrandId (again for more; default VISA)", brands_);
    syntax.Flag("--card-cert-required", "the gateways refuse cards without certificate",
                card_cert_required_);
  }

  int Run() override {
    PkiOptions options;
    options.key_bits = key_bits_ == "1024" ? 1024 : 2048;
    if (!brands_.empty()) options.brands = brands_;
    options.card_cert_required = card_cert_required_;
    options.now = std::chrono::duration_cast<std::chrono::seconds>(
                      std::chrono::system_clock::now().time_since_epoch())
                      .count();
    const auto pki = WritePki(directory_, options);
    if (!pki) return Fail(*this, pki.error());
    if (const auto written = WriteProfiles(directory_, *pki, {}); !written) {
      return Fail(*this, written.error());
    }
    fmt::print("{}: root and {} brand{} with {}-bit keys\n", directory_, pki->brands.size(),
               pki->brands.size() == 1 ? "" : "s", options.key_bits);
    return kDone;
  }

 private:
  std::string directory_;
  std::string key_bits_ = "2048";
  std::vector<std::string> brands_;
  bool card_cert_required_ = false;
};

}  // namespace

std::unique_ptr<Command> MakePkiCommand() { return std::make_unique<PkiCommand>(); }

}  // namespace bridge::programs
