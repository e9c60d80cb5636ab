#include "bridge/programs/oac/child_gateway.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace bridge::programs {
namespace {

constexpr int kStartWaitMs = 10000;
constexpr int kStopWaitMs = 5000;
constexpr int kPollMs = 20;
constexpr std::string_view kListening = "listening on ";
constexpr std::string_view kDiagnostics = "diagnostics on ";

// The number behind the last colon of a line that begins with `prefix`; 0 if there is none.
std::uint16_t PortIn(std::string_view output, std::string_view prefix) {
  std::size_t at = 0;
  while (at < output.size()) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    const std::string_view line = output.substr(at, end - at);
    const std::size_t colon = line.rfind(':');
    if (end < output.size() && line.starts_with(prefix) && colon != std::string_view::npos) {
      std::uint16_t port = 0;
      std::from_chars(line.data() + colon + 1, line.data() + line.size(), port);
      return port;
    }
    at = end + 1;
  }
  return 0;
}

std::string Contents(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

[[noreturn]] void RunGateway(const std::string& program, const std::string& config, int output,
                             int errors, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  execl(program.c_str(), program.c_str(), config.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

}  // namespace

tl::expected<std::unique_ptr<ChildGateway>, std::string> ChildGateway::Start(
    const std::string& program, const std::string& config, const std::string& log) {
  if (access(program.c_str(), X_OK) != 0) {
    return tl::unexpected(program + ": cannot be run: " + std::strerror(errno));
  }
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0) return tl::unexpected(std::string(std::strerror(errno)));
  const int errors = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t parent = getpid();
  const pid_t pid = errors < 0 ? -1 : fork();
  if (pid == 0) RunGateway(program, config, pipe[1], errors, parent);
  const std::string trouble = pid < 0 ? std::strerror(errno) : "";
  close(pipe[1]);
  if (errors >= 0) close(errors);
  std::unique_ptr<ChildGateway> gateway(new ChildGateway);
  gateway->pid_ = pid;
  gateway->output_ = pipe[0];
  if (pid < 0) return tl::unexpected(log + ": " + trouble);

  std::string said;
  pollfd wait = {pipe[0], POLLIN, 0};
  while (gateway->port_ == 0) {
    if (poll(&wait, 1, kStartWaitMs) <= 0) {
      return tl::unexpected(fmt::format("{}: has not said within {} s that it listens; its log: {}",
                                        program, kStartWaitMs / 1000, log));
    }
    char buffer[512];
    const ssize_t got = read(pipe[0], buffer, sizeof buffer);
    if (got <= 0) {
      std::string words = Contents(log);
      while (words.ends_with('\n')) words.pop_back();
      return tl::unexpected(program + " ended: " + (words.empty() ? "it said nothing" : words));
    }
    said.append(buffer, static_cast<std::size_t>(got));
    gateway->port_ = PortIn(said, kListening);
    gateway->diagnostic_port_ = PortIn(said, kDiagnostics);
  }
  return gateway;
}

ChildGateway::~ChildGateway() {
  if (pid_ > 0) {
    kill(pid_, SIGTERM);
    int waited_ms = 0;
    while (waitpid(pid_, nullptr, WNOHANG) == 0) {
      if (waited_ms == kStopWaitMs) kill(pid_, SIGKILL);
      poll(nullptr, 0, kPollMs);
      waited_ms += kPollMs;
    }
  }
  if (output_ >= 0) close(output_);
}

}  // namespace bridge::programs
