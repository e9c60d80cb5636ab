// set-bridge decode [FILE] [--json] [--show-secrets]
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bridge/programs/set_bridge/command.h"
#include "bridge/programs/set_bridge/decode/tree.h"
#include "setcore/octets.h"

namespace bridge::programs {
namespace {

// What a message of kMaxMessage octets takes in base64, with room for XML around it.
constexpr std::size_t kMaxInput = 4U << 20U;

// The octets of a file, of standard input for "-"; nothing if they cannot be read.
std::optional<setcore::Octets> ReadInput(const std::string& file) {
  std::FILE* in = file == "-" ? stdin : std::fopen(file.c_str(), "rb");
  if (in == nullptr) return std::nullopt;
  setcore::Octets octets(kMaxInput + 1);
  octets.resize(std::fread(octets.data(), 1, octets.size(), in));
  const bool failed = std::ferror(in) != 0;
  if (in != stdin) std::fclose(in);
  if (failed) return std::nullopt;
  return octets;
}

class DecodeCommand final : public Command {
 public:
  std::string_view name() const override { return "decode"; }
  std::string_view help() const override {
    return "Shows a SET message, a SET Initiation or PackagedContent as a tree.";
  }

  void Declare(Syntax& syntax) override {
    syntax.OptionalPositional(
        "FILE", "DER, base64, Initiation or XML; - or nothing: standard input", file_);
    syntax.Flag("--json", "JSON instead of text", json_);
    syntax.Flag("--show-secrets", "show account numbers and the secrets of cards",
                options_.show_secrets);
  }

  int Run() override {
    const auto input = ReadInput(file_);
    if (!input) return Fail(*this, file_ + ": cannot be read");
    if (input->size() > kMaxInput) {
      return Fail(*this, fmt::format("{}: longer than {} octets", file_, kMaxInput));
    }
    const auto root = decode::Decode(*input, options_);
    if (!root) return Fail(*this, file_ + ": no SET message, Initiation or PackagedContent");
    const std::string shown = json_ ? decode::ToJson(*root) : decode::ToText(*root);
    std::fwrite(shown.data(), 1, shown.size(), stdout);  // main looks whether it could be written
    return kDone;
  }

 private:
  std::string file_ = "-";
  bool json_ = false;
  decode::Options options_;
};

}  // namespace

std::unique_ptr<Command> MakeDecodeCommand() { return std::make_unique<DecodeCommand>(); }

}  // namespace bridge::programs
