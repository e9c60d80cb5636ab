// set-gateway: the reference acquirer payment gateway.  `set-gateway CONFIG.toml` serves the TCP
// transport in front of a rule-driven issuer until SIGTERM.  Exit status: 0 served and closed, 1 it
// could not (one line on stderr says why), 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bridge/programs/set_gateway/config.h"
#include "bridge/programs/set_gateway/log.h"
#include "bridge/programs/set_gateway/processor.h"
#include "bridge/programs/set_gateway/renewal.h"
#include "bridge/programs/set_gateway/server.h"
#include "bridge/programs/standard_streams.h"
#include "bridge/software_id.h"
#include "setcore/crypto/random.h"

namespace {

using bridge::gateway::Config;
using bridge::gateway::Processor;
using bridge::gateway::Server;
using bridge::gateway::WriteLog;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

int Fail(std::string_view why) {
  std::fputs(fmt::format("set-gateway: {}\n", why).c_str(), stderr);
  return kFailed;
}

int Serve(const std::string& path, int stats_s) {
  bridge::gateway::LoadedConfig loaded = bridge::gateway::Load(path, std::time(nullptr));
  for (const bridge::TomlProblem& warning : loaded.warnings) {
    WriteLog("warning: " + bridge::ToText(warning));
  }
  if (!loaded.config) {
    std::string all;
    for (const bridge::TomlProblem& problem : loaded.problems) {
      all += (all.empty() ? "" : "; ") + bridge::ToText(problem);
    }
    return Fail(all);
  }
  const auto config = std::make_shared<const Config>(std::move(*loaded.config));
  setcore::SystemRandom random;
  auto processor = Processor::Open(config, random);
  if (!processor) return Fail(processor.error());
  bridge::gateway::ServerHooks hooks;
  hooks.process = [&](setcore::OctetView request) { return (*processor)->Process(request); };
  hooks.diagnostic = [&](std::string_view peer, setcore::OctetView message) {
    if (auto kept = (*processor)->Journal(peer, message); !kept) {
      WriteLog("diagnostic message not journaled: " + kept.error());
    }
  };
  bridge::gateway::Renewal renewal(path, **processor, WriteLog);
  hooks.renew = [&renewal] { renewal.Run(); };
  hooks.log = WriteLog;
  Server server(*config, std::move(hooks), random, stats_s);
  if (auto listening = server.Listen(); !listening) return Fail(listening.error());
  std::fputs(fmt::format("listening on {}\n", server.listening()).c_str(), stdout);
  if (const std::string diagnostics = server.diagnostics(); !diagnostics.empty()) {
    std::fputs(fmt::format("diagnostics on {}\n", diagnostics).c_str(), stdout);
  }
  std::fflush(stdout);
  server.Run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  bridge::programs::HoldStandardStreams();
  std::signal(SIGPIPE, SIG_IGN);  // whoever read our log may go
  CLI::App app{
      "The reference acquirer payment gateway: SET over TCP (External Interface Guide, "
      "Appendix E) in front of a rule-driven issuer."};
  app.footer(
      "Prints \"listening on HOST:PORT\" when it is ready; logs to stderr.\n\n"
      "SIGTERM, SIGINT  ask every merchant to close and end when all have; again: cut them\n"
      "SIGHUP           read certificates, CRLs and rules again\n"
      "SIGUSR1          print the table of connections\n\n"
      "Exit status: 0 served and closed, 1 it could not (one line says why), 2 wrong usage.");
  app.set_version_flag("--version", std::string("set-gateway ") + bridge::kVersion);
  std::string path;
  app.add_option("CONFIG.toml", path, "the configuration")->required();
  int stats_s = 0;
  app.add_flag("--stats{5}", stats_s, "print counters every 5 seconds; --stats=N: every N seconds")
      ->check(CLI::Range(1, 86400));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) != 0) return kWrongUsage;
    return bridge::programs::OutputWritten() ? 0 : Fail("the output cannot be written");
  }
  try {
    return Serve(path, stats_s);
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}
