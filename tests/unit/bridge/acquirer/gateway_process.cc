#include "unit/bridge/acquirer/gateway_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "bridge/programs/set_bridge/pki_files.h"
#include "setcore/crypto/rsa.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/certificate_maker.h"

namespace bridge {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// A child with its standard streams on `out` and on the file `errors`.
pid_t Spawn(const std::vector<std::string>& arguments, int out, const std::string& errors) {
  std::vector<char*> argv = {const_cast<char*>(SET_GATEWAY)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int log = open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(out, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execv(SET_GATEWAY, argv.data());
    _exit(127);
  }
  close(log);
  if (pid < 0) throw std::runtime_error("fork");
  return pid;
}

int Wait(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) throw std::runtime_error("waitpid");
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::uint16_t PortOf(const std::string& line, std::string_view what) {
  if (!line.starts_with(what)) throw std::runtime_error("unexpected: " + line);
  return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

}  // namespace

GatewayFiles::GatewayFiles() {
  std::string name = (std::filesystem::temp_directory_path() / "gateway.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  directory_ = name + "/pki";
  programs::PkiOptions options;
  options.key_bits = 1024;
  options.now = std::time(nullptr);
  const auto pki = programs::WritePki(directory_, options);
  if (!pki) throw std::runtime_error(pki.error());
  const auto text = programs::GatewayConfiguration(*pki, {"127.0.0.1", 7001, 7002});
  configuration_ = text.view();
  shared_secret_ = pki->shared_secret.view();
}

GatewayFiles::~GatewayFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(std::filesystem::path(directory_).parent_path(), ignored);
}

std::string GatewayFiles::Configure(std::uint16_t port, std::string_view extra,
                                    std::string_view of_merchant, std::string_view sections) const {
  std::string text = configuration_;
  const auto replace = [&text](std::string_view from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  replace(":7001\"", ":" + std::to_string(port) + "\"");
  replace(":7002\"", ":0\"");
  replace("[[merchant]]\n", "[[merchant]]\n" + std::string(of_merchant));
  if (extra.find("authentication") != std::string_view::npos) {
    replace("authentication    = \"challenge\"\n", "");
  }
  const std::string path = directory_ + "/test.toml";
  std::ofstream(path, std::ios::binary) << extra << text << sections;
  return path;
}

void GatewayFiles::MakeNextKeys(const std::string& stem, setcore::Time not_before) const {
  constexpr setcore::Time kYear = 31536000;
  const auto text = [this](const std::string& name) { return ReadFile(directory_ + "/" + name); };
  const auto view = [](const std::string& octets) {
    return setcore::OctetView(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
  };
  const std::string ca_chain = text("visa-pca.pem");
  const std::string ca_key = text("visa-pca.key");
  const auto ca = setcore::pki::CertifiedKey::FromPem(view(ca_chain), view(ca_key));
  if (!ca) throw std::runtime_error(ca.error().detail);
  for (const bool exchange : {false, true}) {
    const auto key = setcore::crypto::RsaPrivateKey::Generate(1024);
    auto profile =
        setcore::pki::GatewayProfile(exchange, "US", "VISA", "Example Acquirer", "400000", false);
    profile.serial = exchange ? 1002 : 1001;
    profile.not_before = not_before;
    profile.not_after = not_before + kYear;
    const auto certificate = setcore::pki::MakeCertificate(profile, key->public_key(),
                                                           {ca->key, ca->certificate().get()});
    if (!certificate) throw std::runtime_error(certificate.error().detail);
    setcore::pki::Chain chain = {*certificate};
    chain.insert(chain.end(), ca->chain.begin(), ca->chain.end());
    const std::string file =
        directory_ + "/" + stem + (exchange ? "-gateway-exchange" : "-gateway-sign");
    std::ofstream(file + ".pem", std::ios::binary) << setcore::pki::WritePem(chain);
    std::ofstream(file + ".key", std::ios::binary) << key->Pem().view();
    for (const char* kind : {".pem", ".key"}) {
      std::filesystem::permissions(file + kind, std::filesystem::perms::owner_read);
    }
  }
}

GatewayProcess::GatewayProcess(const std::string& configuration, const std::string& option)
    : log_(configuration + ".log") {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  std::vector<std::string> arguments = {configuration};
  if (!option.empty()) arguments.insert(arguments.begin(), option);
  pid_ = Spawn(arguments, ends[1], log_);
  close(ends[1]);
  FILE* out = fdopen(ends[0], "r");
  char line[256];
  if (std::fgets(line, sizeof(line), out) == nullptr) {
    std::fclose(out);
    throw std::runtime_error("set-gateway did not start: " + Log());
  }
  port_ = PortOf(line, "listening on ");
  if (std::fgets(line, sizeof(line), out) != nullptr) {
    diagnostic_port_ = PortOf(line, "diagnostics on ");
  }
  std::fclose(out);
}

GatewayProcess::~GatewayProcess() {
  if (pid_ > 0) End(SIGKILL);
}

void GatewayProcess::Signal(int signal) const { kill(pid_, signal); }

int GatewayProcess::Wait() { return bridge::Wait(std::exchange(pid_, -1)); }

int GatewayProcess::End(int signal) {
  Signal(signal);
  return Wait();
}

double GatewayProcess::ResidentKib() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/statm");
  double pages = 0;
  in >> pages >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

std::string GatewayProcess::Log() const { return ReadFile(log_); }

bool GatewayProcess::Logs(std::string_view text) const {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (Log().find(text) == std::string::npos) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

Ended RunGateway(const std::string& argument) {
  const std::string errors =
      (std::filesystem::temp_directory_path() / ("gateway." + std::to_string(getpid()))).string();
  Ended out;
  out.status = Wait(Spawn({argument}, STDOUT_FILENO, errors));
  out.errors = ReadFile(errors);
  std::filesystem::remove(errors);
  return out;
}

std::uint16_t FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* name = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, name, size) != 0 || getsockname(fd, name, &size) != 0) {
    throw std::runtime_error("no free port");
  }
  close(fd);
  return ntohs(address.sin_port);
}

}  // namespace bridge
