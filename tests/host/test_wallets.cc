#include "host/test_wallets.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace host {
namespace {

std::string Replace(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

constexpr std::string_view kConsumer = R"(
wallet_id = "@ID@"
roles = ["consumer"]
language = "en"

[[trust]]
certificate = "@PKI@/root.pem"

[[instrument]]
id = "visa"
name = "A card"
brand_id = "VISA"
protocol_brand_id = "VISA"
pan = "4000000000000002"
expiry = "203012"
)";

constexpr std::string_view kMerchant = R"(
wallet_id = "@ID@"
roles = ["merchant"]
language = "en"

[[trust]]
certificate = "@PKI@/root.pem"

[organisation]
org_id = "shop.example"
merchant_id = "00012345"

[[brand]]
brand_id = "VISA"
protocol_brand_id = "VISA"
name = "Visa"
logo_url = "https://shop.example/visa.gif"
currencies = ["USD"]
payment_handler_org_id = "pay.example"
)";

std::string Fill(std::string_view profile, std::string_view wallet_id) {
  return Replace(Replace(std::string(profile), "@ID@", wallet_id), "@PKI@",
                 OPB_VECTORS "/set-1024/pki");
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  const char* parent = std::getenv("TMPDIR");
  path_ = std::string(parent == nullptr ? "/tmp" : parent) + "/set-bridge-XXXXXX";
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp " + path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void WriteFile(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

int Run(const std::vector<std::string>& command, std::string* output) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  pid_t child = 0;
  const int failure =
      posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string said;
  char buffer[4096];
  for (ssize_t got = 0; failure == 0 && (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    said.append(buffer, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  if (failure != 0) throw std::runtime_error("cannot start " + command[0]);
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid");
  if (output != nullptr) *output = std::move(said);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string ConsumerProfile(std::string_view wallet_id) { return Fill(kConsumer, wallet_id); }
std::string MerchantProfile(std::string_view wallet_id) { return Fill(kMerchant, wallet_id); }

void Provision(const std::string& directory, std::string_view profile,
               std::string_view passphrase) {
  const std::string profile_path = directory + ".toml";
  WriteFile(profile_path, profile);
  std::vector<std::string> command = {OPB_SET_BRIDGE, "provision", directory, profile_path};
  if (!passphrase.empty()) {
    WriteFile(directory + ".passphrase", passphrase);
    command.insert(command.end(), {"--passphrase-file", directory + ".passphrase"});
  }
  std::string said;
  if (Run(command, &said) != 0) throw std::runtime_error("provision " + directory + ": " + said);
}

}  // namespace host
