// set-gateway: the reference acquirer payment gateway.  `set-gateway CONFIG.toml` serves the TCP
// transport in front of a rule-driven issuer until SIGTERM.  Exit status: 0 served and closed, 1 it
// could not (one line on stderr says why), 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bridge/programs/set_gateway/config.h"
#include "bridge/programs/set_gateway/processor.h"
#include "bridge/programs/set_gateway/server.h"
#include "setcore/crypto/random.h"

namespace {

using bridge::gateway::Config;
using bridge::gateway::Processor;
using bridge::gateway::Server;

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

int Fail(std::string_view why) {
  std::fputs(fmt::format("set-gateway: {}\n", why).c_str(), stderr);
  return kFailed;
}

// One line per write, so that lines of several threads do not mix.
void Log(std::string_view line) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::fputs(
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z {}\n", utc.tm_year + 1900,
                  utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, ms % 1000, line)
          .c_str(),
      stderr);
}

int Serve(const std::string& path) {
  bridge::gateway::LoadedConfig loaded = bridge::gateway::Load(path, std::time(nullptr));
  for (const bridge::TomlProblem& warning : loaded.warnings) {
    Log("warning: " + bridge::ToText(warning));
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
      Log("diagnostic message not journaled: " + kept.error());
    }
  };
  hooks.log = Log;
  Server server(*config, std::move(hooks), random);
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
  std::signal(SIGPIPE, SIG_IGN);  // whoever read our log may go
  CLI::App app{
      "The reference acquirer payment gateway: SET over TCP (External Interface Guide, "
      "Appendix E) in front of a rule-driven issuer."};
  app.footer(
      "Prints \"listening on HOST:PORT\" when it is ready; logs to stderr; SIGTERM closes "
      "gracefully.");
  std::string path;
  app.add_option("CONFIG.toml", path, "the configuration")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  }
  try {
    return Serve(path);
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}
