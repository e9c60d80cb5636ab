#include "bridge/programs/set_bridge/demo/world.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "bridge/toml_file.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/provision.h"

namespace bridge::programs {
namespace {

namespace fs = std::filesystem;

// First rule that fits answers (interfaces.md, 4): one without conditions fits all.
constexpr std::string_view kDeclineAll = "\n[[rule]]\nauth_code = \"declined\"\n";

std::int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

tl::expected<void, std::string> WritePrivate(const std::string& file, std::string_view text) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return tl::unexpected(file + ": cannot be made");
  const bool written =
      write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (close(descriptor) != 0 || !written) return tl::unexpected(file + ": cannot be written");
  return {};
}

tl::expected<void, std::string> MakeWallet(const std::string& directory,
                                           const std::string& profile_file,
                                           std::string_view profile_text) {
  if (auto written = WritePrivate(profile_file, profile_text); !written) return written;
  const auto profile = ReadProfile(profile_file);
  if (!profile) return tl::unexpected(ToText(profile.error().front()));
  ProvisionOptions options;
  options.now = NowMs();
  const auto made = Provision(directory, *profile, options);
  if (!made) return tl::unexpected(made.error().detail);
  return {};
}

fs::path OwnDirectory() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace

std::string SiblingProgram(const std::string& name) { return (OwnDirectory() / name).string(); }

std::string SiblingModule() {
  return (OwnDirectory().parent_path() / "lib" / "set-bridge.so").string();
}

tl::expected<void, std::string> World::RestartGateway() {
  auto again = ChildGateway::Start(gateway_program, gateway_config, gateway_log);
  if (!again) return tl::unexpected(again.error());
  gateway = std::move(*again);
  return {};
}

tl::expected<World, std::string> MakeWorld(const WorldOptions& options) {
  World world;
  const std::string pki_directory = options.directory + "/pki";
  PkiOptions pki_options;
  pki_options.key_bits = options.key_bits;
  pki_options.brands = {options.brand};
  pki_options.now = NowMs() / 1000;
  auto pki = WritePki(pki_directory, pki_options);
  if (!pki) return tl::unexpected(pki.error());
  world.pki = std::move(*pki);

  world.gateway_program = options.gateway_program;
  world.gateway_config = pki_directory + "/gateway.toml";
  world.gateway_log = options.directory + "/gateway.log";
  world.gateway_db = pki_directory + "/gateway.db";
  // The first start takes free ports; the configuration that stays names them.
  const std::string first_config = pki_directory + "/gateway-first.toml";
  const auto configure = [&](const GatewayPlace& place) {
    std::string text(GatewayConfiguration(world.pki, place).view());
    if (options.declines) text.insert(text.find("\n[[rule]]"), kDeclineAll);
    return options.edit_gateway ? options.edit_gateway(std::move(text)) : text;
  };
  if (auto written = WritePrivate(first_config, configure({"127.0.0.1", 0, 0})); !written) {
    return tl::unexpected(written.error());
  }
  auto gateway = ChildGateway::Start(world.gateway_program, first_config, world.gateway_log);
  if (!gateway) return tl::unexpected(gateway.error());
  world.gateway = std::move(*gateway);
  const GatewayPlace place{"127.0.0.1", world.gateway->port(), world.gateway->diagnostic_port()};
  std::error_code ignored;
  fs::remove(first_config, ignored);
  if (auto written = WritePrivate(world.gateway_config, configure(place)); !written) {
    return tl::unexpected(written.error());
  }

  world.merchant_wallet = options.directory + "/merchant";
  world.consumer_wallet = options.directory + "/consumer";
  world.handler_wallet = options.directory + "/payment-handler";
  const auto merchant_profile = MerchantProfile(world.pki);
  const auto consumer_profile = ConsumerProfile(world.pki);
  const auto handler_profile = HandlerProfile(world.pki, place);
  for (const auto& [directory, name, profile, edit] :
       {std::tuple(&world.merchant_wallet, "merchant", &merchant_profile, &options.edit_merchant),
        std::tuple(&world.consumer_wallet, "consumer", &consumer_profile, &options.edit_consumer),
        std::tuple(&world.handler_wallet, "payment-handler", &handler_profile,
                   &options.edit_handler)}) {
    std::string text(profile->view());
    if (*edit) text = (*edit)(std::move(text));
    auto made = MakeWallet(*directory, pki_directory + "/" + name + ".toml", text);
    if (!made) return tl::unexpected(made.error());
  }
  return world;
}

}  // namespace bridge::programs
