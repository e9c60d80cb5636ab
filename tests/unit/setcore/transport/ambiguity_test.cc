// The twenty ambiguities of Appendix E and how they are resolved: tcp-transport.md, 11, one test
// for each.
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "setcore/transport/gateway_connection.h"
#include "setcore/transport/merchant_connection.h"
#include "unit/setcore/transport/text.h"

namespace setcore::transport {
namespace {

constexpr std::string_view kNoisyGreeting =
    "+OK |payment.gateway.com is ready.| < 3141 12:34:56 01/23/45 ppayment.gateway.com>";

// Both sides with settings of their own, each to be driven alone or against the other.
class Ambiguity : public ::testing::Test {
 protected:
  Ambiguity() {
    merchant_settings_.transport_id = "merchant.example.com";
    merchant_settings_.shared_secret = SecretOctets(ToOctets("tanstaaf"));
    gateway_settings_.secret = [this](std::string_view, std::string_view) { return &secret_; };
  }

  void OpenMerchant() {
    merchant_.Connected(now_);
    ToMerchant("+OK|ready|\r\n");
    TakeMerchantEvents();
    ASSERT_EQ(merchant_.state(), MerchantState::kOpen);
  }
  void OpenGateway() {
    gateway_.Accept("192.0.2.1", true, {}, now_);
    gateway_.TakeOutput();
    TakeGatewayEvents();
    ASSERT_EQ(gateway_.state(), GatewayState::kOpen);
  }
  void ToMerchant(std::string_view text) { merchant_.Received(ToOctets(text), now_); }
  void ToGateway(std::string_view text) { gateway_.Received(ToOctets(text), now_); }
  void Submit(RequestId id) { merchant_.Submit(id, ToOctets("request"), now_); }
  std::vector<MerchantEvent> TakeMerchantEvents() {
    std::vector<MerchantEvent> out;
    while (auto event = merchant_.NextEvent()) out.push_back(std::move(*event));
    return out;
  }
  std::vector<GatewayEvent> TakeGatewayEvents() {
    std::vector<GatewayEvent> out;
    while (auto event = gateway_.NextEvent()) out.push_back(std::move(*event));
    return out;
  }

  SecretOctets secret_{ToOctets("tanstaaf")};
  MerchantSettings merchant_settings_;
  GatewaySettings gateway_settings_;
  std::int64_t now_ = 1000;
  MerchantConnection merchant_{merchant_settings_};
  GatewayConnection gateway_{gateway_settings_};
};

TEST_F(Ambiguity, A01StraySpacesInTheGreetingAreToleratedAndStayInTheMac) {
  merchant_.Connected(now_);
  ToMerchant(std::string(kNoisyGreeting) + "\r\n");
  EXPECT_EQ(merchant_.TakeOutput(),
            "Authentication|merchant.example.com|uRin2CeU04uKv+701t7Pzu7+OLg=\r\n");
  EXPECT_EQ(GreetingOk("ready", "<1@gw>"), "+OK|ready|<1@gw>\r\n");
}

TEST_F(Ambiguity, A02T120Is120SecondsUnlessAgreedOtherwiseAndRunsInTheGatewaysClosing) {
  EXPECT_EQ(GatewaySettings().t120_ms, 120000);
  gateway_settings_.t120_ms = 7000;
  OpenGateway();
  EXPECT_FALSE(gateway_.deadline());
  gateway_.Close("bye", now_);
  EXPECT_EQ(gateway_.deadline(), now_ + 7000);
}

TEST_F(Ambiguity, A03LineEndsBehindABodyAreSkippedAndNeverSent) {
  OpenGateway();
  for (const std::string_view end : {"\r\n", "\n", "\r\n\r\n\r\n", "\r"}) {
    ToGateway(ControlFrame(Control::kEcho, "e", "x") + std::string(end));
    EXPECT_EQ(gateway_.TakeOutput(), ControlFrame(Control::kEchoReply, "e", "x"));
  }
  EXPECT_TRUE(SetFrame("1", "body").ends_with("\r\n\r\nbody"));
}

TEST_F(Ambiguity, A04ControlHeadersMayBeFoldedAndAreSentUnfolded) {
  OpenMerchant();
  Submit(1);
  EXPECT_EQ(merchant_.TakeOutput().find("\r\n "), std::string::npos);
  ToMerchant(
      "MIME-version: 1.0\r\n"
      "Content-type: text/set-transport;control=status;\r\n"
      "  class=retry;delay=5;msg-tag=\"r.000001\"\r\n"
      "Content-length: 29\r\n"
      "Content-transfer-encoding: 7bit\r\n\r\n"
      "Too many outstanding requests");
  const auto events = TakeMerchantEvents();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].status_class, StatusClass::kRetry);
  EXPECT_EQ(events[0].delay_s, 5U);
  EXPECT_EQ(StatusFrame(StatusClass::kRetry, 5, "t", "Busy").find("\r\n "), std::string::npos);
}

TEST_F(Ambiguity, A05RequestsBehindACloseAreNotProcessed) {
  OpenGateway();
  ToGateway(ControlFrame(Control::kClose, "c", "idle-connection") + SetFrame("1", "x"));
  EXPECT_EQ(gateway_.TakeOutput(), ControlFrame(Control::kCloseReply, "c", "idle-connection"));
  for (const GatewayEvent& event : TakeGatewayEvents()) {
    EXPECT_NE(event.kind, GatewayEvent::Kind::kRequest);
  }
  GatewayConnection closes(gateway_settings_);
  closes.Accept("192.0.2.1", true, {}, now_);
  closes.TakeOutput();
  closes.Close("bye", now_);
  closes.TakeOutput();
  closes.Received(ToOctets(SetFrame("1", "x")), now_);
  EXPECT_EQ(closes.TakeOutput(),
            StatusFrame(StatusClass::kClosing, 0, "1", "Connection is closing"));
  while (auto event = closes.NextEvent()) EXPECT_NE(event->kind, GatewayEvent::Kind::kRequest);
}

TEST_F(Ambiguity, A06AStatusForARequestWithoutTagHasAnEmptyOneAndMeansTheOldestUntagged) {
  OpenGateway();
  ToGateway("Content-Type: text/html\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(gateway_.TakeOutput(), StatusFrame(StatusClass::kFailed, 0, "", "Bad content type"));
  OpenMerchant();
  Submit(1);
  merchant_settings_.tag_requests = false;
  Submit(2);
  Submit(3);
  ToMerchant(StatusFrame(StatusClass::kFailed, 0, "", "Service unavailable"));
  EXPECT_EQ(TakeMerchantEvents().at(0).request, 2U);
}

TEST_F(Ambiguity, A07TagsAreEchoedAsTheyAreAndMatchedExactBeforeFolded) {
  OpenGateway();
  ToGateway("Content-Type: application/set-payment;msg-tag=MiXed\r\nContent-Length: 0\r\n\r\n");
  gateway_.Respond(TakeGatewayEvents().at(0).request, {}, now_);
  EXPECT_NE(gateway_.TakeOutput().find(";msg-tag=MiXed\r\n"), std::string::npos);
  OpenMerchant();
  merchant_settings_.tag_prefix = "A";
  Submit(1);
  merchant_settings_.tag_prefix = "a";
  Submit(2);
  ToMerchant(SetFrame("a.000002", "x") + SetFrame("a.000001", "x"));
  const auto events = TakeMerchantEvents();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].request, 2U);
  EXPECT_EQ(events[1].request, 1U);
}

TEST_F(Ambiguity, A08ClosingBeginsWithACloseSentOrReceived) {
  OpenMerchant();
  Submit(1);
  ToMerchant(ControlFrame(Control::kClose, "g", "bye"));
  EXPECT_EQ(merchant_.state(), MerchantState::kClosingPeer);
  MerchantConnection closes(merchant_settings_);
  closes.Connected(now_);
  closes.Received(ToOctets("+OK||\r\n"), now_);
  closes.Close("bye", now_);
  EXPECT_EQ(closes.state(), MerchantState::kClosingOwn);
  OpenGateway();
  gateway_.Close("bye", now_);
  EXPECT_EQ(gateway_.state(), GatewayState::kClosing);
}

TEST_F(Ambiguity, A09AGatewayIgnoresAStatus) {
  OpenGateway();
  ToGateway(SetFrame("1", "x"));
  TakeGatewayEvents();
  ToGateway(StatusFrame(StatusClass::kFailed, 0, "1", "no"));
  EXPECT_FALSE(gateway_.has_output());
  EXPECT_EQ(gateway_.outstanding(), 1U);
  EXPECT_EQ(TakeGatewayEvents().at(0).kind, GatewayEvent::Kind::kNote);
}

TEST_F(Ambiguity, A10InAuthenticatingOnlyTheAuthenticationIsSentAndTaken) {
  merchant_.Connected(now_);
  merchant_.Echo(now_);
  EXPECT_FALSE(merchant_.has_output());
  ToMerchant("+OK||<1.2@gw>\r\n");
  merchant_.TakeOutput();
  merchant_.Echo(now_);
  merchant_.Close("bye", now_);
  EXPECT_FALSE(merchant_.CanSubmit());
  EXPECT_FALSE(merchant_.has_output());
  gateway_.Accept("192.0.2.1", true, "<1.2@gw>", now_);
  gateway_.TakeOutput();
  ToGateway(ControlFrame(Control::kEcho, "e", "x"));
  EXPECT_EQ(gateway_.state(), GatewayState::kClosed);
  EXPECT_FALSE(gateway_.has_output());
}

TEST_F(Ambiguity, A11FailedIsFailedWhateverItsTextAndClosingIsNeverSentAsFailed) {
  OpenMerchant();
  Submit(1);
  ToMerchant(StatusFrame(StatusClass::kFailed, 0, "r.000001", "Connection closing"));
  EXPECT_EQ(TakeMerchantEvents().at(0).status_class, StatusClass::kFailed);
  OpenGateway();
  gateway_.Close("bye", now_);
  gateway_.TakeOutput();
  ToGateway(SetFrame("1", "x"));
  EXPECT_NE(gateway_.TakeOutput().find("class=closing"), std::string::npos);
}

TEST_F(Ambiguity, A12EveryPaymentMessageIsSetPaymentAndRegistrationIsNot) {
  OpenMerchant();
  Submit(1);
  EXPECT_NE(merchant_.TakeOutput().find("Content-Type: application/set-payment;"),
            std::string::npos);
  OpenGateway();
  ToGateway("Content-Type: application/set-registration\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(gateway_.TakeOutput(), StatusFrame(StatusClass::kFailed, 0, "", "Bad content type"));
}

// RFC 2104 with SHA-1; a key above 64 octets is replaced by its digest.
TEST_F(Ambiguity, A13TheMacIsHmacSha1OfGreetingAndIdUnderTheSecret) {
  const auto response = [](std::size_t size, std::uint8_t octet) {
    return AuthenticationResponse("+OK||<1.2@gw>", "M1", Octets(size, octet));
  };
  EXPECT_EQ(response(20, 0x0b), "lYE53zaT0DGjIlMRkFTZ/buOXLg=");
  EXPECT_EQ(response(64, 0x6b), "eCTVyhoBCiXwwYI3/7WGZAS1J5c=");
  EXPECT_EQ(response(65, 0x6b), "Q67SzfD4j7RHVdKiSCuccMeE/2E=");
}

// How a configuration spells it is tested where configurations are read.
TEST_F(Ambiguity, A14TheSharedSecretIsAnyOctets) {
  Octets all(256);
  std::iota(all.begin(), all.end(), std::uint8_t{0});
  merchant_settings_.shared_secret = SecretOctets(all);
  secret_ = SecretOctets(all);
  merchant_.Connected(now_);
  gateway_.Accept("192.0.2.1", true, "<1.2@gw>", now_);
  ToMerchant(gateway_.TakeOutput());
  ToGateway(merchant_.TakeOutput());
  ToMerchant(gateway_.TakeOutput());
  EXPECT_EQ(merchant_.state(), MerchantState::kOpen);
}

TEST_F(Ambiguity, A15NoBarInsideATextThatWeSend) {
  EXPECT_EQ(GreetingOk("a|b", "<c|d>"), "+OK|a/b|<c/d>\r\n");
  EXPECT_EQ(LineError("a|b"), "-ERR|a/b\r\n");
  EXPECT_EQ(AuthenticationReplyOk("a|b"), "+OK|a/b\r\n");
}

TEST_F(Ambiguity, A16ALengthIsDigitsWithSpaceAround) {
  const auto state = [this](std::string_view length) {
    GatewayConnection gateway(gateway_settings_);
    gateway.Accept("192.0.2.1", true, {}, now_);
    gateway.TakeOutput();
    gateway.Received(ToOctets("Content-Type: application/set-payment\r\nContent-Length:" +
                              std::string(length) + "\r\n\r\nxx"),
                     now_);
    return gateway.state();
  };
  for (const std::string_view good : {"2", " 2", "\t2 \t", " 0002"}) {
    EXPECT_EQ(state(good), GatewayState::kOpen) << good;
  }
  for (const std::string_view bad :
       {"", " ", "+2", "-2", "2 2", "0x2", "2.", "2,2", "2;", "\"2\"", "\xd9\xa2"}) {
    EXPECT_EQ(state(bad), GatewayState::kClosed) << bad;
  }
}

TEST_F(Ambiguity, A17EitherMayEchoWhileClosingAndItDelaysNothing) {
  OpenGateway();
  gateway_.Close("bye", now_);
  const auto t120 = gateway_.deadline();
  gateway_.TakeOutput();
  now_ += 1000;
  gateway_.Echo();
  ToGateway(ControlFrame(Control::kEcho, "e", "x"));
  EXPECT_EQ(gateway_.TakeOutput(), ControlFrame(Control::kEcho, "echo", "Are you there?") +
                                       ControlFrame(Control::kEchoReply, "e", "x"));
  EXPECT_EQ(gateway_.deadline(), t120);
  OpenMerchant();
  merchant_.Close("bye", now_);
  const auto t30 = merchant_.deadline();
  merchant_.TakeOutput();
  now_ += 1000;
  merchant_.Echo(now_);
  ToMerchant(ControlFrame(Control::kEcho, "e", "x"));
  EXPECT_EQ(merchant_.TakeOutput(), ControlFrame(Control::kEcho, "r.echo", "Are you there?") +
                                        ControlFrame(Control::kEchoReply, "e", "x"));
  EXPECT_EQ(merchant_.deadline(), t30);
}

TEST_F(Ambiguity, A18T120WinsOverTheTimeOutsOfRequests) {
  OpenGateway();
  OpenMerchant();
  Submit(1);
  ToGateway(merchant_.TakeOutput());
  gateway_.Close("bye", now_);
  ToMerchant(gateway_.TakeOutput());
  ASSERT_EQ(merchant_.state(), MerchantState::kClosingPeer);
  EXPECT_FALSE(merchant_.deadline());
  gateway_.Tick(*gateway_.deadline());
  ASSERT_EQ(gateway_.state(), GatewayState::kClosed);
  TakeMerchantEvents();
  merchant_.Disconnected("closed by the peer");
  EXPECT_EQ(TakeMerchantEvents().at(0).lost, std::vector<RequestId>{1});
}

TEST_F(Ambiguity, A19AnErrorLineHasOneBar) {
  EXPECT_EQ(LineError("Invalid merchant address"), "-ERR|Invalid merchant address\r\n");
  EXPECT_EQ(LineError(""), "-ERR|\r\n");
  for (const std::string_view line : {"-ERR|Invalid merchant address", "-ERR|", "-ERR|no|"}) {
    const auto greeting = ParseGreeting(line);
    ASSERT_TRUE(greeting) << line;
    EXPECT_FALSE(greeting->ok);
  }
}

TEST_F(Ambiguity, A20AGreetingOfTwoFieldsHasNoChallengeAndIsNoted) {
  merchant_.Connected(now_);
  ToMerchant("+OK|welcome\r\n");
  EXPECT_EQ(merchant_.state(), MerchantState::kOpen);
  const auto events = TakeMerchantEvents();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].text, "greeting without a challenge field");
  EXPECT_EQ(events[1].kind, MerchantEvent::Kind::kOpened);
}

}  // namespace
}  // namespace setcore::transport
