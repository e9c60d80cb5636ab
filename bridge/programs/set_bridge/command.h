// What a subcommand of set-bridge is.  main.cc holds the list of them and the only use of the
// command-line library; a subcommand is one class in one file and one line in that list.
#ifndef BRIDGE_PROGRAMS_SET_BRIDGE_COMMAND_H_
#define BRIDGE_PROGRAMS_SET_BRIDGE_COMMAND_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bridge::programs {

// Exit status of every program (interfaces.md 1).
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;

// Syntax takes what a subcommand understands.  The targets must outlive the parsing; they keep
// their value when the option is not given.  `name` is "WALLET_DIR" for a positional argument,
// "--brand" for an option; `value` names an option's value in the help, "ID".
class Syntax {
 public:
  virtual ~Syntax() = default;
  virtual void Positional(std::string_view name, std::string_view help, std::string& into) = 0;
  virtual void OptionalPositional(std::string_view name, std::string_view help,
                                  std::string& into) = 0;
  virtual void Option(std::string_view name, std::string_view value, std::string_view help,
                      std::string& into) = 0;
  virtual void RequiredOption(std::string_view name, std::string_view value, std::string_view help,
                              std::string& into) = 0;
  // May be given several times.
  virtual void Options(std::string_view name, std::string_view value, std::string_view help,
                       std::vector<std::string>& into) = 0;
  // One of `choices`; anything else is wrong usage.
  virtual void Choice(std::string_view name, std::string_view help, std::string& into,
                      const std::vector<std::string>& choices) = 0;
  // One or more of `choices`, each with its own --name.
  virtual void Choices(std::string_view name, std::string_view help, std::vector<std::string>& into,
                       const std::vector<std::string>& choices) = 0;
  virtual void Flag(std::string_view name, std::string_view help, bool& into) = 0;
};

class Command {
 public:
  virtual ~Command() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view help() const = 0;
  virtual void Declare(Syntax& syntax) = 0;
  // Run does it and gives the exit status; when it is kFailed one line on standard error says why.
  virtual int Run() = 0;
};

// Fail prints "set-bridge NAME: why" on standard error and gives kFailed.
int Fail(const Command& command, std::string_view why);
// Warn prints "set-bridge NAME: warning: what" on standard error.
void Warn(const Command& command, std::string_view what);

std::unique_ptr<Command> MakeCallCommand();
std::unique_ptr<Command> MakeCaptureCommand();
std::unique_ptr<Command> MakeDecodeCommand();
std::unique_ptr<Command> MakeDemoCommand();
std::unique_ptr<Command> MakePaymentsCommand();
std::unique_ptr<Command> MakePkiCommand();
std::unique_ptr<Command> MakeProvisionCommand();
std::unique_ptr<Command> MakeReceiptCommand();
std::unique_ptr<Command> MakeResolveCommand();

}  // namespace bridge::programs

#endif  // BRIDGE_PROGRAMS_SET_BRIDGE_COMMAND_H_
