#include "setcore/transport/merchant_connection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/setcore/transport/text.h"

namespace setcore::transport {
namespace {

using Kind = MerchantEvent::Kind;

constexpr std::string_view kGreeting =
    "+OK|payment.gateway.com is ready|<3141 12:34:56 01/23/45 payment.gateway.com>";

// A connection with its settings, and a virtual clock.
class Merchant : public ::testing::Test {
 protected:
  Merchant() {
    settings_.transport_id = "merchant.example.com";
    settings_.shared_secret = SecretOctets(ToOctets("tanstaaf"));
    settings_.max_outstanding = 3;
    settings_.tag_prefix = "shop17";
  }

  void Receive(std::string_view text) { line_.Received(ToOctets(text), now_); }

  void GoTo(MerchantState state) {
    if (state == MerchantState::kClosed) return;
    line_.Connected(now_);
    if (state == MerchantState::kGreeting) return;
    Receive(std::string(kGreeting) + "\r\n");
    if (state == MerchantState::kAuthenticating) return;
    Receive("+OK|welcome\r\n");
    if (state == MerchantState::kClosingOwn) line_.Close("idle-connection", now_);
    if (state == MerchantState::kClosingPeer) {
      Submit(99);
      Receive(ControlFrame(Control::kClose, "g1", "equipment going out of service"));
    }
    ASSERT_EQ(line_.state(), state);
    line_.TakeOutput();
    Events();
  }

  void Submit(RequestId id) { line_.Submit(id, ToOctets("message " + std::to_string(id)), now_); }

  std::vector<MerchantEvent> Events() {
    std::vector<MerchantEvent> out;
    while (auto event = line_.NextEvent()) out.push_back(std::move(*event));
    return out;
  }

  std::vector<Kind> Kinds() {
    std::vector<Kind> out;
    for (const MerchantEvent& event : Events()) out.push_back(event.kind);
    return out;
  }

  MerchantSettings settings_;
  std::int64_t now_ = 1000;
  MerchantConnection line_{settings_};
};

TEST_F(Merchant, AuthenticatesAsTheWorkedSessionSays) {
  line_.Connected(now_);
  EXPECT_EQ(line_.state(), MerchantState::kGreeting);
  EXPECT_EQ(line_.TakeOutput(), "");
  Receive(std::string(kGreeting) + "\r\n");
  EXPECT_EQ(line_.state(), MerchantState::kAuthenticating);
  EXPECT_EQ(line_.TakeOutput(),
            "Authentication|merchant.example.com|zJ1k9E44A4s6t7qcA0L3CCsgN5w=\r\n");
  EXPECT_FALSE(line_.CanSubmit());
  Receive("+OK|welcome\r\n");
  EXPECT_EQ(line_.state(), MerchantState::kOpen);
  EXPECT_EQ(Kinds(), std::vector{Kind::kOpened});
  EXPECT_FALSE(line_.deadline());
  Submit(1);
  EXPECT_EQ(line_.TakeOutput(), SetFrame("shop17.000001", "message 1"));
}

TEST_F(Merchant, AWholeSessionMayComeOctetByOctet) {
  line_.Connected(now_);
  const std::string stream = std::string(kGreeting) + "\r\n+OK|welcome\r\n";
  for (const char c : stream) Receive(std::string(1, c));
  ASSERT_EQ(line_.state(), MerchantState::kOpen);
  Submit(1);
  Events();
  for (const char c : SetFrame("shop17.000001", "answer")) Receive(std::string(1, c));
  const auto events = Events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].request, 1U);
  EXPECT_EQ(ToText(events[0].response), "answer");
}

TEST_F(Merchant, AGreetingWithoutChallengeOpensAtOnce) {
  for (const std::string_view greeting : {"+OK|ready|\r\n", "+OK|ready\r\n", "+OK | ready | \n"}) {
    MerchantConnection line(settings_);
    line.Connected(now_);
    line.Received(ToOctets(greeting), now_);
    EXPECT_EQ(line.state(), MerchantState::kOpen) << greeting;
    EXPECT_FALSE(line.has_output());
    EXPECT_FALSE(line.deadline());
  }
}

TEST_F(Merchant, AChallengeWithoutAnAgreedSecretEndsTheConnection) {
  settings_.shared_secret = SecretOctets();
  line_.Connected(now_);
  Receive(std::string(kGreeting) + "\r\n");
  EXPECT_EQ(line_.state(), MerchantState::kClosed);
  EXPECT_NE(Events().back().text.find("no shared secret"), std::string::npos);
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Merchant, InGreetingAndAuthenticatingAnythingElseCloses) {
  for (const MerchantState state : {MerchantState::kGreeting, MerchantState::kAuthenticating}) {
    for (const std::string& bad :
         {std::string("-ERR|no\r\n"), std::string("-ERR|\r\n"), std::string("HELO\r\n"),
          SetFrame("1", "x"), std::string(2000, 'x')}) {
      MerchantConnection line(settings_);
      line.Connected(now_);
      if (state == MerchantState::kAuthenticating) {
        line.Received(ToOctets(std::string(kGreeting) + "\r\n"), now_);
      }
      ASSERT_EQ(line.state(), state);
      line.TakeOutput();
      line.Received(ToOctets(bad), now_);
      EXPECT_EQ(line.state(), MerchantState::kClosed) << bad;
      EXPECT_FALSE(line.has_output());
    }
  }
}

TEST_F(Merchant, T30RunsInGreetingAndAgainInAuthenticatingAndWhileItsCloseIsUnanswered) {
  for (const MerchantState state :
       {MerchantState::kGreeting, MerchantState::kAuthenticating, MerchantState::kClosingOwn}) {
    MerchantConnection line(settings_);
    std::int64_t now = 0;
    line.Connected(now);
    if (state != MerchantState::kGreeting) {
      now += 20000;
      line.Received(ToOctets(std::string(kGreeting) + "\r\n"), now);
    }
    if (state == MerchantState::kClosingOwn) {
      line.Received(ToOctets("+OK|welcome\r\n"), now);
      line.Close("idle-connection", now);
    }
    ASSERT_EQ(line.state(), state);
    ASSERT_EQ(line.deadline(), now + 30000);
    line.Tick(now + 29999);
    EXPECT_EQ(line.state(), state);
    line.Tick(now + 30000);
    EXPECT_EQ(line.state(), MerchantState::kClosed);
  }
}

TEST_F(Merchant, AnswersMayComeInAnyOrderAndInOneSegment) {
  GoTo(MerchantState::kOpen);
  for (RequestId id = 1; id <= 3; ++id) Submit(id);
  EXPECT_FALSE(line_.CanSubmit());
  Receive(SetFrame("shop17.000003", "c") + "\r\n" + SetFrame("SHOP17.000001", "a") +
          SetFrame("shop17.000002", "b"));
  const auto events = Events();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].request, 3U);
  EXPECT_EQ(events[1].request, 1U);  // A7: case-folded
  EXPECT_EQ(events[2].request, 2U);
  EXPECT_EQ(ToText(events[2].response), "b");
  EXPECT_TRUE(line_.CanSubmit());
}

TEST_F(Merchant, AnExactTagWinsOverAFoldedOne) {
  settings_.tag_prefix = "A";
  GoTo(MerchantState::kOpen);
  Submit(1);
  settings_.tag_prefix = "a";
  Submit(2);
  Receive(SetFrame("a.000002", "x"));
  EXPECT_EQ(Events().at(0).request, 2U);
}

TEST_F(Merchant, MaxOutstandingIsKept) {
  GoTo(MerchantState::kOpen);
  for (RequestId id = 1; id <= 3; ++id) {
    EXPECT_TRUE(line_.CanSubmit());
    Submit(id);
  }
  EXPECT_FALSE(line_.CanSubmit());
  Receive(SetFrame("shop17.000001", "a"));
  EXPECT_TRUE(line_.CanSubmit());
}

TEST_F(Merchant, AnAnswerWithoutTagIsMatchedByRrpidThenByBeingTheOnlyOne) {
  const std::string rrpid(20, '\x07');
  // MessageWrapper { MessageHeader { version 1, [1] rrpid } }
  const std::string header = std::string("\x02\x01\x01\x81\x14", 5) + rrpid;
  const std::string wrapper = std::string("\x30\x1b\x30\x19", 4) + header;
  GoTo(MerchantState::kOpen);
  Submit(1);
  line_.Submit(2, ToOctets(wrapper), now_);
  std::string answer;
  AppendSetMessage(answer, std::nullopt, ToOctets(wrapper));
  Receive(answer);
  EXPECT_EQ(Events().at(0).request, 2U);
  std::string error;
  AppendSetMessage(error, std::nullopt, ToOctets("no wrapper"));
  Receive(error);
  EXPECT_EQ(Events().at(0).request, 1U);
}

TEST_F(Merchant, AnAnswerWithoutTagIsForTheRequestThatIsStillWaitedFor) {
  const std::string wrapper =
      std::string("\x30\x1b\x30\x19\x02\x01\x01\x81\x14", 9) + std::string(20, '\x07');
  GoTo(MerchantState::kOpen);
  line_.Submit(1, ToOctets(wrapper), now_);
  line_.Abandon(1, now_);
  line_.Submit(2, ToOctets(wrapper), now_);
  std::string answer;
  AppendSetMessage(answer, std::nullopt, ToOctets(wrapper));
  Receive(answer);
  const auto events = Events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, Kind::kResponse);
  EXPECT_EQ(events[0].request, 2U);
}

TEST_F(Merchant, UntaggedRequestsAreMatchedToTheOldest) {
  settings_.tag_requests = false;
  GoTo(MerchantState::kOpen);
  Submit(1);
  EXPECT_EQ(line_.TakeOutput().find("msg-tag"), std::string::npos);
  Submit(2);
  std::string answer;
  AppendSetMessage(answer, std::nullopt, ToOctets("x"));
  Receive(answer);
  EXPECT_EQ(Events().at(0).request, 1U);
  // A6: a Status for a request without tag carries an empty one.
  Receive(StatusFrame(StatusClass::kFailed, 0, "", "Service unavailable"));
  EXPECT_EQ(Events().at(0).request, 2U);
}

TEST_F(Merchant, AnAnswerToNothingIsDropped) {
  GoTo(MerchantState::kOpen);
  Submit(1);
  Receive(SetFrame("shop17.000002", "x") + StatusFrame(StatusClass::kFailed, 0, "other", "x"));
  EXPECT_EQ(Kinds(), (std::vector{Kind::kNote, Kind::kNote}));
  EXPECT_EQ(line_.outstanding(), 1U);
}

TEST_F(Merchant, ALateAnswerToAnAbandonedTagIsDropped) {
  GoTo(MerchantState::kOpen);
  Submit(1);
  line_.Abandon(1, now_);
  EXPECT_EQ(line_.outstanding(), 0U);
  Submit(1);
  Receive(SetFrame("shop17.000001", "late"));
  EXPECT_EQ(Kinds(), std::vector{Kind::kNote});
  Receive(SetFrame("shop17.000002", "new"));
  EXPECT_EQ(ToText(Events().at(0).response), "new");
}

TEST_F(Merchant, StatusEndsARequestUnlessItOnlyInforms) {
  GoTo(MerchantState::kOpen);
  struct Case {
    StatusClass status_class;
    std::uint32_t delay;
    std::size_t left;
  };
  std::string tag = "shop17.000000";
  for (const Case& c : {Case{StatusClass::kFailed, 0, 0}, Case{StatusClass::kRetry, 5, 0},
                        Case{StatusClass::kClosing, 0, 0}, Case{StatusClass::kInfo, 0, 1}}) {
    Submit(7);
    ++tag.back();
    Receive(StatusFrame(c.status_class, c.delay, tag, "a\ttext"));
    const auto events = Events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, Kind::kStatus);
    EXPECT_EQ(events[0].request, 7U);
    EXPECT_EQ(events[0].status_class, c.status_class);
    EXPECT_EQ(events[0].delay_s, c.delay);
    EXPECT_EQ(events[0].text, "a?text");
    EXPECT_EQ(line_.outstanding(), c.left);
    EXPECT_FALSE(line_.has_output() && line_.TakeOutput().find("control") != std::string::npos);
  }
}

TEST_F(Merchant, AnswersAnEchoInEveryOpenStateOctetForOctet) {
  for (const MerchantState state :
       {MerchantState::kOpen, MerchantState::kClosingOwn, MerchantState::kClosingPeer}) {
    Merchant::line_.~MerchantConnection();
    new (&line_) MerchantConnection(settings_);
    GoTo(state);
    for (const std::string_view body : {"Are you there?", ""}) {
      Receive(ControlFrame(Control::kEcho, "e1", body));
      EXPECT_EQ(line_.TakeOutput(), ControlFrame(Control::kEchoReply, "e1", body));
      EXPECT_EQ(line_.state(), state);
    }
  }
}

TEST_F(Merchant, AnEchoReplyIsExpectedOnce) {
  GoTo(MerchantState::kOpen);
  line_.Echo(now_);
  EXPECT_EQ(line_.TakeOutput(), ControlFrame(Control::kEcho, "shop17.echo", "Are you there?"));
  Receive(ControlFrame(Control::kEchoReply, "shop17.echo", "Are you there?"));
  EXPECT_EQ(Kinds(), std::vector<Kind>{});
  Receive(ControlFrame(Control::kEchoReply, "shop17.echo", "Are you there?"));
  EXPECT_EQ(Kinds(), std::vector{Kind::kNote});
}

TEST_F(Merchant, MayAskWhileClosingToo) {
  GoTo(MerchantState::kClosingPeer);
  line_.Echo(now_);
  line_.Echo(now_);
  EXPECT_EQ(line_.echoes(), 2U);
  line_.TakeOutput();
  const std::string reply = ControlFrame(Control::kEchoReply, "shop17.echo", "Are you there?");
  Receive(reply + reply);
  EXPECT_EQ(Kinds(), std::vector<Kind>{});
  EXPECT_EQ(line_.echoes(), 0U);
}

TEST_F(Merchant, WithoutTagsOneRequestIsOutstandingAtATime) {
  settings_.tag_requests = false;
  GoTo(MerchantState::kOpen);
  ASSERT_TRUE(line_.CanSubmit());
  Submit(1);
  EXPECT_EQ(line_.TakeOutput().find("msg-tag"), std::string::npos);
  EXPECT_FALSE(line_.CanSubmit());
  Receive("Content-Type: application/set-payment\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(Events().at(0).request, 1U);
  EXPECT_TRUE(line_.CanSubmit());
}

TEST_F(Merchant, ALongPrefixIsCutSoThatTagsKeepTheirLimit) {
  settings_.tag_prefix = std::string(40, 'p');
  GoTo(MerchantState::kOpen);
  Submit(1);
  EXPECT_EQ(line_.TakeOutput(), SetFrame(std::string(25, 'p') + ".000001", "message 1"));
}

TEST_F(Merchant, ItsCloseWaitsForWhatIsOutstanding) {
  GoTo(MerchantState::kOpen);
  Submit(1);
  line_.TakeOutput();
  line_.Close("idle-connection", now_);
  EXPECT_EQ(line_.state(), MerchantState::kOpen);
  EXPECT_FALSE(line_.CanSubmit());
  EXPECT_FALSE(line_.has_output());
  Receive(SetFrame("shop17.000001", "x"));
  EXPECT_EQ(line_.state(), MerchantState::kClosingOwn);
  EXPECT_EQ(line_.TakeOutput(), ControlFrame(Control::kClose, "shop17.close", "idle-connection"));
  Receive(ControlFrame(Control::kCloseReply, "shop17.close", "idle-connection"));
  EXPECT_EQ(line_.state(), MerchantState::kClosed);
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Merchant, ACloseWishedBeforeItIsOpenActsOnceItIs) {
  GoTo(MerchantState::kAuthenticating);
  line_.TakeOutput();
  line_.Close("idle-connection", now_);
  Receive("+OK|welcome\r\n");
  EXPECT_EQ(line_.state(), MerchantState::kClosingOwn);
}

TEST_F(Merchant, CrossingClosesCountAsReplies) {
  GoTo(MerchantState::kClosingOwn);
  Receive(ControlFrame(Control::kClose, "g1", "equipment going out of service"));
  EXPECT_EQ(line_.state(), MerchantState::kClosed);
  EXPECT_FALSE(line_.has_output());
}

TEST_F(Merchant, TheGatewaysCloseIsAnsweredWhenAllThreeAnswersHaveCome) {
  GoTo(MerchantState::kOpen);
  for (RequestId id = 1; id <= 3; ++id) Submit(id);
  line_.TakeOutput();
  Receive(SetFrame("shop17.000002", "b") +
          ControlFrame(Control::kClose, "g1", "equipment going out of service"));
  EXPECT_EQ(line_.state(), MerchantState::kClosingPeer);
  EXPECT_FALSE(line_.CanSubmit());
  Receive(SetFrame("shop17.000003", "c"));
  EXPECT_FALSE(line_.has_output());
  Receive(SetFrame("shop17.000001", "a"));
  EXPECT_EQ(line_.TakeOutput(),
            ControlFrame(Control::kCloseReply, "g1", "equipment going out of service"));
  EXPECT_EQ(line_.state(), MerchantState::kClosed);
  EXPECT_EQ(Kinds(), (std::vector{Kind::kResponse, Kind::kPeerClosing, Kind::kResponse,
                                  Kind::kResponse, Kind::kDown}));
}

TEST_F(Merchant, TheGatewaysCloseIsAnsweredAtOnceWhenNothingIsOutstanding) {
  GoTo(MerchantState::kOpen);
  Receive(ControlFrame(Control::kClose, "g1", "bye"));
  EXPECT_EQ(line_.TakeOutput(), ControlFrame(Control::kCloseReply, "g1", "bye"));
  EXPECT_EQ(line_.state(), MerchantState::kClosed);
}

TEST_F(Merchant, AnAbandonedRequestDoesNotHoldBackTheCloseReply) {
  GoTo(MerchantState::kClosingPeer);
  line_.Abandon(99, now_);
  EXPECT_EQ(line_.state(), MerchantState::kClosed);
  EXPECT_NE(line_.TakeOutput().find("control=close-reply"), std::string::npos);
}

TEST_F(Merchant, StatusClosingEndsTheLastRequestAndTheConnection) {
  GoTo(MerchantState::kClosingPeer);
  Receive(StatusFrame(StatusClass::kClosing, 0, "shop17.000001", "Connection is closing"));
  EXPECT_EQ(line_.state(), MerchantState::kClosed);
  EXPECT_EQ(Kinds(), (std::vector{Kind::kStatus, Kind::kDown}));
}

TEST_F(Merchant, MessagesOutOfPlaceAreIgnoredInEveryOpenState) {
  for (const MerchantState state :
       {MerchantState::kOpen, MerchantState::kClosingOwn, MerchantState::kClosingPeer}) {
    line_.~MerchantConnection();
    new (&line_) MerchantConnection(settings_);
    GoTo(state);
    std::string out_of_place = ControlFrame(Control::kEchoReply, "x", "") +
                               "Content-Type: text/set-transport;control=dance\r\n"
                               "Content-Length: 0\r\n\r\n" +
                               "Content-Type: text/html\r\nContent-Length: 1\r\n\r\nx" +
                               "+OK|again\r\n";
    if (state != MerchantState::kClosingOwn) {
      out_of_place += ControlFrame(Control::kCloseReply, "x", "");
    }
    Receive(out_of_place);
    EXPECT_EQ(line_.state(), state);
    EXPECT_FALSE(line_.has_output());
    for (const Kind kind : Kinds()) EXPECT_EQ(kind, Kind::kNote);
  }
}

TEST_F(Merchant, ASecondCloseOfTheGatewayChangesNothing) {
  GoTo(MerchantState::kClosingPeer);
  Receive(ControlFrame(Control::kClose, "g2", "really"));
  EXPECT_EQ(line_.state(), MerchantState::kClosingPeer);
}

TEST_F(Merchant, ALostConnectionNamesWhatWasOutstandingFromEveryState) {
  for (const MerchantState state :
       {MerchantState::kGreeting, MerchantState::kAuthenticating, MerchantState::kOpen,
        MerchantState::kClosingOwn, MerchantState::kClosingPeer}) {
    line_.~MerchantConnection();
    new (&line_) MerchantConnection(settings_);
    GoTo(state);
    if (state == MerchantState::kOpen) {
      Submit(1);
      Submit(2);
      line_.Abandon(1, now_);
    }
    Events();
    line_.Disconnected("reset");
    EXPECT_EQ(line_.state(), MerchantState::kClosed);
    const auto events = Events();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, Kind::kDown);
    EXPECT_EQ(events[0].text, "reset");
    const std::vector<RequestId> lost = state == MerchantState::kOpen ? std::vector<RequestId>{2}
                                        : state == MerchantState::kClosingPeer
                                            ? std::vector<RequestId>{99}
                                            : std::vector<RequestId>{};
    EXPECT_EQ(events[0].lost, lost);
    EXPECT_FALSE(line_.deadline());
    line_.Disconnected("again");
    EXPECT_TRUE(Events().empty());
  }
}

TEST_F(Merchant, LostFramingClosesAndLosesWhatIsOutstanding) {
  GoTo(MerchantState::kOpen);
  Submit(1);
  Receive("Content-Type: application/set-payment\r\nContent-Length: x\r\n\r\n");
  EXPECT_EQ(line_.state(), MerchantState::kClosed);
  EXPECT_EQ(Events().at(0).lost, std::vector<RequestId>{1});
}

}  // namespace
}  // namespace setcore::transport
