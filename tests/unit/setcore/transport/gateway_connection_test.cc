#include "setcore/transport/gateway_connection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/setcore/transport/text.h"

namespace setcore::transport {
namespace {

using Kind = GatewayEvent::Kind;

constexpr std::string_view kChallenge = "<3141 12:34:56 01/23/45 payment.gateway.com>";
constexpr std::string_view kAuthentication =
    "Authentication|merchant.example.com|zJ1k9E44A4s6t7qcA0L3CCsgN5w=\r\n";

class Gateway : public ::testing::Test {
 protected:
  Gateway() {
    settings_.greeting = "payment.gateway.com is ready";
    settings_.max_outstanding = 2;
    settings_.max_message_bytes = 100;
    settings_.secret = [this](std::string_view id, std::string_view peer) -> const SecretOctets* {
      return id == "merchant.example.com" && peer == "192.0.2.1" ? &secret_ : nullptr;
    };
  }

  void Receive(std::string_view text) { line_.Received(ToOctets(text), now_); }
  void Respond(RequestId id, std::string_view text) { line_.Respond(id, ToOctets(text), now_); }

  void GoTo(GatewayState state) {
    line_.~GatewayConnection();
    new (&line_) GatewayConnection(settings_);
    if (state == GatewayState::kClosed) return;
    line_.Accept("192.0.2.1", true, kChallenge, now_);
    if (state == GatewayState::kGreeting) return;
    line_.TakeOutput();
    if (state == GatewayState::kAuthenticating) return;
    Receive(kAuthentication);
    line_.TakeOutput();
    Events();
    if (state == GatewayState::kClosing) {
      Receive(SetFrame("t1", "due"));
      line_.Close("equipment going out of service", now_);
      line_.TakeOutput();
    }
    ASSERT_EQ(line_.state(), state);
  }

  std::vector<GatewayEvent> Events() {
    std::vector<GatewayEvent> out;
    while (auto event = line_.NextEvent()) out.push_back(std::move(*event));
    return out;
  }

  SecretOctets secret_{ToOctets("tanstaaf")};
  GatewaySettings settings_;
  std::int64_t now_ = 1000;
  GatewayConnection line_{settings_};
};

TEST_F(Gateway, RefusesAnAddressThatIsNotAllowed) {
  line_.Accept("203.0.113.9", false, kChallenge, now_);
  EXPECT_EQ(line_.TakeOutput(), "-ERR|Invalid merchant address\r\n");
  EXPECT_EQ(line_.state(), GatewayState::kClosed);
}

TEST_F(Gateway, IsOpenAtOnceWithoutChallenge) {
  line_.Accept("203.0.113.9", true, {}, now_);
  EXPECT_EQ(line_.TakeOutput(), "+OK|payment.gateway.com is ready|\r\n");
  EXPECT_EQ(line_.state(), GatewayState::kOpen);
  EXPECT_EQ(Events().at(0).kind, Kind::kOpened);
  EXPECT_FALSE(line_.deadline());
}

TEST_F(Gateway, AcceptsTheRightAnswerToItsChallenge) {
  line_.Accept("192.0.2.1", true, kChallenge, now_);
  EXPECT_EQ(line_.TakeOutput(),
            "+OK|payment.gateway.com is ready|" + std::string(kChallenge) + "\r\n");
  EXPECT_EQ(line_.state(), GatewayState::kAuthenticating);
  for (const char c : kAuthentication) Receive(std::string(1, c));
  EXPECT_EQ(line_.TakeOutput(), "+OK|welcome\r\n");
  EXPECT_EQ(line_.state(), GatewayState::kOpen);
  EXPECT_EQ(line_.transport_id(), "merchant.example.com");
  EXPECT_EQ(Events().at(0).text, "merchant.example.com");
}

TEST_F(Gateway, RefusesAWrongAnswerWithoutSayingWhatIsWrong) {
  for (const std::string_view line :
       {"Authentication|merchant.example.com|zJ1k9E44A4s6t7qcA0L3CCsgN5x=\r\n",
        "Authentication|merchant.example.org|zJ1k9E44A4s6t7qcA0L3CCsgN5w=\r\n",
        "Authentication|merchant.example.com|\r\n", "Authentication|merchant.example.com\r\n",
        "Authentication||zJ1k9E44A4s6t7qcA0L3CCsgN5w=\r\n"}) {
    GoTo(GatewayState::kAuthenticating);
    line_.TakeOutput();
    Receive(line);
    EXPECT_EQ(line_.TakeOutput(), "-ERR|Authentication failed\r\n") << line;
    EXPECT_EQ(line_.state(), GatewayState::kClosed);
  }
}

TEST_F(Gateway, RefusesTheRightAnswerFromAnAddressThatIsNotTheMerchants) {
  line_.Accept("192.0.2.2", true, kChallenge, now_);
  line_.TakeOutput();
  Receive(kAuthentication);
  EXPECT_EQ(line_.TakeOutput(), "-ERR|Authentication failed\r\n");
}

// D-64.
TEST_F(Gateway, ClosesWithoutAWordWhenSomethingElseComesThanAuthentication) {
  for (const std::string& bad :
       {std::string("HELO\r\n"), std::string("\r\n"), SetFrame("1", "x"), std::string(2000, 'x')}) {
    GoTo(GatewayState::kAuthenticating);
    line_.TakeOutput();
    Receive(bad);
    EXPECT_EQ(line_.state(), GatewayState::kClosed) << bad;
    EXPECT_FALSE(line_.has_output());
  }
}

// tcp-transport.md, 5.2, last paragraph.
TEST_F(Gateway, WhatComesBeforeTheGreetingIsTakenEndsItWithoutAWord) {
  for (const std::string_view challenge : {kChallenge, std::string_view()}) {
    GoTo(GatewayState::kClosed);
    line_.Accept("192.0.2.1", true, challenge, now_);
    EXPECT_EQ(line_.state(), GatewayState::kGreeting);
    Receive("A");
    EXPECT_EQ(line_.state(), GatewayState::kClosed);
    EXPECT_FALSE(line_.has_output());
    EXPECT_EQ(Events().back().text, "data before the Greeting");
  }
}

TEST_F(Gateway, T30RunsInAuthenticatingAndT120InClosing) {
  GoTo(GatewayState::kAuthenticating);
  line_.TakeOutput();
  ASSERT_EQ(line_.deadline(), now_ + 30000);
  line_.Tick(now_ + 29999);
  EXPECT_EQ(line_.state(), GatewayState::kAuthenticating);
  line_.Tick(now_ + 30000);
  EXPECT_EQ(line_.state(), GatewayState::kClosed);
  EXPECT_FALSE(line_.has_output());

  GoTo(GatewayState::kClosing);
  ASSERT_EQ(line_.deadline(), now_ + 120000);
  Receive(ControlFrame(Control::kEcho, "e", ""));  // A17: never extends
  line_.Tick(now_ + 119999);
  EXPECT_EQ(line_.state(), GatewayState::kClosing);
  line_.Tick(now_ + 120000);
  EXPECT_EQ(line_.state(), GatewayState::kClosed);
}

TEST_F(Gateway, AnswersInAnyOrderWithTheSpellingOfTheTag) {
  GoTo(GatewayState::kOpen);
  Receive("Content-Type: application/set-payment;msg-tag=plain\r\nContent-Length: 1\r\n\r\na" +
          SetFrame("a\"b", "b"));
  const auto events = Events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].tag, "plain");
  EXPECT_EQ(ToText(events[0].message), "a");
  Respond(events[1].request, "B");
  EXPECT_EQ(line_.TakeOutput(), SetFrame("a\"b", "B"));
  Respond(events[0].request, "A");
  EXPECT_NE(line_.TakeOutput().find("application/set-payment;msg-tag=plain\r\n"),
            std::string::npos);
  Respond(events[0].request, "again");
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Gateway, AnUntaggedRequestGetsAnUntaggedAnswer) {
  GoTo(GatewayState::kOpen);
  Receive("Content-Type: application/set-payment\r\nContent-Length: 1\r\n\r\na");
  Respond(Events().at(0).request, "A");
  EXPECT_EQ(line_.TakeOutput().find("msg-tag"), std::string::npos);
}

TEST_F(Gateway, MoreThanMaxOutstandingGetRetry) {
  GoTo(GatewayState::kOpen);
  Receive(SetFrame("1", "a") + SetFrame("2", "b"));
  EXPECT_FALSE(line_.has_output());
  Receive(SetFrame("3", "c"));
  EXPECT_EQ(line_.TakeOutput(),
            StatusFrame(StatusClass::kRetry, 5, "3", "Too many outstanding requests"));
  const auto events = Events();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[2].kind, Kind::kNote);
  Respond(events[0].request, "A");
  line_.TakeOutput();
  Receive(SetFrame("3", "c"));
  EXPECT_EQ(Events().size(), 1U);
}

TEST_F(Gateway, RefusalsAndInformationCarryTheTag) {
  GoTo(GatewayState::kOpen);
  Receive(SetFrame("1", "a"));
  const RequestId id = Events().at(0).request;
  line_.Inform(id, "Slow financial network");
  EXPECT_EQ(line_.TakeOutput(), StatusFrame(StatusClass::kInfo, 0, "1", "Slow financial network"));
  line_.Refuse(id, StatusClass::kRetry, 3, "Busy", now_);
  EXPECT_EQ(line_.TakeOutput(), StatusFrame(StatusClass::kRetry, 3, "1", "Busy"));
  line_.Inform(id, "Slow financial network");
  EXPECT_FALSE(line_.has_output());
  EXPECT_EQ(line_.outstanding(), 0U);
}

TEST_F(Gateway, BadRequestsGetStatusFailedAndTheConnectionLives) {
  for (const GatewayState state : {GatewayState::kOpen, GatewayState::kClosing}) {
    GoTo(state);
    Receive("Content-Type: text/html;msg-tag=\"1\"\r\nContent-Length: 1\r\n\r\nx");
    EXPECT_EQ(line_.TakeOutput(), StatusFrame(StatusClass::kFailed, 0, "1", "Bad content type"));
    Receive(SetFrame(std::string(33, 'x'), "x"));
    EXPECT_EQ(line_.TakeOutput(), StatusFrame(StatusClass::kFailed, 0, "", "Bad msg-tag"));
    Receive(SetFrame("2", std::string(101, 'x')));
    EXPECT_EQ(line_.TakeOutput(), StatusFrame(StatusClass::kFailed, 0, "2", "Messages too big"));
    EXPECT_EQ(line_.state(), state);
  }
}

TEST_F(Gateway, LostFramingGetsStatusFailedAndTheEnd) {
  for (const GatewayState state : {GatewayState::kOpen, GatewayState::kClosing}) {
    GoTo(state);
    Receive("Content-Type: application/set-payment\r\n\r\nx" + SetFrame("smuggled", "x"));
    EXPECT_EQ(line_.TakeOutput(), StatusFrame(StatusClass::kFailed, 0, "", "Bad content length"));
    EXPECT_EQ(line_.state(), GatewayState::kClosed);
    for (const GatewayEvent& event : Events()) EXPECT_NE(event.tag, "smuggled");
  }
}

TEST_F(Gateway, TheStatusFailedForLostFramingNamesTheRequestIfItsTagIsKnown) {
  for (const std::string_view head :
       {"Content-Length: 1601\r\nContent-Type: application/set-payment;msg-tag=\"1\"\r\n\r\n",
        "Content-Length: x\r\nContent-Type: application/set-payment;msg-tag=\"1\"\r\n\r\n",
        "Content-Type: application/set-payment;msg-tag=\"1\"\r\nno colon\r\n\r\n"}) {
    GoTo(GatewayState::kOpen);
    Receive(head);
    EXPECT_TRUE(line_.TakeOutput().find("class=failed;msg-tag=\"1\"") != std::string::npos) << head;
  }
  // The tag of the request before it is not that of a line that is too long.
  GoTo(GatewayState::kOpen);
  Receive(SetFrame("1", "x") + std::string(1002, 'x'));
  EXPECT_EQ(line_.TakeOutput(), StatusFrame(StatusClass::kFailed, 0, "", "Bad header"));
}

TEST_F(Gateway, NeverAnswersAStatusNotEvenOneThatCannotBeFramed) {
  for (const std::string_view tag : {"\"1\"", "\"", ""}) {
    GoTo(GatewayState::kOpen);
    Receive("Content-Type: text/set-transport;control=status;class=info;msg-tag=" +
            std::string(tag) + "\r\nContent-Length: -1\r\n\r\n");
    EXPECT_EQ(line_.state(), GatewayState::kClosed);
    EXPECT_FALSE(line_.has_output());
  }
  GoTo(GatewayState::kOpen);
  Receive("Content-Type: text/set-transport;control=echo\r\nContent-Length: -1\r\n\r\n");
  EXPECT_EQ(line_.TakeOutput(), StatusFrame(StatusClass::kFailed, 0, "", "Bad content length"));
}

TEST_F(Gateway, TheMerchantsCloseIsAnsweredWithItsBodyAndTag) {
  GoTo(GatewayState::kOpen);
  Receive(SetFrame("1", "a"));
  const RequestId id = Events().at(0).request;
  Receive(ControlFrame(Control::kClose, "c1", "idle-connection"));
  EXPECT_EQ(line_.TakeOutput(), ControlFrame(Control::kCloseReply, "c1", "idle-connection"));
  EXPECT_EQ(line_.state(), GatewayState::kClosed);
  Respond(id, "lost");
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Gateway, ItsOwnCloseStillAnswersWhatIsDueAndNothingNew) {
  GoTo(GatewayState::kOpen);
  Receive(SetFrame("t1", "due"));
  const RequestId due = Events().at(0).request;
  line_.Close("equipment going out of service", now_);
  EXPECT_EQ(line_.TakeOutput(),
            ControlFrame(Control::kClose, "close", "equipment going out of service"));
  Receive(SetFrame("t2", "new"));
  EXPECT_EQ(line_.TakeOutput(),
            StatusFrame(StatusClass::kClosing, 0, "t2", "Connection is closing"));
  for (const GatewayEvent& event : Events()) EXPECT_EQ(event.kind, Kind::kNote);
  Respond(due, "answer");
  EXPECT_EQ(line_.TakeOutput(), SetFrame("t1", "answer"));
  Receive(ControlFrame(Control::kCloseReply, "close", "equipment going out of service"));
  EXPECT_EQ(line_.state(), GatewayState::kClosed);
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Gateway, CrossingClosesCountAsReplies) {
  GoTo(GatewayState::kClosing);
  Receive(ControlFrame(Control::kClose, "c1", "idle-connection"));
  EXPECT_EQ(line_.state(), GatewayState::kClosed);
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Gateway, ClosingBeforeAuthenticationJustEnds) {
  GoTo(GatewayState::kAuthenticating);
  line_.TakeOutput();
  line_.Close("equipment going out of service", now_);
  EXPECT_EQ(line_.state(), GatewayState::kClosed);
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Gateway, AnswersAnEchoOctetForOctet) {
  for (const GatewayState state : {GatewayState::kOpen, GatewayState::kClosing}) {
    GoTo(state);
    for (const std::string_view body : {"Are you there?", ""}) {
      Receive(ControlFrame(Control::kEcho, "e1", body));
      EXPECT_EQ(line_.TakeOutput(), ControlFrame(Control::kEchoReply, "e1", body));
    }
  }
}

TEST_F(Gateway, EachEchoExpectsOneReply) {
  for (const GatewayState state : {GatewayState::kOpen, GatewayState::kClosing}) {
    GoTo(state);
    Events();
    line_.Echo();
    line_.Echo();
    EXPECT_EQ(line_.echoes(), 2U);
    const std::string echo = ControlFrame(Control::kEcho, "echo", "Are you there?");
    EXPECT_EQ(line_.TakeOutput(), echo + echo);
    const std::string reply = ControlFrame(Control::kEchoReply, "echo", "Are you there?");
    Receive(reply + reply);
    EXPECT_EQ(line_.echoes(), 0U);
    EXPECT_TRUE(Events().empty());
    Receive(reply);
    EXPECT_EQ(Events().at(0).text, "echo-reply without echo");
  }
}

TEST_F(Gateway, ThreeMessagesInARowThatHaveNoPlaceEndTheConnection) {
  GoTo(GatewayState::kOpen);
  const std::string status = StatusFrame(StatusClass::kInfo, 0, "1", "x");
  Receive(status + "+OK|x\r\n");
  EXPECT_EQ(line_.state(), GatewayState::kOpen);
  Receive(ControlFrame(Control::kEcho, "e", "") + status + status);
  EXPECT_EQ(line_.state(), GatewayState::kOpen);
  Receive(status);
  EXPECT_EQ(line_.state(), GatewayState::kClosed);
}

TEST_F(Gateway, UnknownControlsAndStrayRepliesAreIgnored) {
  GoTo(GatewayState::kOpen);
  for (int i = 0; i < 5; ++i) {
    Receive("Content-Type: text/set-transport;control=dance\r\nContent-Length: 0\r\n\r\n" +
            ControlFrame(Control::kEchoReply, "x", "") +
            ControlFrame(Control::kCloseReply, "x", "") +
            "Content-Type: text/set-transport;control=echo;msg-tag=\"\r\n"
            "Content-Length: 0\r\n\r\n");
  }
  EXPECT_EQ(line_.state(), GatewayState::kOpen);
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Gateway, HeadersAndBodiesThatComeTooSlowlyEndTheConnection) {
  const std::string frame = SetFrame("1", "abc");
  for (const auto& [part, timeout] :
       {std::pair{frame.substr(0, 5), 10000}, {frame.substr(0, frame.size() - 1), 30000}}) {
    GoTo(GatewayState::kOpen);
    EXPECT_FALSE(line_.deadline());
    Receive(part);
    ASSERT_EQ(line_.deadline(), now_ + timeout);
    line_.Tick(now_ + timeout - 1);
    EXPECT_EQ(line_.state(), GatewayState::kOpen);
    line_.Tick(now_ + timeout);
    EXPECT_EQ(line_.state(), GatewayState::kClosed);
  }
  GoTo(GatewayState::kOpen);
  Receive(frame.substr(0, 5));
  line_.Received(ToOctets(frame.substr(5, 5)), now_ + 9000);  // dripping does not help
  ASSERT_EQ(line_.deadline(), now_ + 10000);
  line_.Received(ToOctets(frame.substr(10)), now_ + 9500);
  EXPECT_FALSE(line_.deadline());
}

TEST_F(Gateway, TheEarlierOfItsTimeOutsActs) {
  settings_.t120_ms = 15000;
  GoTo(GatewayState::kClosing);
  now_ += 1000;
  Receive("MIME-V");
  EXPECT_EQ(line_.deadline(), now_ + 10000);
  GoTo(GatewayState::kClosing);
  now_ += 6000;
  Receive("MIME-V");
  EXPECT_EQ(line_.deadline(), now_ + 9000);
}

TEST_F(Gateway, ALostConnectionEndsEveryState) {
  for (const GatewayState state :
       {GatewayState::kAuthenticating, GatewayState::kOpen, GatewayState::kClosing}) {
    GoTo(state);
    Events();
    line_.Disconnected("reset");
    EXPECT_EQ(line_.state(), GatewayState::kClosed);
    EXPECT_EQ(Events().at(0).text, "reset");
    EXPECT_FALSE(line_.deadline());
  }
}

}  // namespace
}  // namespace setcore::transport
