// What the built set-gateway says on its ports and in its log, and what signals make it do.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

#include "load/till.h"
#include "setcore/messages/codes.h"
#include "setcore/transport/frame.h"
#include "setcore/transport/line.h"
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
  peer.HalfClose();
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
  peer.HalfClose();
  EXPECT_EQ(gateway.Wait(), 0);
}

// A response frame is a SET message; gives its body.
setcore::Octets BodyOf(const std::string& octets) {
  setcore::transport::FrameReader frames;
  const auto all = setcore::transport::ToOctets(octets);
  setcore::OctetView in = all;
  EXPECT_EQ(frames.Feed(in), setcore::transport::FrameReader::Outcome::kFrame) << octets;
  return frames.frame().body;
}

void SendSet(const Peer& peer, std::string_view tag, const setcore::Octets& message) {
  peer.Send(SetFrame(tag, setcore::transport::ToText(message)));
}

// The whole of one frame that begins in `peer`.
std::string NextFrame(const Peer& peer) {
  const std::string head = peer.Until("\r\n\r\n");
  const std::string_view key = "Content-Length: ";
  const std::size_t at = head.find(key);
  if (at == std::string::npos) return head;
  return head + peer.Take(std::stoul(head.substr(at + key.size())));
}

TEST_F(GatewayServerTest, SighupReadsRulesAndKeysAgainAndABadConfigurationChangesNothing) {
  files_->MakeNextKeys("renewed", std::time(nullptr) - 60);
  GatewayProcess gateway(files_->Configure(0, kOpen));
  const Peer peer(gateway.port());
  peer.Until("\r\n");
  load::Till till(files_->directory());
  const auto code = [&] {
    const load::Sale sale = till.Sell(1000);
    SendSet(peer, "s", sale.authreq);
    return till.AuthCodeOf(sale, BodyOf(NextFrame(peer)));
  };
  EXPECT_EQ(code(), 0);

  files_->Configure(0, kOpen, {}, "[[rule]]\nauth_code = \"perhaps\"\n");
  gateway.Signal(SIGHUP);
  EXPECT_TRUE(gateway.Logs("the new configuration cannot be used, the old one stays"));
  EXPECT_NE(gateway.Log().find("rule.auth_code: \"perhaps\" is not the name"), std::string::npos);
  EXPECT_EQ(code(), 0);

  files_->Configure(0, kOpen, {},
                    "[[rule]]\nauth_code = \"callIssuer\"\n[[brand]]\nbrand_id = \"VISA\"\n"
                    "signing_certificate = \"renewed-gateway-sign.pem\"\n"
                    "signing_key = \"renewed-gateway-sign.key\"\n"
                    "exchange_certificate = \"renewed-gateway-exchange.pem\"\n"
                    "exchange_key = \"renewed-gateway-exchange.key\"\n");
  gateway.Signal(SIGHUP);
  EXPECT_TRUE(gateway.Logs("are read again: 0 CRLs, 2 [[brand]], 2 [[rule]]"));
  // The old key still opens what is sent under it; the answer announces the new one.
  EXPECT_EQ(code(), static_cast<int>(setcore::msg::AuthCode::kCallIssuer));
  load::Till next(files_->directory(), "renewed-gateway-exchange");
  const load::Sale sale = next.Sell(1000);
  SendSet(peer, "n", sale.authreq);
  EXPECT_EQ(next.AuthCodeOf(sale, BodyOf(NextFrame(peer))),
            static_cast<int>(setcore::msg::AuthCode::kCallIssuer));
}

// interfaces.md, 4: delay_ms.
TEST_F(GatewayServerTest, ASlowAnswerIsAnnouncedAfterTwoSecondsAndOutlivesSigterm) {
  GatewayProcess gateway(
      files_->Configure(0, kOpen, {}, "[[rule]]\nauth_code = \"approved\"\ndelay_ms = 2200\n"));
  const Peer peer(gateway.port());
  peer.Until("\r\n");
  load::Till till(files_->directory());
  const load::Sale sale = till.Sell(1000);
  const auto start = std::chrono::steady_clock::now();
  SendSet(peer, "slow", sale.authreq);
  EXPECT_EQ(NextFrame(peer), StatusFrame(StatusClass::kInfo, 0, "slow", "Slow financial network"));
  const std::chrono::duration<double> informed = std::chrono::steady_clock::now() - start;
  EXPECT_GE(informed.count(), 1.99);  // the gateway counts whole milliseconds
  gateway.Signal(SIGTERM);
  EXPECT_EQ(NextFrame(peer),
            ControlFrame(Control::kClose, "close", "equipment going out of service"));
  EXPECT_EQ(till.AuthCodeOf(sale, BodyOf(NextFrame(peer))), 0);
  const std::chrono::duration<double> answered = std::chrono::steady_clock::now() - start;
  EXPECT_GE(answered.count(), 2.2);
  peer.Send(ControlFrame(Control::kCloseReply, "close", ""));
  EXPECT_EQ(peer.Rest(), "");
  peer.HalfClose();
  EXPECT_EQ(gateway.Wait(), 0);
  EXPECT_EQ(gateway.Log().find("answer=0 "), std::string::npos) << gateway.Log();
}

TEST_F(GatewayServerTest, AMerchantThatDoesNotCloseIsLeftAfterT120) {
  GatewayProcess gateway(files_->Configure(0, std::string(kOpen) + "t120_s = 1\n"));
  const Peer peer(gateway.port());
  peer.Until("\r\n");
  gateway.Signal(SIGTERM);
  peer.Until("service");
  EXPECT_EQ(peer.Rest(), "");
  peer.HalfClose();
  EXPECT_EQ(gateway.Wait(), 0);
  EXPECT_NE(gateway.Log().find("down: no Close-Reply in time"), std::string::npos);
}

TEST_F(GatewayServerTest, TheLogHasALineForEachConnectionAndEachMessage) {
  GatewayProcess gateway(files_->Configure(0, kOpen));
  {
    const Peer peer(gateway.port());
    peer.Until("\r\n");
    load::Till till(files_->directory());
    const load::Sale sale = till.Sell(1234);
    SendSet(peer, "shop17.000042", sale.authreq);
    const std::string answer = NextFrame(peer);
    const std::string log = gateway.Log();
    EXPECT_NE(log.find("127.0.0.1#1 connected\n"), std::string::npos) << log;
    std::string rrpid;
    for (const std::uint8_t octet : sale.rrpid) {
      const char* const digits = "0123456789abcdef";
      rrpid += {digits[octet >> 4U], digits[octet & 15U]};
    }
    EXPECT_NE(log.find("127.0.0.1#1 tag=shop17.000042 size=" + std::to_string(sale.authreq.size()) +
                       " rrpid=" + rrpid + " ms="),
              std::string::npos)
        << log;
    EXPECT_NE(log.find(" answer=" + std::to_string(BodyOf(answer).size()) + " xid="),
              std::string::npos)
        << log;
    EXPECT_NE(log.find(" approved\n"), std::string::npos) << log;
  }
  EXPECT_TRUE(gateway.Logs("127.0.0.1#1 down: closed by the peer; ms="));
  EXPECT_NE(gateway.Log().find(" requests=1 answers=1 in="), std::string::npos) << gateway.Log();
}

TEST_F(GatewayServerTest, Sigusr1PrintsTheTableOfConnections) {
  GatewayProcess gateway(files_->Configure(0));
  const Peer waits(gateway.port());
  waits.Until("\r\n");
  const Peer open(gateway.port());
  std::string greeting = open.Until("\r\n");
  greeting.resize(greeting.size() - 2);
  open.Send(setcore::transport::AuthenticationLine(
      "merchant.example.com",
      setcore::transport::AuthenticationResponse(greeting, "merchant.example.com",
                                                 load::SecretOf(files_->shared_secret()).view())));
  EXPECT_EQ(open.Until("\r\n"), "+OK|welcome\r\n");
  gateway.Signal(SIGUSR1);
  EXPECT_TRUE(gateway.Logs("#2 merchant.example.com open age="));
  EXPECT_TRUE(gateway.Logs("#1 - authenticating age="));
  EXPECT_NE(gateway.Log().find(" connections: 2\n"), std::string::npos) << gateway.Log();
  EXPECT_NE(gateway.Log().find(" requests=0 outstanding=0 in="), std::string::npos);
}

TEST_F(GatewayServerTest, ASignalRightAfterTheFirstLineIsObeyed) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(GatewayProcess(files_->Configure(0, kOpen)).End(SIGTERM), 0);
  }
}

TEST_F(GatewayServerTest, StatsPrintsCountersAgainAndAgain) {
  GatewayProcess gateway(files_->Configure(0, kOpen), "--stats=1");
  EXPECT_TRUE(
      gateway.Logs(" stats connections=0 outstanding=0 accepted=0 refused=0 opened=0 requests=0 "));
  const Peer peer(gateway.port());
  peer.Until("\r\n");
  SendSet(peer, "s", {1, 2, 3});
  NextFrame(peer);
  peer.Send(ControlFrame(Control::kEcho, "e", "x"));
  NextFrame(peer);
  EXPECT_TRUE(gateway.Logs(
      " stats connections=1 outstanding=0 accepted=1 refused=0 opened=1 requests=1 answers=1 "
      "statuses=0 controls=1 diagnostics=0 octets_in="));
}

TEST_F(GatewayServerTest, TheMerchantMustComeFromItsAddressAlsoAfterAChallenge) {
  for (const auto& [peers, reply] :
       {std::pair{"allowed_peers = [\"127.0.0.1\"]\n", "+OK|welcome\r\n"},
        {"allowed_peers = [\"192.0.2.1\"]\n", "-ERR|Authentication failed\r\n"}}) {
    // Another merchant may come from anywhere, so that the greeting lets everybody in.
    GatewayProcess gateway(files_->Configure(
        0, "authentication = \"both\"\n", peers,
        "[[merchant]]\ntransport_id = \"other\"\nshared_secret = \"0123456789abcdef\"\n"));
    const Peer peer(gateway.port());
    std::string greeting = peer.Until("\r\n");
    greeting.resize(greeting.size() - 2);
    peer.Send(setcore::transport::AuthenticationLine(
        "merchant.example.com",
        setcore::transport::AuthenticationResponse(
            greeting, "merchant.example.com", load::SecretOf(files_->shared_secret()).view())));
    EXPECT_EQ(peer.Until("\r\n"), reply) << peers;
  }
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
