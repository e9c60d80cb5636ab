// The link over loopback: against the built set-gateway in its own process, and against a gateway
// in this one that answers when it is told to.
#include "bridge/acquirer/link.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bridge/texts/texts.h"
#include "setcore/transport/diagnostic.h"
#include "setcore/transport/gateway_connection.h"
#include "unit/bridge/acquirer/gateway_process.h"

namespace bridge {
namespace {

using setcore::Octets;

constexpr std::int64_t kLong = 30000;

Octets ToOctets(std::string_view text) { return {text.begin(), text.end()}; }

// An Error of decodingFailure repeats what it is about.
bool Answers(const tl::expected<Octets, TransportFailure>& answer, std::string_view message) {
  return answer && std::search(answer->begin(), answer->end(), message.begin(), message.end()) !=
                       answer->end();
}

std::string Why(const tl::expected<Octets, TransportFailure>& answer) {
  return answer ? "no failure" : Words(answer.error().why, Language::kEnglish);
}

setcore::SecretOctets Secret(const std::string& text) {
  Octets octets;
  for (std::size_t i = 4; i + 1 < text.size(); i += 2) {
    octets.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  }
  return setcore::SecretOctets(octets);
}

class LinkTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { files_ = new GatewayFiles(); }
  static void TearDownTestSuite() { delete files_; }

  static GatewayAddress Address(std::uint16_t port) {
    GatewayAddress address;
    address.name = "acquirer";
    address.host = "127.0.0.1";
    address.port = port;
    address.transport_id = "merchant.example.com";
    address.shared_secret = Secret(files_->shared_secret());
    return address;
  }

  static GatewayFiles* files_;
};

GatewayFiles* LinkTest::files_ = nullptr;

TEST_F(LinkTest, ExchangesOverOneConnectionThatItKeeps) {
  GatewayProcess gateway(files_->Configure(0));
  {
    Link link(Address(gateway.port()), Host());
    EXPECT_TRUE(Answers(link.Exchange(ToOctets("first message"), kLong), "first message"));
    EXPECT_TRUE(Answers(link.Exchange(ToOctets("second message"), kLong), "second message"));
  }
  EXPECT_EQ(gateway.End(SIGTERM), 0);
  const std::string log = gateway.Log();
  EXPECT_NE(log.find("127.0.0.1#1 is merchant.example.com"), std::string::npos) << log;
  EXPECT_EQ(log.find("127.0.0.1#2"), std::string::npos) << log;
  EXPECT_NE(log.find("tag=r.000001 size=13"), std::string::npos) << log;
  EXPECT_NE(log.find("closed by the merchant: wallet closed"), std::string::npos) << log;
}

TEST_F(LinkTest, ResolvesNames) {
  GatewayProcess gateway(files_->Configure(0));
  GatewayAddress address = Address(gateway.port());
  address.host = "localhost";
  Link link(std::move(address), Host());
  const auto answer = link.Exchange(ToOctets("by name"), kLong);
  EXPECT_TRUE(Answers(answer, "by name")) << Why(answer);
}

TEST_F(LinkTest, ManyCallersShareIt) {
  GatewayProcess gateway(files_->Configure(0));
  Link link(Address(gateway.port()), Host());
  std::vector<int> good(8);
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < good.size(); ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 20; ++i) {
        const std::string message =
            "caller " + std::to_string(caller) + " message " + std::to_string(i) + ".";
        good[caller] += Answers(link.Exchange(ToOctets(message), kLong), message) ? 1 : 0;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(good, std::vector<int>(8, 20));
}

TEST_F(LinkTest, AWrongSecretIsAFailureThatSaysSo) {
  GatewayProcess gateway(files_->Configure(0));
  GatewayAddress address = Address(gateway.port());
  address.shared_secret = setcore::SecretOctets(ToOctets("0123456789abcdef"));
  Link link(std::move(address), Host());
  const auto answer = link.Exchange(ToOctets("x"), kLong);
  EXPECT_NE(Why(answer).find("refused us: Authentication failed"), std::string::npos)
      << Why(answer);
}

TEST_F(LinkTest, TheSameOctetsSucceedOnceTheGatewayIsUp) {
  const std::uint16_t port = FreePort();
  Link link(Address(port), Host());
  for (int i = 0; i < 2; ++i) {
    const auto answer = link.Exchange(ToOctets("patience"), kLong);
    EXPECT_EQ(Why(answer), "no connection to acquirer (127.0.0.1:" + std::to_string(port) +
                               "): the attempt to connect failed: Connection refused");
  }
  GatewayProcess gateway(files_->Configure(port));
  EXPECT_TRUE(Answers(link.Exchange(ToOctets("patience"), kLong), "patience"));
}

TEST_F(LinkTest, SurvivesARestartOfTheGateway) {
  const std::uint16_t port = FreePort();
  Link link(Address(port), Host());
  for (const int signal : {SIGTERM, SIGKILL, SIGTERM}) {
    GatewayProcess gateway(files_->Configure(port));
    const auto answer = link.Exchange(ToOctets("again and again"), kLong);
    EXPECT_TRUE(Answers(answer, "again and again")) << Why(answer);
    EXPECT_EQ(gateway.End(signal), signal == SIGTERM ? 0 : 128 + SIGKILL) << gateway.Log();
  }
}

TEST_F(LinkTest, StartsNoThreadBeforeItsFirstUseAndLeavesNone) {
  const auto threads = [] {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
  };
  const auto before = threads();
  GatewayProcess gateway(files_->Configure(0));
  {
    Link link(Address(gateway.port()), Host());
    EXPECT_EQ(threads(), before);
    link.Exchange(ToOctets("x"), kLong);
    EXPECT_EQ(threads(), before + 1);
  }
  EXPECT_EQ(threads(), before);
}

TEST_F(LinkTest, ItsThreadBlocksAllSignalsAndItsDescriptorsCloseOnExec) {
  const auto descriptors = [] {
    std::vector<int> out;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      out.push_back(std::stoi(entry.path().filename()));
    }
    std::erase_if(out, [](int fd) { return fcntl(fd, F_GETFD) < 0; });  // that of the iterator
    return out;
  };
  const auto threads = [] {
    std::vector<std::string> out;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      out.push_back(task.path().string());
    }
    return out;
  };
  GatewayProcess gateway(files_->Configure(0));
  const auto before = descriptors();
  const auto old_threads = threads();
  Link link(Address(gateway.port()), Host());
  link.Exchange(ToOctets("x"), kLong);
  int fresh = 0;
  for (const int fd : descriptors()) {
    const int flags = fcntl(fd, F_GETFD);
    if (flags < 0 || std::ranges::find(before, fd) != before.end()) continue;
    ++fresh;
    EXPECT_NE(flags & FD_CLOEXEC, 0) << fd;
  }
  EXPECT_GE(fresh, 2);
  int quiet = 0;
  for (const std::string& task : threads()) {
    if (std::ranges::find(old_threads, task) != old_threads.end()) continue;
    std::ifstream status(task + "/status");
    for (std::string word; status >> word;) {
      if (word != "SigBlk:") continue;
      status >> word;
      const auto blocked = std::stoull(word, nullptr, 16);
      for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGUSR1, SIGALRM}) {
        EXPECT_NE(blocked & (1ULL << (signal - 1)), 0U) << signal;
      }
      ++quiet;
    }
  }
  EXPECT_EQ(quiet, 1);
}

// A gateway in this process: one connection at a time, answers when told.
class HeldGateway {
 public:
  HeldGateway() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* name = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, name, size), 0);
    EXPECT_EQ(listen(socket_, 8), 0);
    EXPECT_EQ(getsockname(socket_, name, &size), 0);
    port_ = ntohs(address.sin_port);
    settings_.secret = [](std::string_view, std::string_view) { return nullptr; };
    line_ = std::make_unique<setcore::transport::GatewayConnection>(settings_);
  }
  HeldGateway(const HeldGateway&) = delete;
  HeldGateway& operator=(const HeldGateway&) = delete;
  ~HeldGateway() {
    close(connection_);
    close(socket_);
  }

  std::uint16_t port() const { return port_; }

  int AcceptRaw() { return accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC); }

  // Accepts the connection and waits for `count` requests.
  std::vector<setcore::transport::GatewayEvent> Await(std::size_t count) {
    if (connection_ < 0) {
      connection_ = AcceptRaw();
      line_->Accept("127.0.0.1", true, {}, 0);
      Flush();
    }
    std::vector<setcore::transport::GatewayEvent> requests;
    while (requests.size() < count) {
      std::uint8_t buffer[4096];
      const ssize_t n = recv(connection_, buffer, sizeof(buffer), 0);
      if (n <= 0) break;
      line_->Received({buffer, static_cast<std::size_t>(n)}, 0);
      while (auto event = line_->NextEvent()) {
        if (event->kind == setcore::transport::GatewayEvent::Kind::kRequest) {
          requests.push_back(std::move(*event));
        }
      }
      Flush();
    }
    return requests;
  }

  void Respond(const setcore::transport::GatewayEvent& request) {
    Octets answer = ToOctets("answer to ");
    answer.insert(answer.end(), request.message.begin(), request.message.end());
    line_->Respond(request.request, answer, 0);
    Flush();
  }

  void Refuse(const setcore::transport::GatewayEvent& request) {
    line_->Refuse(request.request, setcore::transport::StatusClass::kFailed, 0, "forged", 0);
    Flush();
  }

 private:
  void Flush() {
    const std::string out = line_->TakeOutput();
    send(connection_, out.data(), out.size(), MSG_NOSIGNAL);
  }

  int socket_;
  int connection_ = -1;
  std::uint16_t port_ = 0;
  setcore::transport::GatewaySettings settings_;
  std::unique_ptr<setcore::transport::GatewayConnection> line_;
};

TEST_F(LinkTest, AnExchangeGoesOnAfterATimedOutWaitAndIsPickedUp) {
  HeldGateway gateway;
  Link link(Address(gateway.port()), Host());
  EXPECT_EQ(Why(link.Exchange(ToOctets("slow"), 0)),
            "the request to acquirer (127.0.0.1:" + std::to_string(gateway.port()) +
                ") waits to be sent");
  const auto requests = gateway.Await(1);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(Why(link.Exchange(ToOctets("slow"), 0)),
            "no answer from acquirer (127.0.0.1:" + std::to_string(gateway.port()) + ") yet");
  gateway.Respond(requests[0]);
  EXPECT_TRUE(Answers(link.Exchange(ToOctets("slow"), kLong), "answer to slow"));
}

TEST_F(LinkTest, AnswersInReversedOrderReachTheirCallers) {
  HeldGateway gateway;
  Link link(Address(gateway.port()), Host());
  std::vector<int> good(5);
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < good.size(); ++i) {
    callers.emplace_back([&, i] {
      const std::string message = "message " + std::to_string(i);
      good[i] = Answers(link.Exchange(ToOctets(message), kLong), "answer to " + message) ? 1 : 0;
    });
  }
  auto requests = gateway.Await(good.size());
  std::ranges::reverse(requests);
  for (const auto& request : requests) gateway.Respond(request);
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(good, std::vector<int>(5, 1));
}

TEST_F(LinkTest, AForgedStatusFailedChangesNothing) {
  HeldGateway gateway;
  Link link(Address(gateway.port()), Host());
  std::string why;
  std::thread caller([&] { why = Why(link.Exchange(ToOctets("same"), kLong)); });
  gateway.Refuse(gateway.Await(1).at(0));
  caller.join();
  EXPECT_EQ(why, "acquirer (127.0.0.1:" + std::to_string(gateway.port()) +
                     ") refused the request: forged");
  bool answered = false;
  caller = std::thread(
      [&] { answered = Answers(link.Exchange(ToOctets("same"), kLong), "answer to same"); });
  gateway.Respond(gateway.Await(1).at(0));
  caller.join();
  EXPECT_TRUE(answered);
}

TEST_F(LinkTest, ClosingItFailsWhoeverStillWaitsForNothing) {
  HeldGateway gateway;
  auto link = std::make_unique<Link>(Address(gateway.port()), Host());
  link->Exchange(ToOctets("never answered"), 0);
  ASSERT_EQ(gateway.Await(1).size(), 1U);
  link.reset();  // sends Close and does not wait for ever
}

TEST_F(LinkTest, ADiagnosticMessageIsSentOnceAndNothingComesBack) {
  HeldGateway gateway;
  GatewayAddress address = Address(1);
  address.diagnostic_port = gateway.port();
  Link link(std::move(address), Host());
  link.Diagnose(ToOctets("an Error message"));
  const int fd = gateway.AcceptRaw();
  setcore::transport::DiagnosticReceiver receiver(1024, 30000, 0);
  bool ended = false;
  while (!ended) {
    std::uint8_t buffer[4096];
    const ssize_t n = recv(fd, buffer, sizeof(buffer), 0);
    ended = n <= 0;
    if (n > 0) receiver.Received({buffer, static_cast<std::size_t>(n)});
  }
  close(fd);
  EXPECT_EQ(receiver.TakeMessage(), ToOctets("an Error message"));
}

TEST_F(LinkTest, TheGatewayJournalsADiagnosticMessage) {
  GatewayProcess gateway(files_->Configure(0));
  {
    GatewayAddress address = Address(gateway.port());
    address.diagnostic_port = gateway.diagnostic_port();
    Link link(std::move(address), Host());
    link.Diagnose(ToOctets("an Error message"));
    link.Exchange(ToOctets("so that the link lives on"), kLong);
    while (gateway.Log().find("diagnostic: ") == std::string::npos) std::this_thread::yield();
  }
  EXPECT_NE(gateway.Log().find("diagnostic: 16 octets, SHA-1 "), std::string::npos);
  EXPECT_EQ(gateway.End(SIGTERM), 0);
}

}  // namespace
}  // namespace bridge
