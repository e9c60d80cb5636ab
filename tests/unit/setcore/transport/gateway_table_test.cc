// tcp-transport.md, 5.2, row by row: what every event does in every state of the gateway's side.
// A last test finds pairs of state and event that no row or more than one row speaks of.
#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "setcore/transport/gateway_connection.h"
#include "unit/setcore/transport/text.h"

namespace setcore::transport {
namespace {

using Kind = GatewayEvent::Kind;
using S = GatewayState;

constexpr std::string_view kChallenge = "<3141 12:34:56 01/23/45 payment.gateway.com>";
constexpr std::string_view kReason = "equipment going out of service";
constexpr std::string_view kAreYouThere = "Are you there?";

enum class E : std::uint8_t {
  kAcceptDenied,
  kAcceptPlain,
  kAcceptChallenge,
  kGreetingTakenPlain,
  kGreetingTakenChallenge,
  kValidAuthentication,
  kInvalidAuthentication,
  kOtherLine,
  kRequest,
  kRequestAboveLimit,
  kBadType,
  kBadEncoding,
  kBadTag,
  kTooBig,
  kLostFraming,
  kLostFramingOfStatus,
  kEcho,
  kEchoReplyDue,
  kEchoReplyStray,
  kClose,
  kCloseReply,
  kStatus,
  kUnknownControl,
  kThirdNonsense,
  kLocalClose,
  kLocalDrop,
  kLocalEcho,
  kResponseReady,
  kBusy,
  kServiceDown,
  kSlow,
  kTimer,
  kHeaderStalls,
  kBodyStalls,
  kDisconnected,
  kEnd,
};

constexpr unsigned Bit(S state) { return 1U << static_cast<unsigned>(state); }
constexpr unsigned kInClosed = Bit(S::kClosed);
constexpr unsigned kInGreeting = Bit(S::kGreeting);
constexpr unsigned kInAuthenticating = Bit(S::kAuthenticating);
constexpr unsigned kInOpen = Bit(S::kOpen);
constexpr unsigned kInClosing = Bit(S::kClosing);
constexpr std::array kStates = {S::kClosed, S::kGreeting, S::kAuthenticating, S::kOpen,
                                S::kClosing};

struct Row {
  std::string_view clause;
  unsigned states;
  std::vector<E> events;
  std::optional<S> next;  // absent: the same state
  std::string output;
  std::vector<Kind> kinds;
};

std::vector<Row> Rows() {
  const std::string greeting = "+OK|payment.gateway.com is ready|";
  const std::string challenge = greeting + std::string(kChallenge) + "\r\n";
  const auto failed = [](std::string_view tag, std::string_view text) {
    return StatusFrame(StatusClass::kFailed, 0, tag, text);
  };
  const std::string closing = StatusFrame(StatusClass::kClosing, 0, "t3", "Connection is closing");
  const std::vector<E> octets = {E::kValidAuthentication,
                                 E::kInvalidAuthentication,
                                 E::kOtherLine,
                                 E::kRequest,
                                 E::kRequestAboveLimit,
                                 E::kBadType,
                                 E::kBadEncoding,
                                 E::kBadTag,
                                 E::kTooBig,
                                 E::kLostFraming,
                                 E::kLostFramingOfStatus,
                                 E::kEcho,
                                 E::kEchoReplyDue,
                                 E::kEchoReplyStray,
                                 E::kClose,
                                 E::kCloseReply,
                                 E::kStatus,
                                 E::kUnknownControl,
                                 E::kThirdNonsense,
                                 E::kHeaderStalls,
                                 E::kBodyStalls};
  const std::vector<E> answers = {E::kResponseReady, E::kBusy, E::kServiceDown, E::kSlow};
  std::vector<E> not_lines = octets;
  not_lines.erase(not_lines.begin(), not_lines.begin() + 2);
  return {
      {"Closed, address not allowed",
       kInClosed,
       {E::kAcceptDenied},
       S::kClosed,
       "-ERR|Invalid merchant address\r\n",
       {Kind::kDown}},
      {"Closed, address ok, no challenge",
       kInClosed,
       {E::kAcceptPlain},
       S::kGreeting,
       greeting + "\r\n",
       {Kind::kOpened}},
      {"Closed, address ok, challenge",
       kInClosed,
       {E::kAcceptChallenge},
       S::kGreeting,
       challenge,
       {}},
      {"Closed, no connection", kInClosed, octets, {}, "", {}},
      {"Closed, nothing outstanding", kInClosed, answers, {}, "", {}},
      {"Closed, local wishes",
       kInClosed,
       {E::kLocalClose, E::kLocalDrop, E::kLocalEcho},
       {},
       "",
       {}},
      {"Closed, no time-out", kInClosed, {E::kTimer, E::kDisconnected}, {}, "", {}},
      {"Closed, nothing to take",
       kInClosed,
       {E::kGreetingTakenPlain, E::kGreetingTakenChallenge},
       {},
       "",
       {}},
      {"Accept comes once",
       kInAuthenticating | kInOpen | kInClosing,
       {E::kAcceptDenied, E::kAcceptPlain, E::kAcceptChallenge},
       {},
       "",
       {}},
      {"Greeting, Accept comes once",
       kInGreeting,
       {E::kAcceptDenied, E::kAcceptPlain, E::kAcceptChallenge},
       {},
       challenge,
       {}},

      {"Greeting, written, no challenge",
       kInGreeting,
       {E::kGreetingTakenPlain},
       S::kOpen,
       "",
       {Kind::kOpened}},
      {"Greeting, written, challenge",
       kInGreeting,
       {E::kGreetingTakenChallenge},
       S::kAuthenticating,
       "",
       {}},
      {"Greeting, data before it is written", kInGreeting, octets, S::kClosed, "", {Kind::kDown}},
      {"Greeting, nothing outstanding", kInGreeting, answers, {}, challenge, {}},
      {"Greeting, no Echo yet", kInGreeting, {E::kLocalEcho}, {}, challenge, {}},
      {"Greeting, local end",
       kInGreeting,
       {E::kLocalClose, E::kLocalDrop},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Greeting, t30", kInGreeting, {E::kTimer}, S::kClosed, "", {Kind::kDown}},
      {"The Greeting is taken once",
       kInAuthenticating | kInOpen | kInClosing,
       {E::kGreetingTakenPlain, E::kGreetingTakenChallenge},
       {},
       "",
       {}},

      {"Authenticating, valid",
       kInAuthenticating,
       {E::kValidAuthentication},
       S::kOpen,
       "+OK|welcome\r\n",
       {Kind::kOpened}},
      {"Authenticating, invalid",
       kInAuthenticating,
       {E::kInvalidAuthentication},
       S::kClosed,
       "-ERR|Authentication failed\r\n",
       {Kind::kDown}},
      {"Authenticating, anything else",
       kInAuthenticating,
       not_lines,
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Authenticating, t30", kInAuthenticating, {E::kTimer}, S::kClosed, "", {Kind::kDown}},
      {"Authenticating, local end",
       kInAuthenticating,
       {E::kLocalClose, E::kLocalDrop},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Authenticating, nothing outstanding", kInAuthenticating, answers, {}, "", {}},
      {"Authenticating, no Echo yet", kInAuthenticating, {E::kLocalEcho}, {}, "", {}},

      {"Open, request below limit", kInOpen, {E::kRequest}, {}, "", {Kind::kRequest}},
      {"Open, too many outstanding",
       kInOpen,
       {E::kRequestAboveLimit},
       {},
       StatusFrame(StatusClass::kRetry, 5, "t3", "Too many outstanding requests"),
       {Kind::kNote}},
      {"Open, Close",
       kInOpen,
       {E::kClose},
       S::kClosed,
       ControlFrame(Control::kCloseReply, "c1", "idle-connection"),
       {Kind::kDown}},
      {"Open, local wish to close",
       kInOpen,
       {E::kLocalClose},
       S::kClosing,
       ControlFrame(Control::kClose, "close", kReason),
       {}},
      {"Open, Close-Reply without Close", kInOpen, {E::kCloseReply}, {}, "", {Kind::kNote}},
      {"Open, no time-out", kInOpen, {E::kTimer}, {}, "", {}},

      {"Closing, request",
       kInClosing,
       {E::kRequest},
       {},
       StatusFrame(StatusClass::kClosing, 0, "t2", "Connection is closing"),
       {Kind::kNote}},
      {"Closing, request above limit",
       kInClosing,
       {E::kRequestAboveLimit},
       {},
       closing,
       {Kind::kNote}},
      {"Closing, Close-Reply or Close",
       kInClosing,
       {E::kCloseReply, E::kClose},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Closing, t120", kInClosing, {E::kTimer}, S::kClosed, "", {Kind::kDown}},
      {"Closing, Close is sent once", kInClosing, {E::kLocalClose}, {}, "", {}},

      {"Open or Closing, bad content type",
       kInOpen | kInClosing,
       {E::kBadType},
       {},
       failed("t2", "Bad content type"),
       {Kind::kNote}},
      {"Open or Closing, bad encoding",
       kInOpen | kInClosing,
       {E::kBadEncoding},
       {},
       failed("t2", "Bad content-transfer-encoding"),
       {Kind::kNote}},
      {"Open or Closing, bad tag",
       kInOpen | kInClosing,
       {E::kBadTag},
       {},
       failed("", "Bad msg-tag"),
       {Kind::kNote}},
      {"Open or Closing, too big",
       kInOpen | kInClosing,
       {E::kTooBig},
       {},
       failed("t2", "Messages too big"),
       {Kind::kNote}},
      {"Open or Closing, a response is ready",
       kInOpen | kInClosing,
       {E::kResponseReady},
       {},
       SetFrame("t1", "answer"),
       {}},
      {"Open or Closing, busy",
       kInOpen | kInClosing,
       {E::kBusy},
       {},
       StatusFrame(StatusClass::kRetry, 7, "t1", "Busy"),
       {}},
      {"Open or Closing, service down",
       kInOpen | kInClosing,
       {E::kServiceDown},
       {},
       failed("t1", "Service unavailable"),
       {}},
      {"Open or Closing, response delayed",
       kInOpen | kInClosing,
       {E::kSlow},
       {},
       StatusFrame(StatusClass::kInfo, 0, "t1", "Slow financial network"),
       {}},
      {"Open or Closing, Echo",
       kInOpen | kInClosing,
       {E::kEcho},
       {},
       ControlFrame(Control::kEchoReply, "e1", kAreYouThere),
       {}},
      {"Open or Closing, local Echo",
       kInOpen | kInClosing,
       {E::kLocalEcho},
       {},
       ControlFrame(Control::kEcho, "echo", kAreYouThere),
       {}},
      {"Open or Closing, Echo-Reply", kInOpen | kInClosing, {E::kEchoReplyDue}, {}, "", {}},
      {"Open or Closing, ignored",
       kInOpen | kInClosing,
       {E::kStatus, E::kOtherLine, E::kValidAuthentication, E::kInvalidAuthentication,
        E::kUnknownControl, E::kEchoReplyStray},
       {},
       "",
       {Kind::kNote}},
      {"Open or Closing, three in a row",
       kInOpen | kInClosing,
       {E::kThirdNonsense},
       S::kClosed,
       "",
       {Kind::kNote, Kind::kDown}},
      {"Open or Closing, framing lost",
       kInOpen | kInClosing,
       {E::kLostFraming},
       S::kClosed,
       failed("t2", "Bad content length"),
       {Kind::kDown}},
      {"Open or Closing, framing lost in a Status",
       kInOpen | kInClosing,
       {E::kLostFramingOfStatus},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Open or Closing, too slow",
       kInOpen | kInClosing,
       {E::kHeaderStalls, E::kBodyStalls},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Open or Closing, cut",
       kInOpen | kInClosing,
       {E::kLocalDrop},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Any state, network error", ~kInClosed, {E::kDisconnected}, S::kClosed, "", {Kind::kDown}},
  };
}

struct Case {
  Row row;
  S state;
  E event;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.row.clause; }

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const Row& row : Rows()) {
    for (const S state : kStates) {
      if ((row.states & Bit(state)) == 0) continue;
      for (const E event : row.events) cases.push_back({row, state, event});
    }
  }
  return cases;
}

class GatewayTable : public ::testing::TestWithParam<Case> {
 protected:
  GatewaySettings Settings() {
    GatewaySettings settings;
    settings.greeting = "payment.gateway.com is ready";
    settings.max_outstanding = 2;
    settings.max_message_bytes = 100;
    settings.secret = [this](std::string_view id, std::string_view) {
      return id == "merchant.example.com" ? &secret_ : nullptr;
    };
    return settings;
  }

  void Receive(std::string_view text) { line_.Received(ToOctets(text), now_); }

  void Clear() {
    line_.TakeOutput();
    while (line_.NextEvent()) {
    }
  }

  // Open and Closing have one request outstanding, tag t1.  Closed is a connection that was open,
  // unless it is about to be accepted.
  void Bring(S state, E event) {
    const bool accepts = event <= E::kAcceptChallenge;
    if (state == S::kClosed && accepts) return;
    const bool plain = event == E::kGreetingTakenPlain;
    line_.Accept("192.0.2.1", true, plain ? std::string_view() : kChallenge, now_);
    if (state == S::kGreeting) return;
    Clear();
    if (state == S::kAuthenticating && plain) FAIL() << "no such state without challenge";
    if (state == S::kAuthenticating) return;
    if (!plain) Authenticate();
    Receive(SetFrame("t1", "due"));
    if (event == E::kRequestAboveLimit) Receive(SetFrame("t2", "x"));
    if (state == S::kClosing) line_.Close(kReason, now_);
    if (state == S::kClosed) line_.Disconnected("reset");
    Clear();
  }

  void Authenticate() {
    Receive("Authentication|merchant.example.com|zJ1k9E44A4s6t7qcA0L3CCsgN5w=\r\n");
  }

  void LetTimePass() {
    now_ = line_.deadline().value_or(now_ + 86400000);
    line_.Tick(now_);
  }

  static std::string Bad(std::string_view headers, std::string_view length = "1") {
    return std::string(headers) + "\r\nContent-Length: " + std::string(length) + "\r\n\r\nx";
  }

  void Cause(E event) {
    constexpr RequestId kDue = 1;
    constexpr std::string_view kSet = "Content-Type: application/set-payment;msg-tag=\"t2\"";
    const std::string status = StatusFrame(StatusClass::kInfo, 0, "t1", "x");
    switch (event) {
      case E::kAcceptDenied:
        return line_.Accept("203.0.113.9", false, kChallenge, now_);
      case E::kAcceptPlain:
        return line_.Accept("192.0.2.1", true, {}, now_);
      case E::kAcceptChallenge:
        return line_.Accept("192.0.2.1", true, kChallenge, now_);
      case E::kGreetingTakenPlain:
      case E::kGreetingTakenChallenge:
        line_.TakeOutput();
        return;
      case E::kValidAuthentication:
        return Authenticate();
      case E::kInvalidAuthentication:
        return Receive("Authentication|merchant.example.com|zJ1k9E44A4s6t7qcA0L3CCsgN5x=\r\n");
      case E::kOtherLine:
        return Receive("HELO\r\n");
      case E::kRequest:
        return Receive(SetFrame("t2", "x"));
      case E::kRequestAboveLimit:
        return Receive(SetFrame("t3", "x"));
      case E::kBadType:
        return Receive(Bad("Content-Type: text/html;msg-tag=\"t2\""));
      case E::kBadEncoding:
        return Receive(Bad(std::string(kSet) + "\r\nContent-Transfer-Encoding: base64"));
      case E::kBadTag:
        return Receive(SetFrame(std::string(33, 'x'), "x"));
      case E::kTooBig:
        return Receive(SetFrame("t2", std::string(101, 'x')));
      case E::kLostFraming:
        return Receive(Bad(kSet, "x"));
      case E::kLostFramingOfStatus:
        return Receive(
            Bad("Content-Type: text/set-transport;control=status;class=info;msg-tag=t1", "x"));
      case E::kEcho:
        return Receive(ControlFrame(Control::kEcho, "e1", kAreYouThere));
      case E::kEchoReplyDue:
        if (line_.state() != S::kGreeting) {
          line_.Echo();
          line_.TakeOutput();
        }
        [[fallthrough]];
      case E::kEchoReplyStray:
        return Receive(ControlFrame(Control::kEchoReply, "echo", kAreYouThere));
      case E::kClose:
        return Receive(ControlFrame(Control::kClose, "c1", "idle-connection"));
      case E::kCloseReply:
        return Receive(ControlFrame(Control::kCloseReply, "close", kReason));
      case E::kStatus:
        return Receive(status);
      case E::kUnknownControl:
        return Receive(Bad("Content-Type: text/set-transport;control=dance"));
      case E::kThirdNonsense:
        Receive(status + "HELO\r\n");
        if (line_.state() != S::kClosed) Clear();
        return Receive(status);
      case E::kLocalClose:
        return line_.Close(kReason, now_);
      case E::kLocalDrop:
        return line_.Drop("cut");
      case E::kLocalEcho:
        return line_.Echo();
      case E::kResponseReady:
        return line_.Respond(kDue, ToOctets("answer"), now_);
      case E::kBusy:
        return line_.Refuse(kDue, StatusClass::kRetry, 7, "Busy", now_);
      case E::kServiceDown:
        return line_.Refuse(kDue, StatusClass::kFailed, 0, "Service unavailable", now_);
      case E::kSlow:
        return line_.Inform(kDue, "Slow financial network");
      case E::kTimer:
        return LetTimePass();
      case E::kHeaderStalls:
        Receive("MIME-V");
        return LetTimePass();
      case E::kBodyStalls:
        Receive(std::string(kSet) + "\r\nContent-Length: 9\r\n\r\nx");
        return LetTimePass();
      case E::kDisconnected:
        return line_.Disconnected("reset");
      case E::kEnd:
        return;
    }
  }

  SecretOctets secret_{ToOctets("tanstaaf")};
  GatewaySettings settings_ = Settings();
  std::int64_t now_ = 1000;
  GatewayConnection line_{settings_};
};

TEST_P(GatewayTable, HoldsRowByRow) {
  const Case& c = GetParam();
  // Authenticating exists with a challenge only: its Greeting was taken with one.
  const bool plain_authenticating =
      c.state == S::kAuthenticating && c.event == E::kGreetingTakenPlain;
  const E as = plain_authenticating ? E::kGreetingTakenChallenge : c.event;
  Bring(c.state, as);
  Cause(as);
  EXPECT_EQ(line_.state(), c.row.next.value_or(c.state));
  EXPECT_EQ(line_.TakeOutput(), c.row.output);
  std::vector<Kind> kinds;
  while (auto event = line_.NextEvent()) kinds.push_back(event->kind);
  EXPECT_EQ(kinds, c.row.kinds);
  if (c.row.next == S::kClosed) {
    EXPECT_FALSE(line_.deadline());
    EXPECT_EQ(line_.outstanding(), 0U);
  }
}

std::string CaseName(const ::testing::TestParamInfo<Case>& info) {
  std::string name;
  for (const char c : info.param.row.clause) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name.push_back(c);
  }
  return name + "_" + std::to_string(static_cast<int>(info.param.state)) + "_" +
         std::to_string(static_cast<int>(info.param.event));
}

INSTANTIATE_TEST_SUITE_P(Section52, GatewayTable, ::testing::ValuesIn(Cases()), CaseName);

TEST(GatewayTableItself, SpeaksOfEveryStateAndEventOnce) {
  std::map<std::pair<S, E>, int> rows;
  for (const Case& c : Cases()) ++rows[{c.state, c.event}];
  for (const S state : kStates) {
    for (int event = 0; event < static_cast<int>(E::kEnd); ++event) {
      const std::pair pair(state, static_cast<E>(event));
      EXPECT_EQ(rows[pair], 1) << "state " << static_cast<int>(state) << ", event " << event;
    }
  }
}

}  // namespace
}  // namespace setcore::transport
