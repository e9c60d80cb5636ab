// Wallet profiles and the gateway's configuration; the first octet chooses.  They stand in a
// directory with the certificates and keys of the vectors.  Whatever is refused is refused with a
// problem that can be shown.
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "bridge/programs/set_gateway/config.h"
#include "bridge/toml_file.h"
#include "bridge/wallet/profile.h"
#include "fuzz/target.h"
#include "fuzz/temporary_directory.h"
#include "unit/setcore/vector_pki.h"

namespace {

using fuzz::Require;

// Ends with the process, after the target.
struct World {
  World() {
    for (const auto& entry : std::filesystem::directory_iterator(OPB_VECTORS "/set-1024/pki")) {
      const auto copy = std::filesystem::path(directory.path()) / entry.path().filename();
      std::filesystem::copy_file(entry.path(), copy);
      std::filesystem::permissions(copy, std::filesystem::perms::owner_read);
    }
  }
  fuzz::TemporaryDirectory directory;
};

void CheckProblems(const std::vector<bridge::TomlProblem>& problems, std::string_view file) {
  for (const bridge::TomlProblem& problem : problems) {
    Require(!problem.text.empty(), "a problem has a text");
    const std::string line = bridge::ToText(problem);
    Require(line.find(file) != std::string::npos, "a problem names the file");
    Require(line.find('\n') == std::string::npos, "a problem is one line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  fuzz::Input input(data, size);
  const bool gateway = (input.Octet() & 1) != 0;
  const std::string_view text = fuzz::Text(input.rest());
  const std::string path = world.directory.path() + "/file.toml";
  if (!gateway) {
    const auto profile = bridge::ParseProfile(text, path);
    if (profile) {
      CheckProblems(profile->warnings, "file.toml");
      Require(!profile->config.wallet_id.empty(), "a wallet has an id");
    } else {
      Require(!profile.error().empty(), "a refused profile has a problem");
      CheckProblems(profile.error(), "file.toml");
    }
    return 0;
  }
  std::ofstream(path, std::ios::binary) << text;
  const bridge::gateway::LoadedConfig loaded = bridge::gateway::Load(path, vectors::kNow);
  Require(loaded.config.has_value() == loaded.problems.empty(), "a configuration or a problem");
  CheckProblems(loaded.problems, "file.toml");
  CheckProblems(loaded.warnings, "file.toml");
  return 0;
}
