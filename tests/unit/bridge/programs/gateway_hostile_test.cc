// Peers of the built set-gateway that do not behave.  Each is told what is due or dropped, and the
// next one is served.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>

#include "setcore/transport/frame.h"
#include "unit/bridge/acquirer/gateway_process.h"
#include "unit/bridge/programs/gateway_peer.h"
#include "unit/setcore/transport/text.h"

namespace bridge {
namespace {

using setcore::transport::Control;
using setcore::transport::ControlFrame;
using setcore::transport::SetFrame;
using setcore::transport::StatusClass;
using setcore::transport::StatusFrame;

constexpr std::string_view kOpen = "authentication = \"none\"\n";

class HostilePeer : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { files_ = new GatewayFiles(); }
  static void TearDownTestSuite() { delete files_; }

  static std::string Configure(const std::string& keys) {
    return files_->Configure(0, std::string(kOpen) + keys);
  }
  static void ExpectServes(const GatewayProcess& gateway) {
    const Peer peer(gateway.port());
    peer.Until("\r\n");
    ExpectAlive(peer);
  }
  static void ExpectAlive(const Peer& peer) {
    peer.Send(ControlFrame(Control::kEcho, "e", "alive"));
    EXPECT_EQ(peer.Until("alive"), ControlFrame(Control::kEchoReply, "e", "alive"));
  }

  static GatewayFiles* files_;
};

GatewayFiles* HostilePeer::files_ = nullptr;

constexpr std::string_view kSetType = "Content-Type: application/set-payment\r\n";

TEST_F(HostilePeer, LosesTheConnectionWithItsFraming) {
  struct Row {
    std::string_view what;
    std::string octets;
  };
  std::string many;
  for (int i = 0; i < 65; ++i) many += "X: y\r\n";
  std::string large;
  for (int i = 0; i < 10; ++i) large += "X: " + std::string(900, 'y') + "\r\n";
  const std::string type(kSetType);
  const Row rows[] = {
      {"header line of 1001 octets", "X: " + std::string(998, 'y') + "\r\n\r\n"},
      {"header line without end", std::string(100000, 'y')},
      {"65 headers", many + "\r\n"},
      {"header block above 8 KiB", large + "\r\n"},
      {"no Content-Length", type + "\r\n"},
      {"negative Content-Length", type + "Content-Length: -1\r\n\r\n"},
      {"signed Content-Length", type + "Content-Length: +1\r\n\r\nx"},
      {"hexadecimal Content-Length", type + "Content-Length: 0x10\r\n\r\n"},
      {"Content-Length of 2^64", type + "Content-Length: 18446744073709551616\r\n\r\n"},
      {"Content-Length of 2^64 - 1", type + "Content-Length: 18446744073709551615\r\n\r\n"},
      {"Content-Length of 30 digits",
       type + "Content-Length: " + std::string(30, '9') + "\r\n\r\n"},
      {"two lengths", type + "Content-Length: 5\r\nContent-Length: 1\r\n\r\nabcde"},
  };
  GatewayProcess gateway(Configure(""));
  for (const Row& row : rows) {
    const Peer peer(gateway.port());
    peer.Until("\r\n");
    // Behind it a request that must not be seen.
    peer.TrySend(row.octets + SetFrame("smuggled", "x"));
    const std::string said = peer.Rest();
    EXPECT_TRUE(said.find("control=status;class=failed") != std::string::npos || said.empty())
        << row.what << ": " << said;
    EXPECT_EQ(said.find("smuggled"), std::string::npos) << row.what;
    ExpectServes(gateway);
  }
  EXPECT_EQ(gateway.Log().find("tag=smuggled"), std::string::npos) << gateway.Log();
}

TEST_F(HostilePeer, IsToldWhatWasWrongAndKeepsTheConnection) {
  struct Row {
    std::string_view what;
    std::string octets;
    std::string answer;
  };
  const std::string type(kSetType);
  const Row rows[] = {
      {"tag of 33 characters", SetFrame(std::string(33, 't'), "x"),
       StatusFrame(StatusClass::kFailed, 0, "", "Bad msg-tag")},
      {"other content type", "Content-Type: text/html;msg-tag=\"t\"\r\nContent-Length: 1\r\n\r\nx",
       StatusFrame(StatusClass::kFailed, 0, "t", "Bad content type")},
      {"other encoding",
       "Content-Type: application/set-payment;msg-tag=\"t\"\r\nContent-Transfer-Encoding: "
       "base64\r\nContent-Length: 4\r\n\r\neHh4",
       StatusFrame(StatusClass::kFailed, 0, "t", "Bad content-transfer-encoding")},
      {"message of 4097 octets", SetFrame("t", std::string(4097, 'x')),
       StatusFrame(StatusClass::kFailed, 0, "t", "Messages too big")},
      {"two lines out of place", "+OK|welcome\r\nAuthentication|x|y\r\n", ""},
      {"a Status, which only gateways send",
       StatusFrame(StatusClass::kClosing, 0, "t", "Connection is closing"), ""},
  };
  GatewayProcess gateway(Configure("max_message_bytes = 4096\n"));
  for (const Row& row : rows) {
    const Peer peer(gateway.port());
    peer.Until("\r\n");
    peer.Send(row.octets + ControlFrame(Control::kEcho, "e", "alive"));
    EXPECT_EQ(peer.Until("alive"), row.answer + ControlFrame(Control::kEchoReply, "e", "alive"))
        << row.what;
  }
}

TEST_F(HostilePeer, CannotSmuggleAMessageInsideAnother) {
  GatewayProcess gateway(Configure("max_outstanding = 1\n"));
  const Peer peer(gateway.port());
  peer.Until("\r\n");
  const std::string inner = ControlFrame(Control::kClose, "c", "bye") + SetFrame("inner", "y");
  peer.Send(SetFrame("outer", inner));
  const std::string answer = peer.Until("inner");  // the Error repeats what it is about
  EXPECT_NE(answer.find("msg-tag=\"outer\""), std::string::npos) << answer;
  ExpectServes(gateway);
  EXPECT_EQ(gateway.Log().find("tag=inner"), std::string::npos) << gateway.Log();
  EXPECT_EQ(gateway.Log().find("down:"), gateway.Log().rfind("down:")) << gateway.Log();
}

TEST_F(HostilePeer, IsDroppedWhenItIsSlow) {
  GatewayProcess gateway(Configure("header_timeout_s = 1\nbody_timeout_s = 1\n"));
  const auto open = [&] {
    auto peer = std::make_unique<Peer>(gateway.port());
    peer->Until("\r\n");
    return peer;
  };
  const auto header = open();
  header->Send("Content-Type: application/set-pay");
  const auto body = open();
  body->Send(std::string(kSetType) + "Content-Length: 2\r\n\r\nx");
  const auto drained = open();
  drained->Send(std::string(kSetType) + "Content-Length: 2000000\r\n\r\nx");
  // A peer that asks on and on and reads nothing.
  const auto deaf = open();
  const std::string echo = ControlFrame(Control::kEcho, "e", std::string(100000, 'x'));
  while (deaf->TrySend(echo)) {
  }
  // Octet after octet does not move the deadline.
  const auto loris = open();
  loris->SetPatience({0, 50000});
  const auto start = std::chrono::steady_clock::now();
  while (loris->TrySend("X") && !loris->Gone()) {
  }
  const std::chrono::duration<double> lived = std::chrono::steady_clock::now() - start;
  EXPECT_GE(lived.count(), 0.9);
  EXPECT_EQ(header->Rest(), "");
  EXPECT_EQ(body->Rest(), "");
  EXPECT_EQ(drained->Rest().find("SET"), std::string::npos);
  EXPECT_TRUE(gateway.Logs("#4 down: "));
  const std::string log = gateway.Log();
  EXPECT_NE(log.find("#1 down: header too slow"), std::string::npos) << log;
  EXPECT_NE(log.find("#2 down: body too slow"), std::string::npos) << log;
  EXPECT_NE(log.find("#5 down: header too slow"), std::string::npos) << log;
  ExpectServes(gateway);
}

TEST_F(HostilePeer, IsDroppedWhenItDoesNotAuthenticateInTime) {
  GatewayProcess gateway(files_->Configure(0, "t30_s = 1\n"));
  const Peer peer(gateway.port());
  peer.Until("\r\n");
  peer.Send("Authentication|");
  EXPECT_EQ(peer.Rest(), "");
  EXPECT_NE(gateway.Log().find("#1 down: no Authentication in time"), std::string::npos);
}

TEST_F(HostilePeer, SomethingElseThanAuthenticationEndsItWithoutAWord) {
  GatewayProcess gateway(files_->Configure(0));
  for (const std::string& octets :
       {std::string("GET / HTTP/1.0\r\n\r\n"), SetFrame("t", "x"), std::string(2000, 'x'),
        std::string("Authentication||zJ1k9E44A4s6t7qcA0L3CCsgN5w=\r\nx\r\n")}) {
    const Peer peer(gateway.port());
    peer.Until("\r\n");
    peer.Send(octets);
    const std::string said = peer.Rest();
    EXPECT_TRUE(said.empty() || said == "-ERR|Authentication failed\r\n") << said;
  }
}

TEST_F(HostilePeer, OneAddressGetsSoManyConnectionsAndNoMore) {
  GatewayProcess gateway(Configure("max_connections_per_peer = 2\n"));
  const Peer first(gateway.port());
  EXPECT_NE(first.Until("\r\n"), "");
  {
    const Peer second(gateway.port());
    EXPECT_NE(second.Until("\r\n"), "");
    EXPECT_EQ(Peer(gateway.port()).Rest(), "");
    EXPECT_EQ(Peer(gateway.diagnostic_port()).Rest(), "") << "both ports count";
    second.Send(ControlFrame(Control::kClose, "c", ""));
    second.Rest();
  }
  while (Peer(gateway.port()).Until("\r\n").empty()) {
  }
  EXPECT_NE(gateway.Log().find("127.0.0.1 refused: too many connections\n"), std::string::npos);
}

TEST_F(HostilePeer, AllTogetherGetSoManyConnectionsAndNoMore) {
  GatewayProcess gateway(Configure("max_connections = 1\n"));
  const Peer first(gateway.port());
  EXPECT_NE(first.Until("\r\n"), "");
  EXPECT_EQ(Peer(gateway.port()).Rest(), "");
}

TEST_F(HostilePeer, CannotConnectOnAndOn) {
  GatewayProcess gateway(Configure("messages_per_second = 3\n"));
  int greeted = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    const Peer peer(gateway.port());
    if (!peer.Until("\r\n").empty()) ++greeted;
  }
  EXPECT_GE(greeted, 3);
  EXPECT_LT(greeted, 20);
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - start;
  const std::string log = gateway.Log();
  int lines = 0;
  for (std::size_t at = 0; (at = log.find("refused: ", at)) != std::string::npos; ++at) ++lines;
  EXPECT_GE(lines, 1) << log;
  EXPECT_LE(lines, 1 + lasted.count()) << "one line a second: " << log;
}

TEST_F(HostilePeer, AFloodOfRequestsIsToldToRetry) {
  GatewayProcess gateway(Configure("messages_per_second = 1\n"));
  const Peer peer(gateway.port());
  peer.Until("\r\n");
  std::string flood;
  for (int i = 0; i < 5; ++i) flood += SetFrame("t" + std::to_string(i), "x");
  peer.Send(flood);
  EXPECT_NE(peer.Until(StatusFrame(StatusClass::kRetry, 1, "t4", "Busy"))
                .find(StatusFrame(StatusClass::kRetry, 1, "t2", "Busy")),
            std::string::npos);
}

TEST_F(HostilePeer, AFloodOfEchoesIsSlowedDown) {
  GatewayProcess gateway(Configure("messages_per_second = 10\n"));
  const Peer peer(gateway.port());
  peer.Until("\r\n");
  std::string flood;
  for (int i = 0; i < 18; ++i) flood += ControlFrame(Control::kEcho, "e", "x");
  const auto start = std::chrono::steady_clock::now();
  peer.Send(flood);
  for (int i = 0; i < 18; ++i) peer.Until("\r\n\r\nx");
  ExpectAlive(peer);
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - start;
  EXPECT_GE(lasted.count(), 0.7);
}

TEST_F(HostilePeer, AHalfClosedPeerGetsWhatWasWrittenForItAndNoMore) {
  GatewayProcess gateway(Configure(""));
  {
    const Peer peer(gateway.port());
    peer.Until("\r\n");
    peer.Send(ControlFrame(Control::kEcho, "e", "alive"));
    peer.HalfClose();
    EXPECT_EQ(peer.Rest(), ControlFrame(Control::kEchoReply, "e", "alive"));
  }
  {
    const Peer peer(gateway.port());
    peer.Until("\r\n");
    peer.Send(std::string(kSetType) + "Content-Length: 100\r\n\r\nhalf");
    peer.HalfClose();
    EXPECT_EQ(peer.Rest(), "");
  }
  ExpectServes(gateway);
}

TEST_F(HostilePeer, DoesNotKeepTheGatewayFromEnding) {
  GatewayProcess gateway(Configure("t120_s = 1\nt30_s = 1\n"));
  const Peer half(gateway.port());
  half.Until("\r\n");
  half.Send(std::string(kSetType) + "Content-Length: 100\r\n\r\nhalf");
  const Peer deaf(gateway.port());
  deaf.Until("\r\n");
  const std::string echo = ControlFrame(Control::kEcho, "e", std::string(100000, 'x'));
  while (deaf.TrySend(echo)) {
  }
  const Peer diagnostic(gateway.diagnostic_port());
  diagnostic.Send("Content-Type: ");
  EXPECT_EQ(gateway.End(SIGTERM), 0);
}

}  // namespace
}  // namespace bridge
