// set-bridge: the bridge's command line.  Exit status 0 done, 1 failed, 2 wrong usage.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/programs/set_bridge/command.h"
#include "bridge/programs/standard_streams.h"
#include "bridge/software_id.h"
#include "setcore/crypto/library.h"

namespace bridge::programs {
namespace {

constexpr std::unique_ptr<Command> (*kCommands[])() = {
    MakeDemoCommand,    MakePkiCommand,      MakeProvisionCommand,
    MakeCallCommand,    MakePaymentsCommand, MakeReceiptCommand,
    MakeCaptureCommand, MakeResolveCommand,  MakeDecodeCommand,
};

class CliSyntax final : public Syntax {
 public:
  explicit CliSyntax(CLI::App& app) : app_(app) {}

  void Positional(std::string_view name, std::string_view help, std::string& into) override {
    Add(name, name, help, into)->required();
  }
  void OptionalPositional(std::string_view name, std::string_view help,
                          std::string& into) override {
    Add(name, name, help, into);
  }
  void Option(std::string_view name, std::string_view value, std::string_view help,
              std::string& into) override {
    Add(name, value, help, into);
  }
  void RequiredOption(std::string_view name, std::string_view value, std::string_view help,
                      std::string& into) override {
    Add(name, value, help, into)->required();
  }
  void Options(std::string_view name, std::string_view value, std::string_view help,
               std::vector<std::string>& into) override {
    AddList(name, value, help, into);
  }
  void Choice(std::string_view name, std::string_view help, std::string& into,
              const std::vector<std::string>& choices) override {
    Add(name, Words(choices), help, into)->check(CLI::IsMember(choices).description(""));
  }
  void Choices(std::string_view name, std::string_view help, std::vector<std::string>& into,
               const std::vector<std::string>& choices) override {
    AddList(name, Words(choices), help, into)->check(CLI::IsMember(choices).description(""));
  }
  void Flag(std::string_view name, std::string_view help, bool& into) override {
    app_.add_flag(std::string(name), into, std::string(help));
  }

 private:
  CLI::Option* Add(std::string_view name, std::string_view value, std::string_view help,
                   std::string& into) {
    return app_.add_option(std::string(name), into, std::string(help))
        ->type_name(name == value ? "" : std::string(value));
  }
  CLI::Option* AddList(std::string_view name, std::string_view value, std::string_view help,
                       std::vector<std::string>& into) {
    return app_.add_option(std::string(name), into, std::string(help))
        ->type_name(std::string(value))
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  static std::string Words(const std::vector<std::string>& choices) {
    return fmt::format("{}", fmt::join(choices, "|"));
  }

  CLI::App& app_;
};

bool IsCommand(const std::vector<std::unique_ptr<Command>>& commands, std::string_view name) {
  return std::ranges::any_of(commands, [&](const auto& c) { return c->name() == name; });
}

int WrongUsage(std::string_view why) {
  fmt::print(stderr, "set-bridge: {} (set-bridge --help lists them)\n", why);
  return kWrongUsage;
}

int Main(int argc, char** argv) {
  CLI::App app("SET Bridge: pays by SET for an IOTP application.", "set-bridge");
  app.set_version_flag("--version", std::string("set-bridge ") + kVersion);
  std::vector<std::unique_ptr<Command>> commands;
  for (const auto make : kCommands) commands.push_back(make());
  for (const auto& command : commands) {
    CliSyntax syntax(
        *app.add_subcommand(std::string(command->name()), std::string(command->help())));
    command->Declare(syntax);
  }
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (!first.starts_with('-') && !IsCommand(commands, first)) {
    return WrongUsage(first.empty() ? "name a command" : fmt::format("{}: no such command", first));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  if (const auto ready = setcore::crypto::Prepare(); !ready) {
    fmt::print(stderr, "set-bridge: {}\n", ready.error());
    return kFailed;
  }
  if (app.get_subcommands().empty()) return WrongUsage("name a command");
  const std::string chosen = app.get_subcommands().front()->get_name();
  const auto command =
      std::ranges::find_if(commands, [&](const auto& c) { return c->name() == chosen; });
  return (*command)->Run();
}

}  // namespace
}  // namespace bridge::programs

int main(int argc, char** argv) {
  bridge::programs::HoldStandardStreams();
  try {
    const int status = bridge::programs::Main(argc, argv);
    if (bridge::programs::OutputWritten()) return status;
    std::fputs("set-bridge: the output cannot be written\n", stderr);
    return status == bridge::programs::kDone ? bridge::programs::kFailed : status;
  } catch (const std::exception& error) {
    const std::string why =
        bridge::programs::OutputWritten() ? error.what() : "the output cannot be written";
    std::fputs(("set-bridge: " + why + "\n").c_str(), stderr);
    return bridge::programs::kFailed;
  }
}
