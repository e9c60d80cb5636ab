// set-bridge call WALLET_DIR REQUEST.xml [--role R]… [--passphrase-file F] [--module M]
#include <fmt/format.h>
#include <opb.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/programs/oac/application_core.h"
#include "bridge/programs/set_bridge/command.h"
#include "bridge/programs/set_bridge/demo/world.h"
#include "bridge/programs/set_bridge/passphrase.h"
#include "db/wallet_config.h"
#include "db/wallet_store.h"
#include "schema/reader.h"

namespace bridge::programs {
namespace {

constexpr std::string_view kRoleNames[] = {"consumer", "merchant", "payment-handler"};
constexpr opb_role kRoles[] = {OPB_ROLE_CONSUMER, OPB_ROLE_MERCHANT, OPB_ROLE_PAYMENT_HANDLER};

tl::expected<std::string, std::string> ReadRequest(const std::string& file) {
  if (file == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return tl::unexpected(file + ": cannot be read");
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// All roles of the wallet.
tl::expected<opb_role, std::string> RolesOf(const std::string& directory) {
  const auto connection = db::OpenWalletReader(directory);
  if (!connection) return tl::unexpected(connection.error().detail);
  const auto wallet =
      (*connection)->Read([](db::Reader& reader) { return db::LoadWalletConfig(reader); });
  if (!wallet) return tl::unexpected(wallet.error().detail);
  if (!*wallet) return tl::unexpected(directory + ": was never provisioned");
  return static_cast<opb_role>((*wallet)->roles);
}

class CallCommand final : public Command {
 public:
  std::string_view name() const override { return "call"; }
  std::string_view help() const override {
    return "Sends one request through the module and prints the response.";
  }

  void Declare(Syntax& syntax) override {
    syntax.Positional("WALLET_DIR", "the wallet's directory", directory_);
    syntax.Positional("REQUEST.xml", "an IotpPaymentApiRequest, - for standard input", request_);
    syntax.Choices("--role", "open the wallet in this role (again for more; default all it has)",
                   roles_, {"consumer", "merchant", "payment-handler"});
    syntax.Option("--passphrase-file", "F", "file whose first line is the wallet's passphrase",
                  passphrase_file_);
    syntax.Option("--module", "M", "the module (default: the one beside this program)", module_);
  }

  int Run() override {
    const auto request = ReadRequest(request_);
    if (!request) return Fail(*this, request.error());
    const auto passphrase = ReadPassphrase(passphrase_file_);
    if (!passphrase) return Fail(*this, passphrase.error());
    auto roles = AskedRoles();
    if (!roles) return Fail(*this, roles.error());
    auto core = ApplicationCore::Load(module_.empty() ? SiblingModule() : module_,
                                      [this](std::uint32_t level, std::string_view line) {
                                        if (level >= 2) Warn(*this, line);
                                      });
    if (!core) return Fail(*this, core.error());
    const auto wallet = (*core)->Open(directory_, *roles, passphrase->view());
    if (!wallet) return Fail(*this, wallet.error());
    const auto response = (*core)->Call(*wallet, *request);
    (*core)->Close(*wallet);
    if (!response) return Fail(*this, response.error());
    fmt::print("{}\n", *response);
    const auto document = schema::ReadResponse(*response);
    if (document && document->call().name == "ErrorResponse") {
      return Fail(*this, fmt::format("{}: {}", document->call().Value("ErrorCode"),
                                     document->call().Value("ErrorDesc")));
    }
    return kDone;
  }

 private:
  tl::expected<opb_role, std::string> AskedRoles() const {
    if (roles_.empty()) return RolesOf(directory_);
    opb_role asked = 0;
    for (const std::string& role : roles_) {
      for (std::size_t i = 0; i < std::size(kRoles); ++i) {
        if (role == kRoleNames[i]) asked |= kRoles[i];
      }
    }
    return asked;
  }

  std::string directory_;
  std::string request_;
  std::vector<std::string> roles_;
  std::string passphrase_file_;
  std::string module_;
};

}  // namespace

std::unique_ptr<Command> MakeCallCommand() { return std::make_unique<CallCommand>(); }

}  // namespace bridge::programs
