// tcp-transport.md, 5.1 and 6, row by row: what every event does in every state of the merchant's
// side.  A last test finds pairs of state and event that no row or more than one row speaks of.
#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "setcore/transport/merchant_connection.h"
#include "unit/setcore/transport/text.h"

namespace setcore::transport {
namespace {

using Kind = MerchantEvent::Kind;
using S = MerchantState;

constexpr std::string_view kGreeting =
    "+OK|payment.gateway.com is ready|<3141 12:34:56 01/23/45 payment.gateway.com>\r\n";
constexpr std::string_view kReason = "equipment going out of service";
constexpr std::string_view kAreYouThere = "Are you there?";

enum class E : std::uint8_t {
  kConnected,
  kPlainGreeting,
  kChallenge,
  kChallengeWithoutSecret,
  kOkLine,
  kErrLine,
  kOtherLine,
  kLongLine,
  kResponse,
  kResponseToNothing,
  kStatusFailed,
  kStatusRetry,
  kStatusInfo,
  kStatusClosing,
  kStatusForNothing,
  kEcho,
  kEchoReplyDue,
  kEchoReplyStray,
  kClose,
  kCloseReply,
  kUnknownControl,
  kBadMessage,
  kLostFraming,
  kLocalClose,
  kLocalCloseIdle,
  kRequestTimesOut,
  kSubmit,
  kLocalEcho,
  kTimer,
  kDisconnected,
  kEnd,
};

constexpr unsigned Bit(S state) { return 1U << static_cast<unsigned>(state); }
constexpr unsigned kInClosed = Bit(S::kClosed);
constexpr unsigned kInGreeting = Bit(S::kGreeting);
constexpr unsigned kInAuthenticating = Bit(S::kAuthenticating);
constexpr unsigned kInOpen = Bit(S::kOpen);
constexpr unsigned kInClosingM = Bit(S::kClosingOwn);
constexpr unsigned kInClosingG = Bit(S::kClosingPeer);
constexpr unsigned kInAnyOpen = kInOpen | kInClosingM | kInClosingG;
constexpr std::array kStates = {S::kClosed, S::kGreeting,   S::kAuthenticating,
                                S::kOpen,   S::kClosingOwn, S::kClosingPeer};

struct Row {
  std::string_view clause;
  unsigned states;
  std::vector<E> events;
  std::optional<S> next;  // absent: the same state
  std::string output;
  std::vector<Kind> kinds;
  bool loses = false;  // the outstanding request is reported as lost
};

std::vector<Row> Rows() {
  const std::string close_reply = ControlFrame(Control::kCloseReply, "g1", kReason);
  const std::vector<E> messages = {E::kResponse,
                                   E::kResponseToNothing,
                                   E::kStatusFailed,
                                   E::kStatusRetry,
                                   E::kStatusInfo,
                                   E::kStatusClosing,
                                   E::kStatusForNothing,
                                   E::kEcho,
                                   E::kEchoReplyDue,
                                   E::kEchoReplyStray,
                                   E::kClose,
                                   E::kCloseReply,
                                   E::kUnknownControl,
                                   E::kBadMessage,
                                   E::kLostFraming};
  const std::vector<E> lines = {E::kPlainGreeting, E::kChallenge, E::kChallengeWithoutSecret,
                                E::kOkLine,        E::kErrLine,   E::kOtherLine};
  return {
      {"Closed, TCP connects", kInClosed, {E::kConnected}, S::kGreeting, "", {}},
      {"Closed, no connection, messages", kInClosed, messages, {}, "", {}},
      {"Closed, no connection, lines", kInClosed, lines, {}, "", {}},
      {"Closed, nothing happens",
       kInClosed,
       {E::kLongLine, E::kLocalClose, E::kLocalCloseIdle, E::kRequestTimesOut, E::kSubmit,
        E::kLocalEcho, E::kTimer, E::kDisconnected},
       {},
       "",
       {}},
      {"TCP connects once", ~kInClosed, {E::kConnected}, {}, "", {}},

      {"Greeting, no challenge", kInGreeting, {E::kPlainGreeting}, S::kOpen, "", {Kind::kOpened}},
      {"Greeting, two fields",
       kInGreeting,
       {E::kOkLine},
       S::kOpen,
       "",
       {Kind::kNote, Kind::kOpened}},
      {"Greeting, challenge",
       kInGreeting,
       {E::kChallenge},
       S::kAuthenticating,
       "Authentication|merchant.example.com|zJ1k9E44A4s6t7qcA0L3CCsgN5w=\r\n",
       {}},
      {"Greeting, challenge but no secret agreed",
       kInGreeting,
       {E::kChallengeWithoutSecret},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Greeting, ERR", kInGreeting, {E::kErrLine}, S::kClosed, "", {Kind::kDown}},
      {"Greeting, other data", kInGreeting, messages, S::kClosed, "", {Kind::kDown}},
      {"Greeting, other lines",
       kInGreeting,
       {E::kOtherLine, E::kLongLine},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Greeting, t30", kInGreeting, {E::kTimer}, S::kClosed, "", {Kind::kDown}},

      {"Authenticating, OK",
       kInAuthenticating,
       {E::kOkLine, E::kPlainGreeting, E::kChallenge, E::kChallengeWithoutSecret},
       S::kOpen,
       "",
       {Kind::kOpened}},
      {"Authenticating, ERR", kInAuthenticating, {E::kErrLine}, S::kClosed, "", {Kind::kDown}},
      {"Authenticating, other data", kInAuthenticating, messages, S::kClosed, "", {Kind::kDown}},
      {"Authenticating, other lines",
       kInAuthenticating,
       {E::kOtherLine, E::kLongLine},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Authenticating, t30", kInAuthenticating, {E::kTimer}, S::kClosed, "", {Kind::kDown}},
      {"Before Open, wishes wait",
       kInGreeting | kInAuthenticating,
       {E::kLocalClose, E::kLocalCloseIdle, E::kRequestTimesOut, E::kSubmit, E::kLocalEcho},
       {},
       "",
       {}},

      {"Open, response", kInOpen, {E::kResponse}, {}, "", {Kind::kResponse}},
      {"Open, Status",
       kInOpen,
       {E::kStatusFailed, E::kStatusRetry, E::kStatusInfo, E::kStatusClosing},
       {},
       "",
       {Kind::kStatus}},
      {"Open, request", kInOpen, {E::kSubmit}, {}, SetFrame("shop17.000002", "request"), {}},
      {"Open, wish to close, response outstanding", kInOpen, {E::kLocalClose}, {}, "", {}},
      {"Open, wish to close, nothing outstanding",
       kInOpen,
       {E::kLocalCloseIdle},
       S::kClosingOwn,
       ControlFrame(Control::kClose, "shop17.close", "idle-connection"),
       {}},
      {"Open, Close of the gateway",
       kInOpen,
       {E::kClose},
       S::kClosingPeer,
       "",
       {Kind::kPeerClosing}},
      {"Open, a request times out", kInOpen, {E::kRequestTimesOut}, {}, "", {}},
      {"Open, Close-Reply without Close", kInOpen, {E::kCloseReply}, {}, "", {Kind::kNote}},
      {"Open, no time-out", kInOpen, {E::kTimer}, {}, "", {}},

      {"Closing m, answers to what nobody waits for",
       kInClosingM,
       {E::kResponse},
       {},
       "",
       {Kind::kNote}},
      {"Closing m, Status for what nobody waits for",
       kInClosingM,
       {E::kStatusFailed, E::kStatusRetry, E::kStatusInfo, E::kStatusClosing},
       {},
       "",
       {}},
      {"Closing m, Close-Reply or Close",
       kInClosingM,
       {E::kCloseReply, E::kClose},
       S::kClosed,
       "",
       {Kind::kDown}},
      {"Closing m, t30", kInClosingM, {E::kTimer}, S::kClosed, "", {Kind::kDown}},
      {"Closing m, no new wishes",
       kInClosingM,
       {E::kLocalClose, E::kLocalCloseIdle, E::kRequestTimesOut, E::kSubmit},
       {},
       "",
       {}},

      {"Closing g, last response",
       kInClosingG,
       {E::kResponse},
       S::kClosed,
       close_reply,
       {Kind::kResponse, Kind::kDown}},
      {"Closing g, last request ended by Status",
       kInClosingG,
       {E::kStatusFailed, E::kStatusRetry, E::kStatusClosing},
       S::kClosed,
       close_reply,
       {Kind::kStatus, Kind::kDown}},
      {"Closing g, Status info", kInClosingG, {E::kStatusInfo}, {}, "", {Kind::kStatus}},
      {"Closing g, last request times out",
       kInClosingG,
       {E::kRequestTimesOut, E::kLocalCloseIdle},
       S::kClosed,
       close_reply,
       {Kind::kDown}},
      {"Closing g, a second Close or Close-Reply",
       kInClosingG,
       {E::kClose, E::kCloseReply},
       {},
       "",
       {Kind::kNote}},
      {"Closing g, no new requests", kInClosingG, {E::kSubmit, E::kLocalClose}, {}, "", {}},
      {"Closing g, no time-out", kInClosingG, {E::kTimer}, {}, "", {}},

      {"Open or Closing, Echo",
       kInAnyOpen,
       {E::kEcho},
       {},
       ControlFrame(Control::kEchoReply, "e1", kAreYouThere),
       {}},
      {"Open or Closing, local Echo",
       kInAnyOpen,
       {E::kLocalEcho},
       {},
       ControlFrame(Control::kEcho, "shop17.echo", kAreYouThere),
       {}},
      {"Open or Closing, Echo-Reply", kInAnyOpen, {E::kEchoReplyDue}, {}, "", {}},
      {"Open or Closing, ignored",
       kInAnyOpen,
       {E::kEchoReplyStray, E::kUnknownControl, E::kBadMessage, E::kResponseToNothing,
        E::kStatusForNothing},
       {},
       "",
       {Kind::kNote}},
      {"Open or Closing, unwrapped lines", kInAnyOpen, lines, {}, "", {Kind::kNote}},
      {"Open or Closing, framing lost",
       kInAnyOpen,
       {E::kLostFraming, E::kLongLine},
       S::kClosed,
       "",
       {Kind::kDown},
       true},
      {"Any state, TCP closed",
       kInGreeting | kInAuthenticating | kInAnyOpen,
       {E::kDisconnected},
       S::kClosed,
       "",
       {Kind::kDown},
       true},
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

class MerchantTable : public ::testing::TestWithParam<Case> {
 protected:
  MerchantTable() {
    settings_.transport_id = "merchant.example.com";
    settings_.shared_secret = SecretOctets(ToOctets("tanstaaf"));
    settings_.tag_prefix = "shop17";
  }

  void Receive(std::string_view text) { line_.Received(ToOctets(text), now_); }

  void Clear() {
    line_.TakeOutput();
    while (line_.NextEvent()) {
    }
  }

  // Open and Closing(g) wait for request 1; Closing(m) has given it up.  Closed is a connection
  // that was open, unless it is about to be made.
  void Bring(S state, E event) {
    if (state == S::kClosed && event == E::kConnected) return;
    line_.Connected(now_);
    if (state == S::kGreeting) return;
    Receive(kGreeting);
    if (state == S::kAuthenticating) return Clear();
    Receive("+OK|welcome\r\n");
    line_.Submit(1, ToOctets("request"), now_);
    if (state == S::kClosingOwn) {
      line_.Abandon(1, now_);
      line_.Close("idle-connection", now_);
    }
    if (state == S::kClosingPeer) Receive(ControlFrame(Control::kClose, "g1", kReason));
    if (state == S::kClosed) line_.Disconnected("reset");
    Clear();
  }

  void Status(StatusClass status_class, std::string_view tag = "shop17.000001") {
    Receive(StatusFrame(status_class, status_class == StatusClass::kRetry ? 5 : 0, tag, "why"));
  }

  void Cause(E event) {
    switch (event) {
      case E::kConnected:
        return line_.Connected(now_);
      case E::kPlainGreeting:
        return Receive("+OK|payment.gateway.com is ready|\r\n");
      case E::kChallenge:
        return Receive(kGreeting);
      case E::kChallengeWithoutSecret:
        settings_.shared_secret = SecretOctets();
        return Receive("+OK||<1.2@gw>\r\n");
      case E::kOkLine:
        return Receive("+OK|welcome\r\n");
      case E::kErrLine:
        return Receive("-ERR|\r\n");
      case E::kOtherLine:
        return Receive("HELO\r\n");
      case E::kLongLine:
        return Receive(std::string(1024, 'x'));
      case E::kResponse:
        return Receive(SetFrame("shop17.000001", "answer"));
      case E::kResponseToNothing:
        return Receive(SetFrame("shop17.000009", "answer"));
      case E::kStatusFailed:
        return Status(StatusClass::kFailed);
      case E::kStatusRetry:
        return Status(StatusClass::kRetry);
      case E::kStatusInfo:
        return Status(StatusClass::kInfo);
      case E::kStatusClosing:
        return Status(StatusClass::kClosing);
      case E::kStatusForNothing:
        return Status(StatusClass::kFailed, "shop17.000009");
      case E::kEcho:
        return Receive(ControlFrame(Control::kEcho, "e1", kAreYouThere));
      case E::kEchoReplyDue:
        line_.Echo(now_);
        line_.TakeOutput();
        [[fallthrough]];
      case E::kEchoReplyStray:
        return Receive(ControlFrame(Control::kEchoReply, "shop17.echo", kAreYouThere));
      case E::kClose:
        return Receive(ControlFrame(Control::kClose, "g1", kReason));
      case E::kCloseReply:
        return Receive(ControlFrame(Control::kCloseReply, "shop17.close", "idle-connection"));
      case E::kUnknownControl:
        return Receive(
            "Content-Type: text/set-transport;control=dance\r\nContent-Length: 0\r\n\r\n");
      case E::kBadMessage:
        return Receive("Content-Type: text/html\r\nContent-Length: 1\r\n\r\nx");
      case E::kLostFraming:
        return Receive("Content-Type: application/set-payment\r\nContent-Length: x\r\n\r\n");
      case E::kLocalClose:
        return line_.Close("idle-connection", now_);
      case E::kLocalCloseIdle:
        line_.Abandon(1, now_);
        return line_.Close("idle-connection", now_);
      case E::kRequestTimesOut:
        return line_.Abandon(1, now_);
      case E::kSubmit:
        if (line_.CanSubmit()) line_.Submit(2, ToOctets("request"), now_);
        return;
      case E::kLocalEcho:
        return line_.Echo(now_);
      case E::kTimer:
        now_ = line_.deadline().value_or(now_ + 86400000);
        return line_.Tick(now_);
      case E::kDisconnected:
        return line_.Disconnected("reset");
      case E::kEnd:
        return;
    }
  }

  MerchantSettings settings_;
  std::int64_t now_ = 1000;
  MerchantConnection line_{settings_};
};

TEST_P(MerchantTable, HoldsRowByRow) {
  const Case& c = GetParam();
  Bring(c.state, c.event);
  Cause(c.event);
  EXPECT_EQ(line_.state(), c.row.next.value_or(c.state));
  EXPECT_EQ(line_.TakeOutput(), c.row.output);
  std::vector<Kind> kinds;
  std::vector<RequestId> lost;
  while (auto event = line_.NextEvent()) {
    kinds.push_back(event->kind);
    lost.insert(lost.end(), event->lost.begin(), event->lost.end());
  }
  EXPECT_EQ(kinds, c.row.kinds);
  const bool waited = c.state == S::kOpen || c.state == S::kClosingPeer;
  EXPECT_EQ(lost, c.row.loses && waited ? std::vector<RequestId>{1} : std::vector<RequestId>{});
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

INSTANTIATE_TEST_SUITE_P(Section51, MerchantTable, ::testing::ValuesIn(Cases()), CaseName);

TEST(MerchantTableItself, SpeaksOfEveryStateAndEventOnce) {
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
