#include "unit/bridge/acquirer/loopback_gateway.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace bridge {

using setcore::transport::GatewayEvent;
using setcore::transport::GatewayState;

LoopbackGateway::LoopbackGateway()
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* name = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_.get(), name, size) != 0 || listen(listener_.get(), 64) != 0 ||
      getsockname(listener_.get(), name, &size) != 0) {
    throw std::runtime_error("no loopback");
  }
  port_ = ntohs(address.sin_port);
  settings_.max_outstanding = 1000;
  settings_.secret = [](std::string_view, std::string_view) { return nullptr; };
  thread_ = std::thread([this] { Run(); });
}

LoopbackGateway::~LoopbackGateway() {
  Change([this] { stopping_ = true; });
  thread_.join();
}

void LoopbackGateway::Change(const std::function<void()>& change) {
  const std::lock_guard lock(mutex_);
  change();
  for (auto& [number, connection] : connections_) Flush(connection);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof(one));
}

void LoopbackGateway::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::vector<pollfd> polled = {{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const auto& [number, connection] : connections_) {
      polled.push_back({connection.ended ? -1 : connection.socket.get(), POLLIN, 0});
    }
    lock.unlock();
    poll(polled.data(), polled.size(), -1);
    lock.lock();
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = read(wake_.get(), &count, sizeof(count));
    for (auto& [number, connection] : connections_) Serve(number, connection);
    FileDescriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket) {
      const int number = static_cast<int>(connections_.size()) + 1;
      Connection& fresh = connections_.try_emplace(number, settings_).first->second;
      fresh.socket = std::move(socket);
      fresh.line.Accept("127.0.0.1", true, {}, 0);
      Flush(fresh);
    }
    changed_.notify_all();
  }
}

void LoopbackGateway::Serve(int number, Connection& connection) {
  while (!connection.ended) {
    std::array<std::uint8_t, 4096> buffer;
    const ssize_t n = recv(connection.socket.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n <= 0) {
      connection.ended = true;
      return;
    }
    connection.received.append(buffer.begin(), buffer.begin() + n);
    connection.line.Received({buffer.data(), static_cast<std::size_t>(n)}, 0);
    while (auto event = connection.line.NextEvent()) {
      if (event->kind != GatewayEvent::Kind::kRequest) continue;
      requests_.push_back({number, event->request, {event->message.begin(), event->message.end()}});
    }
    Flush(connection);
  }
}

void LoopbackGateway::Flush(Connection& connection) {
  const std::string out = connection.line.TakeOutput();
  if (silent_ || connection.ended) return;
  send(connection.socket.get(), out.data(), out.size(), MSG_NOSIGNAL);
  if (connection.line.state() == GatewayState::kClosed) {
    shutdown(connection.socket.get(), SHUT_WR);
  }
}

LoopbackGateway::Request LoopbackGateway::Next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !requests_.empty(); });
  Request request = std::move(requests_.front());
  requests_.pop_front();
  return request;
}

void LoopbackGateway::AwaitOctets(int connection, const std::string& part) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const auto found = connections_.find(connection);
    return found != connections_.end() && found->second.received.find(part) != std::string::npos;
  });
}

void LoopbackGateway::AwaitEnd(int connection) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const auto found = connections_.find(connection);
    return found != connections_.end() && found->second.ended;
  });
}

int LoopbackGateway::connections() {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(connections_.size());
}

void LoopbackGateway::Answer(const Request& request) {
  const std::string text = "answer to " + request.message;
  Change([&] {
    connections_.at(request.connection)
        .line.Respond(request.id, setcore::Octets(text.begin(), text.end()), 0);
  });
}

void LoopbackGateway::Refuse(const Request& request, setcore::transport::StatusClass status_class,
                             std::uint32_t delay_s) {
  Change([&] {
    connections_.at(request.connection).line.Refuse(request.id, status_class, delay_s, "text", 0);
  });
}

void LoopbackGateway::Close(int connection) {
  Change([&] { connections_.at(connection).line.Close("equipment going out of service", 0); });
}

void LoopbackGateway::Cut(int connection) {
  Change([&] {
    Connection& cut = connections_.at(connection);
    cut.ended = true;
    cut.socket = FileDescriptor();
  });
}

void LoopbackGateway::FallSilent() {
  Change([this] { silent_ = true; });
}

}  // namespace bridge
