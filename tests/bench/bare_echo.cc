#include "bench/bare_echo.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

using asio::ip::tcp;

constexpr std::size_t kBuffer = 1024;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : socket_(std::move(socket)) {}

  void Read() {
    socket_.async_read_some(
        asio::buffer(buffer_),
        [self = shared_from_this()](const std::error_code& error, std::size_t size) {
          if (!error) self->Write(size);
        });
  }

 private:
  void Write(std::size_t size) {
    asio::async_write(socket_, asio::buffer(buffer_.data(), size),
                      [self = shared_from_this()](const std::error_code& error, std::size_t) {
                        if (!error) self->Read();
                      });
  }

  tcp::socket socket_;
  std::array<char, kBuffer> buffer_{};
};

void Accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](const std::error_code& error, tcp::socket socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true));
      std::make_shared<Session>(std::move(socket))->Read();
    }
    Accept(acceptor);
  });
}

}  // namespace

BareEcho::BareEcho() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  pid_ = fork();
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl(OPB_BENCH, OPB_BENCH, "--echo", static_cast<char*>(nullptr));
    _exit(127);
  }
  close(ends[1]);
  std::array<char, 16> line{};
  const ssize_t size = pid_ > 0 ? read(ends[0], line.data(), line.size() - 1) : -1;
  close(ends[0]);
  if (size <= 0) throw std::runtime_error("the echo server did not start");
  port_ = static_cast<std::uint16_t>(std::atoi(line.data()));
}

BareEcho::~BareEcho() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void EchoChild() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  asio::io_context io(1);
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::printf("%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  Accept(acceptor);
  io.run();
}

}  // namespace bench
