#include "setcore/transport/merchant_connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "setcore/transport/rrpid.h"

namespace setcore::transport {

enum class MerchantConnection::Input : std::uint8_t {
  kConnected,
  kGreetingOpen,       // +OK, no challenge
  kGreetingChallenge,  // +OK with a challenge that can be answered
  kNoSecret,           // +OK with a challenge, but no secret is agreed
  kLineError,          // -ERR
  kReplyOk,
  kBadLine,
  kSetMessage,
  kStatus,
  kEcho,
  kEchoReply,
  kClose,
  kCloseReply,
  kIgnorable,  // what 4.5 says to ignore, and a frame that was skipped
  kFramingLost,
  kLocalClose,  // wished, and nothing outstanding
  kDrained,     // nothing outstanding any more
  kTimer,
};

enum class MerchantConnection::Action : std::uint8_t {
  kAwaitGreeting,
  kOpened,
  kAuthenticate,
  kDeliver,
  kStatus,
  kEchoReply,
  kEchoSeen,
  kIgnore,
  kSendClose,
  kPeerClose,
  kCloseReplyAndDown,
  kDown,
};

struct MerchantConnection::Row {
  MerchantState state;
  Input input;
  Action action;
  MerchantState next;
};

// tcp-transport.md, 5.1, row by row.  A pair that is missing cannot happen or is ignored.
const MerchantConnection::Row* MerchantConnection::FindRow(MerchantState state, Input input) {
  using S = MerchantState;
  using I = Input;
  using A = Action;
  static constexpr std::array kRows = {
      Row{S::kClosed, I::kConnected, A::kAwaitGreeting, S::kGreeting},

      Row{S::kGreeting, I::kGreetingOpen, A::kOpened, S::kOpen},
      Row{S::kGreeting, I::kGreetingChallenge, A::kAuthenticate, S::kAuthenticating},
      Row{S::kGreeting, I::kNoSecret, A::kDown, S::kClosed},
      Row{S::kGreeting, I::kLineError, A::kDown, S::kClosed},
      Row{S::kGreeting, I::kBadLine, A::kDown, S::kClosed},
      Row{S::kGreeting, I::kTimer, A::kDown, S::kClosed},

      Row{S::kAuthenticating, I::kReplyOk, A::kOpened, S::kOpen},
      Row{S::kAuthenticating, I::kLineError, A::kDown, S::kClosed},
      Row{S::kAuthenticating, I::kBadLine, A::kDown, S::kClosed},
      Row{S::kAuthenticating, I::kTimer, A::kDown, S::kClosed},

      Row{S::kOpen, I::kSetMessage, A::kDeliver, S::kOpen},
      Row{S::kOpen, I::kStatus, A::kStatus, S::kOpen},
      Row{S::kOpen, I::kEcho, A::kEchoReply, S::kOpen},
      Row{S::kOpen, I::kEchoReply, A::kEchoSeen, S::kOpen},
      Row{S::kOpen, I::kLocalClose, A::kSendClose, S::kClosingOwn},
      Row{S::kOpen, I::kClose, A::kPeerClose, S::kClosingPeer},
      Row{S::kOpen, I::kCloseReply, A::kIgnore, S::kOpen},
      Row{S::kOpen, I::kIgnorable, A::kIgnore, S::kOpen},
      Row{S::kOpen, I::kFramingLost, A::kDown, S::kClosed},

      Row{S::kClosingOwn, I::kSetMessage, A::kDeliver, S::kClosingOwn},
      Row{S::kClosingOwn, I::kStatus, A::kStatus, S::kClosingOwn},
      Row{S::kClosingOwn, I::kEcho, A::kEchoReply, S::kClosingOwn},
      Row{S::kClosingOwn, I::kEchoReply, A::kEchoSeen, S::kClosingOwn},
      Row{S::kClosingOwn, I::kIgnorable, A::kIgnore, S::kClosingOwn},
      Row{S::kClosingOwn, I::kCloseReply, A::kDown, S::kClosed},
      Row{S::kClosingOwn, I::kClose, A::kDown, S::kClosed},
      Row{S::kClosingOwn, I::kTimer, A::kDown, S::kClosed},
      Row{S::kClosingOwn, I::kFramingLost, A::kDown, S::kClosed},

      Row{S::kClosingPeer, I::kSetMessage, A::kDeliver, S::kClosingPeer},
      Row{S::kClosingPeer, I::kStatus, A::kStatus, S::kClosingPeer},
      Row{S::kClosingPeer, I::kEcho, A::kEchoReply, S::kClosingPeer},
      Row{S::kClosingPeer, I::kEchoReply, A::kEchoSeen, S::kClosingPeer},
      Row{S::kClosingPeer, I::kIgnorable, A::kIgnore, S::kClosingPeer},
      Row{S::kClosingPeer, I::kClose, A::kIgnore, S::kClosingPeer},
      Row{S::kClosingPeer, I::kCloseReply, A::kIgnore, S::kClosingPeer},
      Row{S::kClosingPeer, I::kDrained, A::kCloseReplyAndDown, S::kClosed},
      Row{S::kClosingPeer, I::kFramingLost, A::kDown, S::kClosed},
  };
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const Row& r) { return r.state == state && r.input == input; });
  return row == kRows.end() ? nullptr : &*row;
}

void MerchantConnection::Handle(Input input, std::int64_t now_ms) {
  const Row* row = FindRow(state_, input);
  if (row == nullptr) return;
  state_ = row->next;
  Perform(row->action, now_ms);
}

void MerchantConnection::Perform(Action action, std::int64_t now_ms) {
  switch (action) {
    case Action::kAwaitGreeting:
      deadline_ = now_ms + settings_.t30_ms;
      break;
    case Action::kOpened: {
      deadline_.reset();
      MerchantEvent event;
      event.kind = MerchantEvent::Kind::kOpened;
      event.text = ForLog(text_);
      events_.push_back(std::move(event));
      CheckDrained(now_ms);
      break;
    }
    case Action::kAuthenticate:
      deadline_ = now_ms + settings_.t30_ms;
      output_ +=
          AnswerChallenge(challenge_, settings_.transport_id, settings_.shared_secret.view());
      break;
    case Action::kDeliver:
      Deliver();
      CheckDrained(now_ms);
      break;
    case Action::kStatus:
      ApplyStatus();
      CheckDrained(now_ms);
      break;
    case Action::kEchoReply:
      AppendControl(output_, Control::kEchoReply, frame_.tag,
                    {reinterpret_cast<const char*>(frame_.body.data()), frame_.body.size()});
      break;
    case Action::kEchoSeen:
      if (echoes_ == 0) {
        Note("echo-reply without echo");
      } else {
        --echoes_;
      }
      break;
    case Action::kIgnore:
      Note(text_);
      break;
    case Action::kSendClose:
      deadline_ = now_ms + settings_.t30_ms;
      AppendControl(output_, Control::kClose, MakeTag("close"), close_reason_);
      break;
    case Action::kPeerClose: {
      peer_close_tag_ = frame_.tag;
      peer_close_body_.assign(frame_.body.begin(), frame_.body.end());
      MerchantEvent event;
      event.kind = MerchantEvent::Kind::kPeerClosing;
      event.text = ForLog(peer_close_body_);
      events_.push_back(std::move(event));
      CheckDrained(now_ms);
      break;
    }
    case Action::kCloseReplyAndDown:
      AppendControl(output_, Control::kCloseReply, peer_close_tag_, peer_close_body_);
      GoDown("closed by the gateway: " + ForLog(peer_close_body_));
      break;
    case Action::kDown:
      GoDown(text_);
      break;
  }
}

void MerchantConnection::Connected(std::int64_t now_ms) { Handle(Input::kConnected, now_ms); }

void MerchantConnection::Received(OctetView octets, std::int64_t now_ms) {
  while (!octets.empty() && state_ != MerchantState::kClosed) {
    if (state_ == MerchantState::kGreeting || state_ == MerchantState::kAuthenticating) {
      const LineReader::Outcome outcome = lines_.Feed(octets);
      if (outcome == LineReader::Outcome::kLine) HandleLine(lines_.line(), now_ms);
      if (outcome == LineReader::Outcome::kTooLong) {
        text_ = "the gateway's line is too long";
        Handle(Input::kBadLine, now_ms);
      }
      continue;
    }
    const FrameReader::Outcome outcome = frames_.Feed(octets);
    if (outcome == FrameReader::Outcome::kFrame) HandleFrame(now_ms);
    if (outcome == FrameReader::Outcome::kLost) {
      text_ = "the gateway's framing is lost: " + std::string(frames_.lost_text());
      Handle(Input::kFramingLost, now_ms);
    }
  }
}

void MerchantConnection::HandleLine(std::string_view line, std::int64_t now_ms) {
  const bool first = state_ == MerchantState::kGreeting;
  const auto reply = first ? ParseGreeting(line) : ParseAuthenticationReply(line);
  if (!reply) {
    text_ = "the gateway sent something else than the line that was due";
    return Handle(Input::kBadLine, now_ms);
  }
  if (!reply->ok) {
    text_ = (first ? "the gateway refused the connection: " : "the gateway refused us: ") +
            ForLog(reply->text);
    return Handle(Input::kLineError, now_ms);
  }
  text_ = reply->text;
  if (!first) return Handle(Input::kReplyOk, now_ms);
  if (!reply->has_challenge_field) Note("greeting without a challenge field");  // A20
  if (reply->challenge.empty()) return Handle(Input::kGreetingOpen, now_ms);
  if (settings_.shared_secret.empty()) {
    text_ = "the gateway asks for authentication, but no shared secret is configured";
    return Handle(Input::kNoSecret, now_ms);
  }
  challenge_ = line;
  Handle(Input::kGreetingChallenge, now_ms);
}

void MerchantConnection::HandleFrame(std::int64_t now_ms) {
  frame_ = std::move(frames_.frame());
  text_ = ForLog(frame_.text);
  switch (frame_.kind) {
    case FrameKind::kSet:
      return Handle(Input::kSetMessage, now_ms);
    case FrameKind::kControl: {
      constexpr std::array kInputs = {Input::kClose, Input::kCloseReply, Input::kStatus,
                                      Input::kEcho, Input::kEchoReply};
      text_ = std::string(Name(frame_.control)) + " out of place";
      const Input input = kInputs[static_cast<std::size_t>(frame_.control)];
      if (state_ == MerchantState::kClosingOwn) text_ = "closed by us: " + close_reason_;
      return Handle(input, now_ms);
    }
    case FrameKind::kUnknown:
    case FrameKind::kBad:
    case FrameKind::kLine:
      return Handle(Input::kIgnorable, now_ms);
  }
}

// tcp-transport.md, 7: msg-tag, exact before case-folded; then RRPID; then the oldest untagged.
std::deque<MerchantConnection::Outstanding>::iterator MerchantConnection::Match(
    const std::optional<Tag>& tag, OctetView message) {
  const auto find = [this](auto&& fits) {
    return std::find_if(outstanding_.begin(), outstanding_.end(), fits);
  };
  if (tag && !tag->value.empty()) {
    const auto exact = find([&](const Outstanding& o) { return o.tag == tag->value; });
    if (exact != outstanding_.end()) return exact;
    return find([&](const Outstanding& o) { return o.tag && SameTagFolded(*o.tag, tag->value); });
  }
  if (const auto rrpid = PeekRrpid(message)) {
    const auto same = find([&](const Outstanding& o) {
      return o.rrpid && !o.abandoned && std::ranges::equal(*o.rrpid, *rrpid);
    });
    if (same != outstanding_.end()) return same;
  }
  const auto untagged = find([](const Outstanding& o) { return !o.tag; });
  if (untagged != outstanding_.end()) return untagged;
  // A peer that forgets tags can only mean the one request that there is.
  return outstanding_.size() == 1 ? outstanding_.begin() : outstanding_.end();
}

void MerchantConnection::Deliver() {
  const auto it = Match(frame_.tag, frame_.body);
  if (it == outstanding_.end()) return Note("response to nothing that is outstanding");
  const Outstanding found = *it;
  outstanding_.erase(it);
  if (found.abandoned) return Note("late response dropped");  // D-61
  MerchantEvent event;
  event.kind = MerchantEvent::Kind::kResponse;
  event.request = found.request;
  event.response = std::move(frame_.body);
  events_.push_back(std::move(event));
}

void MerchantConnection::ApplyStatus() {
  const auto it = Match(frame_.tag, {});
  if (it == outstanding_.end()) return Note("status for nothing that is outstanding");
  const Outstanding found = *it;
  if (frame_.status_class != StatusClass::kInfo) outstanding_.erase(it);
  if (found.abandoned) return;
  MerchantEvent event;
  event.kind = MerchantEvent::Kind::kStatus;
  event.request = found.request;
  event.status_class = frame_.status_class;
  event.delay_s = frame_.delay_s;
  event.text = ForLog({reinterpret_cast<const char*>(frame_.body.data()), frame_.body.size()});
  events_.push_back(std::move(event));
}

std::size_t MerchantConnection::outstanding() const {
  return static_cast<std::size_t>(std::count_if(outstanding_.begin(), outstanding_.end(),
                                                [](const Outstanding& o) { return !o.abandoned; }));
}

void MerchantConnection::CheckDrained(std::int64_t now_ms) {
  if (outstanding() > 0) return;
  if (state_ == MerchantState::kClosingPeer) return Handle(Input::kDrained, now_ms);
  if (close_wanted_) Handle(Input::kLocalClose, now_ms);
}

void MerchantConnection::Disconnected(std::string_view why) {
  if (state_ == MerchantState::kClosed) return;
  GoDown(why);
}

void MerchantConnection::Tick(std::int64_t now_ms) {
  if (!deadline_ || now_ms < *deadline_) return;
  deadline_.reset();
  text_ = state_ == MerchantState::kClosingOwn ? "the gateway did not answer Close in time"
          : state_ == MerchantState::kGreeting ? "the gateway sent no greeting in time"
                                               : "the gateway did not answer in time";
  Handle(Input::kTimer, now_ms);
}

bool MerchantConnection::CanSubmit() const {
  const int limit = settings_.tag_requests ? settings_.max_outstanding : 1;
  return state_ == MerchantState::kOpen && !close_wanted_ &&
         outstanding_.size() < static_cast<std::size_t>(limit);
}

void MerchantConnection::Submit(RequestId request, OctetView message, std::int64_t) {
  Outstanding entry;
  entry.request = request;
  std::optional<Tag> tag;
  if (settings_.tag_requests) {
    std::string number = std::to_string(next_tag_++);
    if (number.size() < 6) number.insert(0, 6 - number.size(), '0');
    tag = MakeTag(number);
    entry.tag = tag->value;
  }
  if (const auto rrpid = PeekRrpid(message)) entry.rrpid = Octets(rrpid->begin(), rrpid->end());
  outstanding_.push_back(std::move(entry));
  AppendSetMessage(output_, tag, message);
}

void MerchantConnection::Abandon(RequestId request, std::int64_t now_ms) {
  for (Outstanding& entry : outstanding_) {
    if (entry.request == request) entry.abandoned = true;
  }
  CheckDrained(now_ms);
}

void MerchantConnection::Close(std::string_view reason, std::int64_t now_ms) {
  if (close_wanted_) return;
  close_wanted_ = true;
  close_reason_ = reason;
  if (state_ == MerchantState::kOpen) CheckDrained(now_ms);
}

void MerchantConnection::Echo(std::int64_t) {
  if (state_ != MerchantState::kOpen && state_ != MerchantState::kClosingOwn &&
      state_ != MerchantState::kClosingPeer) {
    return;
  }
  ++echoes_;
  AppendControl(output_, Control::kEcho, MakeTag("echo"), "Are you there?");
}

Tag MerchantConnection::MakeTag(std::string_view end) const {
  const std::string_view prefix = settings_.tag_prefix;
  return QuotedTag(std::string(prefix.substr(0, kMaxTagCharacters - 1 - end.size())) + "." +
                   std::string(end));
}

void MerchantConnection::GoDown(std::string_view why) {
  state_ = MerchantState::kClosed;
  deadline_.reset();
  MerchantEvent event;
  event.kind = MerchantEvent::Kind::kDown;
  event.text = why;
  for (const Outstanding& entry : outstanding_) {
    if (!entry.abandoned) event.lost.push_back(entry.request);
  }
  outstanding_.clear();
  events_.push_back(std::move(event));
}

void MerchantConnection::Note(std::string text) {
  MerchantEvent event;
  event.text = std::move(text);
  events_.push_back(std::move(event));
}

std::optional<MerchantEvent> MerchantConnection::NextEvent() {
  if (events_.empty()) return std::nullopt;
  MerchantEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::string MerchantConnection::TakeOutput() { return std::exchange(output_, {}); }

}  // namespace setcore::transport
