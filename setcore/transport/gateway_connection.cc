#include "setcore/transport/gateway_connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "setcore/transport/rrpid.h"

namespace setcore::transport {
namespace {

constexpr std::string_view kClosingText = "Connection is closing";
constexpr std::string_view kTooManyText = "Too many outstanding requests";
constexpr int kNonsenseLimit = 3;

}  // namespace

enum class GatewayConnection::Input : std::uint8_t {
  kAcceptDenied,
  kAcceptPlain,
  kAcceptChallenge,
  kEarlyData,  // before the Greeting was taken
  kGreetedPlain,
  kGreetedChallenge,
  kAuthentic,
  kNotAuthentic,
  kOtherLine,
  kRequest,
  kRequestAboveLimit,
  kBadRequest,
  kEcho,
  kEchoReply,
  kClose,
  kCloseReply,
  kIgnorable,  // unknown control
  kNonsense,   // Status, an unwrapped line
  kFramingLost,
  kStatusLost,  // the same, in a Status, which nobody answers
  kLocalClose,
  kTimer,
  kStalled,  // header or body took too long
};

enum class GatewayConnection::Action : std::uint8_t {
  kGreetDenied,
  kGreetOpen,
  kGreetChallenge,
  kAwait,
  kDownWithoutAWord,
  kWelcome,
  kRefuseMerchant,
  kDown,
  kTakeRequest,
  kStatusRetry,
  kStatusFailed,
  kStatusClosing,
  kEchoReply,
  kEchoSeen,
  kCloseReplyAndDown,
  kSendClose,
  kIgnore,
  kCountNonsense,
  kStatusFailedAndDown,
};

struct GatewayConnection::Row {
  GatewayState state;
  Input input;
  Action action;
  GatewayState next;
};

// tcp-transport.md, 5.2, row by row.  A pair that is missing cannot happen or is ignored.
const GatewayConnection::Row* GatewayConnection::FindRow(GatewayState state, Input input) {
  using S = GatewayState;
  using I = Input;
  using A = Action;
  static constexpr std::array kRows = {
      Row{S::kClosed, I::kAcceptDenied, A::kGreetDenied, S::kClosed},
      Row{S::kClosed, I::kAcceptPlain, A::kGreetOpen, S::kGreeting},
      Row{S::kClosed, I::kAcceptChallenge, A::kGreetChallenge, S::kGreeting},

      Row{S::kGreeting, I::kGreetedPlain, A::kAwait, S::kOpen},
      Row{S::kGreeting, I::kGreetedChallenge, A::kAwait, S::kAuthenticating},
      Row{S::kGreeting, I::kEarlyData, A::kDownWithoutAWord, S::kClosed},
      Row{S::kGreeting, I::kLocalClose, A::kDownWithoutAWord, S::kClosed},
      Row{S::kGreeting, I::kTimer, A::kDownWithoutAWord, S::kClosed},

      Row{S::kAuthenticating, I::kAuthentic, A::kWelcome, S::kOpen},
      Row{S::kAuthenticating, I::kNotAuthentic, A::kRefuseMerchant, S::kClosed},
      Row{S::kAuthenticating, I::kOtherLine, A::kDown, S::kClosed},  // D-64
      Row{S::kAuthenticating, I::kLocalClose, A::kDown, S::kClosed},
      Row{S::kAuthenticating, I::kTimer, A::kDown, S::kClosed},

      Row{S::kOpen, I::kRequest, A::kTakeRequest, S::kOpen},
      Row{S::kOpen, I::kRequestAboveLimit, A::kStatusRetry, S::kOpen},
      Row{S::kOpen, I::kBadRequest, A::kStatusFailed, S::kOpen},
      Row{S::kOpen, I::kClose, A::kCloseReplyAndDown, S::kClosed},
      Row{S::kOpen, I::kLocalClose, A::kSendClose, S::kClosing},
      Row{S::kOpen, I::kEcho, A::kEchoReply, S::kOpen},
      Row{S::kOpen, I::kEchoReply, A::kEchoSeen, S::kOpen},
      Row{S::kOpen, I::kCloseReply, A::kIgnore, S::kOpen},
      Row{S::kOpen, I::kIgnorable, A::kIgnore, S::kOpen},
      Row{S::kOpen, I::kNonsense, A::kCountNonsense, S::kOpen},
      Row{S::kOpen, I::kFramingLost, A::kStatusFailedAndDown, S::kClosed},
      Row{S::kOpen, I::kStatusLost, A::kDown, S::kClosed},
      Row{S::kOpen, I::kStalled, A::kDown, S::kClosed},

      Row{S::kClosing, I::kRequest, A::kStatusClosing, S::kClosing},  // D-65
      Row{S::kClosing, I::kRequestAboveLimit, A::kStatusClosing, S::kClosing},
      Row{S::kClosing, I::kBadRequest, A::kStatusFailed, S::kClosing},
      Row{S::kClosing, I::kCloseReply, A::kDown, S::kClosed},
      Row{S::kClosing, I::kClose, A::kDown, S::kClosed},
      Row{S::kClosing, I::kTimer, A::kDown, S::kClosed},
      Row{S::kClosing, I::kEcho, A::kEchoReply, S::kClosing},
      Row{S::kClosing, I::kEchoReply, A::kEchoSeen, S::kClosing},
      Row{S::kClosing, I::kIgnorable, A::kIgnore, S::kClosing},
      Row{S::kClosing, I::kNonsense, A::kCountNonsense, S::kClosing},
      Row{S::kClosing, I::kFramingLost, A::kStatusFailedAndDown, S::kClosed},
      Row{S::kClosing, I::kStatusLost, A::kDown, S::kClosed},
      Row{S::kClosing, I::kStalled, A::kDown, S::kClosed},
  };
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const Row& r) { return r.state == state && r.input == input; });
  return row == kRows.end() ? nullptr : &*row;
}

void GatewayConnection::Handle(Input input, std::int64_t now_ms) {
  const Row* row = FindRow(state_, input);
  if (row == nullptr) return;
  state_ = row->next;
  if (row->action != Action::kCountNonsense) nonsense_ = 0;
  Perform(row->action, now_ms);
}

void GatewayConnection::Perform(Action action, std::int64_t now_ms) {
  const std::string_view body(reinterpret_cast<const char*>(frame_.body.data()),
                              frame_.body.size());
  const auto opened = [this] {
    deadline_.reset();
    GatewayEvent event;
    event.kind = GatewayEvent::Kind::kOpened;
    event.text = transport_id_;
    events_.push_back(std::move(event));
  };
  switch (action) {
    case Action::kGreetDenied:
      output_ += LineError("Invalid merchant address");
      GoDown("address not allowed");
      break;
    case Action::kGreetOpen:
      output_ += GreetingOk(settings_.greeting, {});
      opened();
      break;
    case Action::kGreetChallenge:
      deadline_ = now_ms + settings_.t30_ms;
      output_ += GreetingOk(settings_.greeting, text_);
      greeting_line_ = output_.substr(0, output_.size() - 2);
      break;
    case Action::kAwait:
      break;
    case Action::kDownWithoutAWord:
      output_.clear();
      GoDown(text_);
      break;
    case Action::kWelcome:
      output_ += AuthenticationReplyOk("welcome");
      opened();
      break;
    case Action::kRefuseMerchant:
      output_ += LineError("Authentication failed");
      GoDown("authentication failed");
      break;
    case Action::kDown:
      GoDown(text_);
      break;
    case Action::kTakeRequest: {
      GatewayEvent event;
      event.kind = GatewayEvent::Kind::kRequest;
      event.request = next_request_++;
      if (frame_.tag) event.tag = frame_.tag->value;
      event.message = std::move(frame_.body);
      outstanding_.push_back({event.request, std::move(frame_.tag)});
      events_.push_back(std::move(event));
      break;
    }
    case Action::kStatusRetry:
      AppendStatus(output_, StatusClass::kRetry, settings_.retry_delay_s, frame_.tag, kTooManyText);
      Note("request to be sent again later: too many are outstanding");
      break;
    case Action::kStatusFailed:
      AppendStatus(output_, StatusClass::kFailed, 0, frame_.tag, frame_.text);
      Note("request refused: " + frame_.text);
      break;
    case Action::kStatusClosing:
      AppendStatus(output_, StatusClass::kClosing, 0, frame_.tag, kClosingText);
      Note("request not taken: the connection is closing");
      break;
    case Action::kEchoReply:
      AppendControl(output_, Control::kEchoReply, frame_.tag, body);
      break;
    case Action::kEchoSeen:
      if (echoes_ == 0) {
        Note("echo-reply without echo");
      } else {
        --echoes_;
      }
      break;
    case Action::kCloseReplyAndDown:
      AppendControl(output_, Control::kCloseReply, frame_.tag, body);
      GoDown("closed by the merchant: " + ForLog(body));
      break;
    case Action::kSendClose:
      deadline_ = now_ms + settings_.t120_ms;
      AppendControl(output_, Control::kClose, QuotedTag("close"), text_);
      break;
    case Action::kIgnore:
      Note(text_);
      break;
    case Action::kCountNonsense:
      Note(text_);
      if (++nonsense_ >= kNonsenseLimit) GoDown("three messages in a row that have no place here");
      break;
    case Action::kStatusFailedAndDown:
      AppendStatus(output_, StatusClass::kFailed, 0, frame_.tag, text_);
      GoDown("framing lost: " + text_);
      break;
  }
}

void GatewayConnection::Accept(std::string_view peer, bool allowed, std::string_view challenge,
                               std::int64_t now_ms) {
  if (state_ != GatewayState::kClosed) return;
  peer_ = peer;
  text_ = challenge;
  challenged_ = !challenge.empty();
  Handle(!allowed            ? Input::kAcceptDenied
         : challenge.empty() ? Input::kAcceptPlain
                             : Input::kAcceptChallenge,
         now_ms);
}

void GatewayConnection::Received(OctetView octets, std::int64_t now_ms) {
  if (!octets.empty() && state_ == GatewayState::kGreeting) {
    text_ = "data before the Greeting";
    return Handle(Input::kEarlyData, now_ms);
  }
  bool finished = false;
  while (!octets.empty() && state_ != GatewayState::kClosed) {
    if (state_ == GatewayState::kAuthenticating) {
      const LineReader::Outcome outcome = lines_.Feed(octets);
      if (outcome == LineReader::Outcome::kLine) HandleLine(lines_.line(), now_ms);
      if (outcome == LineReader::Outcome::kTooLong) {
        text_ = "line too long";
        Handle(Input::kOtherLine, now_ms);
      }
      continue;
    }
    const FrameReader::Outcome outcome = frames_.Feed(octets);
    if (outcome == FrameReader::Outcome::kFrame) {
      finished = true;
      HandleFrame(now_ms);
    }
    if (outcome == FrameReader::Outcome::kLost) {
      frame_ = std::move(frames_.frame());
      text_ = frames_.lost_text();
      const bool status = frame_.control_type && frame_.control == Control::kStatus;
      Handle(status ? Input::kStatusLost : Input::kFramingLost, now_ms);
    }
  }
  WatchPhase(now_ms, finished);
}

// A header and a body each have a deadline from their first octet on.
void GatewayConnection::WatchPhase(std::int64_t now_ms, bool restart) {
  if (state_ == GatewayState::kClosed) return;
  const FrameReader::Phase phase = frames_.phase();
  if (phase == phase_ && !restart) return;
  phase_ = phase;
  stall_deadline_.reset();
  if (phase == FrameReader::Phase::kHeader) stall_deadline_ = now_ms + settings_.header_timeout_ms;
  if (phase == FrameReader::Phase::kBody) stall_deadline_ = now_ms + settings_.body_timeout_ms;
}

bool GatewayConnection::IsAuthentic(std::string_view line) {
  const auto authentication = ParseAuthentication(line);
  if (!authentication->well_formed) return false;
  const SecretOctets* secret = settings_.secret(authentication->transport_id, peer_);
  // An unknown merchant costs the same time as a wrong secret and gets the same answer.
  const std::string expected =
      AuthenticationResponse(greeting_line_, authentication->transport_id,
                             secret != nullptr ? secret->view() : OctetView{});
  const bool same = SameAuthenticationResponse(expected, authentication->response);
  if (!same || secret == nullptr) return false;
  transport_id_ = authentication->transport_id;
  return true;
}

void GatewayConnection::HandleLine(std::string_view line, std::int64_t now_ms) {
  if (!ParseAuthentication(line)) {
    text_ = "something else than Authentication";
    return Handle(Input::kOtherLine, now_ms);
  }
  Handle(IsAuthentic(line) ? Input::kAuthentic : Input::kNotAuthentic, now_ms);
}

void GatewayConnection::HandleFrame(std::int64_t now_ms) {
  ++messages_;
  frame_ = std::move(frames_.frame());
  text_ = ForLog(frame_.text);
  switch (frame_.kind) {
    case FrameKind::kSet:
      return Handle(outstanding_.size() < static_cast<std::size_t>(settings_.max_outstanding)
                        ? Input::kRequest
                        : Input::kRequestAboveLimit,
                    now_ms);
    case FrameKind::kControl: {
      constexpr std::array kInputs = {Input::kClose, Input::kCloseReply, Input::kNonsense,
                                      Input::kEcho, Input::kEchoReply};
      text_ = std::string(Name(frame_.control)) +
              (state_ == GatewayState::kClosing ? " while closing" : " out of place");
      return Handle(kInputs[static_cast<std::size_t>(frame_.control)], now_ms);
    }
    case FrameKind::kUnknown:
      return Handle(Input::kIgnorable, now_ms);
    case FrameKind::kBad:
      return Handle(frame_.control_type ? Input::kIgnorable : Input::kBadRequest, now_ms);
    case FrameKind::kLine:
      text_ = "a line that is no header";
      return Handle(Input::kNonsense, now_ms);
  }
}

std::deque<GatewayConnection::Outstanding>::iterator GatewayConnection::Find(RequestId request) {
  return std::find_if(outstanding_.begin(), outstanding_.end(),
                      [&](const Outstanding& o) { return o.request == request; });
}

void GatewayConnection::Respond(RequestId request, OctetView message, std::int64_t) {
  const auto it = Find(request);
  if (it == outstanding_.end()) return;
  AppendSetMessage(output_, it->tag, message);
  outstanding_.erase(it);
}

void GatewayConnection::Refuse(RequestId request, StatusClass status_class, std::uint32_t delay_s,
                               std::string_view text, std::int64_t) {
  const auto it = Find(request);
  if (it == outstanding_.end()) return;
  AppendStatus(output_, status_class, delay_s, it->tag, text);
  outstanding_.erase(it);
}

void GatewayConnection::Inform(RequestId request, std::string_view text) {
  const auto it = Find(request);
  if (it != outstanding_.end()) {
    AppendStatus(output_, StatusClass::kInfo, 0, it->tag, text);
  }
}

void GatewayConnection::Close(std::string_view reason, std::int64_t now_ms) {
  text_ = reason;
  Handle(Input::kLocalClose, now_ms);
}

void GatewayConnection::Drop(std::string_view why) {
  if (state_ == GatewayState::kClosed) return;
  if (state_ == GatewayState::kGreeting) output_.clear();
  GoDown(why);
}

void GatewayConnection::Echo() {
  if (state_ != GatewayState::kOpen && state_ != GatewayState::kClosing) return;
  ++echoes_;
  AppendControl(output_, Control::kEcho, QuotedTag("echo"), "Are you there?");
}

void GatewayConnection::Disconnected(std::string_view why) { Drop(why); }

std::optional<std::int64_t> GatewayConnection::deadline() const {
  if (!deadline_ || !stall_deadline_) return deadline_ ? deadline_ : stall_deadline_;
  return std::min(*deadline_, *stall_deadline_);
}

void GatewayConnection::Tick(std::int64_t now_ms) {
  if (stall_deadline_ && now_ms >= *stall_deadline_) {
    stall_deadline_.reset();
    text_ = phase_ == FrameReader::Phase::kHeader ? "header too slow" : "body too slow";
    Handle(Input::kStalled, now_ms);
  }
  if (deadline_ && now_ms >= *deadline_) {
    deadline_.reset();
    text_ =
        state_ == GatewayState::kClosing ? "no Close-Reply in time" : "no Authentication in time";
    Handle(Input::kTimer, now_ms);
  }
}

void GatewayConnection::GoDown(std::string_view why) {
  state_ = GatewayState::kClosed;
  deadline_.reset();
  stall_deadline_.reset();
  outstanding_.clear();
  GatewayEvent event;
  event.kind = GatewayEvent::Kind::kDown;
  event.text = why;
  events_.push_back(std::move(event));
}

void GatewayConnection::Note(std::string text) {
  GatewayEvent event;
  event.text = std::move(text);
  events_.push_back(std::move(event));
}

std::optional<GatewayEvent> GatewayConnection::NextEvent() {
  if (events_.empty()) return std::nullopt;
  GatewayEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::string GatewayConnection::TakeOutput() {
  Handle(challenged_ ? Input::kGreetedChallenge : Input::kGreetedPlain, 0);
  return std::exchange(output_, {});
}

}  // namespace setcore::transport
