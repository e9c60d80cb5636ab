#include "end_to_end/false_gateway.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace market {
namespace {

using setcore::transport::GatewayConnection;
using setcore::transport::GatewayEvent;
using setcore::transport::GatewaySettings;
using setcore::transport::GatewayState;

std::int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

FalseGateway::FalseGateway(std::uint16_t port, Conduct conduct) : conduct_(std::move(conduct)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 8) != 0 || pipe2(stop_, O_CLOEXEC) != 0) {
    throw std::runtime_error("the gateway's port cannot be taken");
  }
  thread_ = std::thread([this] { Serve(); });
}

FalseGateway::~FalseGateway() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listener_);
}

bool FalseGateway::WaitFor(int descriptor) const {
  std::array<pollfd, 2> wait = {{{descriptor, POLLIN, 0}, {stop_[0], POLLIN, 0}}};
  while (poll(wait.data(), wait.size(), -1) < 0) {
  }
  return wait[1].revents == 0;
}

void FalseGateway::Serve() {
  while (WaitFor(listener_)) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    if (conduct_.instead_of_greeting.empty()) {
      Converse(connection);
    } else {
      send(connection, conduct_.instead_of_greeting.data(), conduct_.instead_of_greeting.size(),
           MSG_NOSIGNAL);
    }
    close(connection);
  }
}

void FalseGateway::Converse(int connection) {
  GatewaySettings settings;
  settings.secret = [](std::string_view, std::string_view) { return nullptr; };
  GatewayConnection line(settings);
  line.Accept("127.0.0.1", true, {}, NowMs());
  std::size_t answered = 0;  // octets behind the greeting
  bool greeted = false;
  while (line.state() != GatewayState::kClosed) {
    std::string output = line.TakeOutput();
    if (greeted) output.resize(std::min(output.size(), conduct_.cut_after - answered));
    send(connection, output.data(), output.size(), MSG_NOSIGNAL);
    if (greeted) answered += output.size();
    greeted = true;
    if (answered >= conduct_.cut_after || !WaitFor(connection)) return;
    std::array<std::uint8_t, 4096> buffer;
    const ssize_t got = recv(connection, buffer.data(), buffer.size(), 0);
    if (got <= 0) return;
    line.Received({buffer.data(), static_cast<std::size_t>(got)}, NowMs());
    while (auto event = line.NextEvent()) {
      if (event->kind != GatewayEvent::Kind::kRequest || !conduct_.answer) continue;
      conduct_.answer(line, event->request, event->message, NowMs());
    }
  }
}

}  // namespace market
