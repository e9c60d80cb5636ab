// The sockets of the built set-gateway, seen by peers that do not behave.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <string_view>

#include "setcore/transport/frame.h"
#include "unit/bridge/acquirer/gateway_process.h"
#include "unit/setcore/transport/text.h"

namespace bridge {
namespace {

using setcore::transport::Control;
using setcore::transport::ControlFrame;
using setcore::transport::SetFrame;
using setcore::transport::StatusClass;
using setcore::transport::StatusFrame;

constexpr std::string_view kOpen = "authentication = \"none\"\n";

// A blocking connection to a local port; reads give up after 20 s.
class Peer {
 public:
  explicit Peer(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const timeval patience{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { close(fd_); }

  void Send(std::string_view text) const {
    EXPECT_EQ(send(fd_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  void HalfClose() const { shutdown(fd_, SHUT_WR); }

  // Everything up to and including `end`, or to the end of the stream.
  std::string Until(std::string_view end) {
    std::string out;
    while (!out.ends_with(end)) {
      char c = 0;
      if (recv(fd_, &c, 1, 0) != 1) break;
      out.push_back(c);
    }
    return out;
  }
  std::string Rest() {
    std::string out;
    for (char c = 0; recv(fd_, &c, 1, 0) == 1;) out.push_back(c);
    return out;
  }

 private:
  int fd_;
};

class GatewayServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { files_ = new GatewayFiles(); }
  static void TearDownTestSuite() { delete files_; }
  static GatewayFiles* files_;
};

GatewayFiles* GatewayServerTest::files_ = nullptr;

TEST_F(GatewayServerTest, GreetsWithAFreshChallengeEachTime) {
  GatewayProcess gateway(files_->Configure(0));
  const std::string first = Peer(gateway.port()).Until("\r\n");
  const std::string second = Peer(gateway.port()).Until("\r\n");
  EXPECT_TRUE(first.starts_with("+OK|127.0.0.1:" + std::to_string(gateway.port()) + " is ready|<"))
      << first;
  EXPECT_NE(first, second);
}

TEST_F(GatewayServerTest, AnAddressThatNoMerchantHasIsRefused) {
  const auto greeting = [](std::string_view of_merchant) {
    GatewayProcess gateway(files_->Configure(0, "authentication = \"address\"\n", of_merchant));
    return Peer(gateway.port()).Until("\r\n");
  };
  EXPECT_TRUE(greeting("").starts_with("+OK|"));
  EXPECT_TRUE(greeting("allowed_peers = [\"127.0.0.1\"]\n").starts_with("+OK|"));
  EXPECT_EQ(greeting("allowed_peers = [\"192.0.2.1\"]\n"), "-ERR|Invalid merchant address\r\n");
}

TEST_F(GatewayServerTest, SomethingElseThanAuthenticationEndsItWithoutAWord) {
  GatewayProcess gateway(files_->Configure(0));
  Peer peer(gateway.port());
  peer.Until("\r\n");
  peer.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(peer.Rest(), "");
}

TEST_F(GatewayServerTest, OneAddressGetsSoManyConnectionsAndNoMore) {
  GatewayProcess gateway(
      files_->Configure(0, std::string(kOpen) + "max_connections_per_peer = 2\n"));
  Peer first(gateway.port());
  EXPECT_NE(first.Until("\r\n"), "");
  {
    Peer second(gateway.port());
    EXPECT_NE(second.Until("\r\n"), "");
    EXPECT_EQ(Peer(gateway.port()).Rest(), "");
    second.Send(ControlFrame(Control::kClose, "c", ""));
    second.Rest();
  }
  while (Peer(gateway.port()).Until("\r\n").empty()) {
  }
}

TEST_F(GatewayServerTest, AFloodOfMessagesIsToldToRetry) {
  GatewayProcess gateway(files_->Configure(0, std::string(kOpen) + "messages_per_second = 1\n"));
  Peer peer(gateway.port());
  peer.Until("\r\n");
  std::string flood;
  for (int i = 0; i < 5; ++i) flood += SetFrame("t" + std::to_string(i), "x");
  peer.Send(flood);
  EXPECT_NE(peer.Until(StatusFrame(StatusClass::kRetry, 1, "t4", "Busy"))
                .find(StatusFrame(StatusClass::kRetry, 1, "t2", "Busy")),
            std::string::npos);
}

TEST_F(GatewayServerTest, AMessageThatIsTooBigIsRefusedAndTheConnectionLives) {
  GatewayProcess gateway(files_->Configure(0, std::string(kOpen) + "max_message_bytes = 4096\n"));
  Peer peer(gateway.port());
  peer.Until("\r\n");
  peer.Send(SetFrame("big", std::string(4097, 'x')) + ControlFrame(Control::kEcho, "e", "alive"));
  EXPECT_EQ(peer.Until("alive"), StatusFrame(StatusClass::kFailed, 0, "big", "Messages too big") +
                                     ControlFrame(Control::kEchoReply, "e", "alive"));
}

TEST_F(GatewayServerTest, SigtermAsksEveryMerchantToCloseAndEndsWhenTheyHave) {
  GatewayProcess gateway(files_->Configure(0, kOpen));
  Peer peer(gateway.port());
  peer.Until("\r\n");
  gateway.Signal(SIGTERM);
  const std::string close =
      ControlFrame(Control::kClose, "close", "equipment going out of service");
  EXPECT_EQ(peer.Until("service"), close);
  peer.Send(SetFrame("late", "x"));
  EXPECT_EQ(peer.Until("is closing"),
            StatusFrame(StatusClass::kClosing, 0, "late", "Connection is closing"));
  peer.Send(ControlFrame(Control::kCloseReply, "close", "equipment going out of service"));
  EXPECT_EQ(peer.Rest(), "");
  EXPECT_EQ(gateway.Wait(), 0);
}

TEST_F(GatewayServerTest, ASecondSigtermCutsTheConnections) {
  GatewayProcess gateway(files_->Configure(0, kOpen));
  Peer peer(gateway.port());
  peer.Until("\r\n");
  gateway.Signal(SIGTERM);
  peer.Until("service");
  gateway.Signal(SIGTERM);
  EXPECT_EQ(peer.Rest(), "");
  EXPECT_EQ(gateway.Wait(), 0);
}

TEST_F(GatewayServerTest, SighupIsALineInTheLogAndNotTheEnd) {
  GatewayProcess gateway(files_->Configure(0, kOpen));
  Peer peer(gateway.port());
  peer.Until("\r\n");
  gateway.Signal(SIGHUP);
  while (gateway.Log().find("SIGHUP") == std::string::npos) {
  }
  peer.Send(ControlFrame(Control::kEcho, "e", "alive"));
  EXPECT_EQ(peer.Until("alive"), ControlFrame(Control::kEchoReply, "e", "alive"));
}

TEST_F(GatewayServerTest, TheDiagnosticPortNeverSaysAnything) {
  GatewayProcess gateway(files_->Configure(0, kOpen));
  for (const std::string& octets :
       {SetFrame("1", "x") + SetFrame("2", "y"), std::string("+OK|x|\r\n"),
        ControlFrame(Control::kEcho, "e", "x"), std::string("Content-Length: x\r\n\r\n")}) {
    Peer peer(gateway.diagnostic_port());
    peer.Send(octets);
    peer.HalfClose();
    EXPECT_EQ(peer.Rest(), "");
  }
  EXPECT_EQ(gateway.End(SIGTERM), 0);
}

}  // namespace
}  // namespace bridge
