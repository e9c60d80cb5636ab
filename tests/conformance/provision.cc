#include "provision.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "pki.h"
#include "process.h"

namespace conform {
namespace {

constexpr std::string_view kPortsFile = "gateway-ports";
constexpr std::string_view kPassphraseFile = "passphrase";
constexpr auto kProvisionDeadline = std::chrono::seconds(60);

void WriteFile(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Replace(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

bool HasGateway(const WalletKind& kind) { return (kind.roles & OPB_ROLE_PAYMENT_HANDLER) != 0; }

// Calls `work` with kind, slot, and the path of the profile.
template <typename Work>
void ForEachWallet(const Kit& kit, const Work& work) {
  for (const WalletKind& kind : kKinds) {
    const unsigned slots = HasGateway(kind) ? static_cast<unsigned>(kit.gateway_ports.size()) : 1;
    for (unsigned slot = 0; slot < slots; ++slot) {
      work(kind, slot, kit.pki() / (kit.wallet(kind, slot).filename().string() + ".toml"));
    }
  }
}

std::string HowEnded(int wait_status) {
  return WIFEXITED(wait_status) ? fmt::format("exit status {}", WEXITSTATUS(wait_status))
                                : fmt::format("ended by signal {}", WTERMSIG(wait_status));
}

}  // namespace

Ports::Ports(unsigned count) {
  for (unsigned i = 0; i < count; ++i) Bind(0);
}

Ports::Ports(const std::vector<std::uint16_t>& ports) {
  for (const std::uint16_t port : ports) Bind(port);
}

Ports::~Ports() {
  for (const int socket : sockets_) close(socket);
}

void Ports::Bind(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
      bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    if (fd >= 0) close(fd);
    throw std::runtime_error(fmt::format("port {} of 127.0.0.1 is not free", port));
  }
  sockets_.push_back(fd);
  numbers_.push_back(ntohs(address.sin_port));
}

Kit WriteKit(const std::filesystem::path& directory, const std::vector<std::uint16_t>& ports) {
  const Kit kit = {directory, ports};
  std::filesystem::create_directories(kit.pki());
  WritePki(kit.pki());
  ForEachWallet(kit, [&](const WalletKind& kind, unsigned slot, const auto& profile) {
    WriteFile(profile, Profile(kind, ports[slot]));
  });
  WriteFile(directory / kPassphraseFile, fmt::format("{}\n", kPassphrase));
  WriteFile(directory / kPortsFile, fmt::format("{}\n", fmt::join(ports, " ")));
  return kit;
}

void ProvisionKit(const Kit& kit, const std::string& command) {
  ForEachWallet(kit, [&](const WalletKind& kind, unsigned slot, const auto& profile) {
    const std::filesystem::path wallet = kit.wallet(kind, slot);
    std::string line = Replace(Replace(command, "{dir}", fmt::format("'{}'", wallet.string())),
                               "{profile}", fmt::format("'{}'", profile.string()));
    if (kind.passphrase) {
      line += fmt::format(" --passphrase-file '{}'", (kit.directory / kPassphraseFile).string());
    }
    const std::filesystem::path output = kit.directory / "provision.log";
    const Finished finished = Run({"/bin/sh", "-c", line}, output, kProvisionDeadline);
    if (!finished.in_time || finished.wait_status != 0) {
      const std::string end = finished.in_time ? HowEnded(finished.wait_status) : "did not end";
      throw std::runtime_error(fmt::format("--provision: {}: {}: {}", line, end, ReadFile(output)));
    }
  });
}

Kit ReadKit(const std::filesystem::path& directory) {
  Kit kit;
  kit.directory = std::filesystem::absolute(directory);
  std::istringstream ports(ReadFile(directory / kPortsFile));
  for (std::uint16_t port = 0; ports >> port;) kit.gateway_ports.push_back(port);
  if (kit.gateway_ports.empty()) {
    throw std::runtime_error(directory.string() + " holds no kit: see --write-kit");
  }
  return kit;
}

bool HoldsWallet(const Kit& kit) {
  bool any = false;
  ForEachWallet(kit, [&](const WalletKind& kind, unsigned slot, const auto&) {
    any = any || std::filesystem::exists(kit.wallet(kind, slot));
  });
  return any;
}

}  // namespace conform
