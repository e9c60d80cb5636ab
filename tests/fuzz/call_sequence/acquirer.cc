#include "fuzz/call_sequence/acquirer.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "bridge/translate/money.h"
#include "fuzz/target.h"
#include "setcore/compose_error.h"
#include "setcore/messages/glance.h"
#include "setcore/order.h"
#include "unit/setcore/vector_pki.h"

namespace call_sequence {
namespace {

using fuzz::Require;
using setcore::Octets;
using setcore::msg::AuthCode;
using setcore::msg::AuthRevCode;
using setcore::transport::GatewayEvent;
using setcore::transport::GatewayState;
using setcore::transport::StatusClass;

constexpr std::int64_t kDeclinedFrom = 100000;  // cents: more than any order that is to be approved
constexpr std::uint32_t kRetry_s = 5;

}  // namespace

std::string Hex(setcore::OctetView octets) {
  std::string out;
  for (const std::uint8_t octet : octets) {
    out += "0123456789abcdef"[octet >> 4];
    out += "0123456789abcdef"[octet & 15];
  }
  return out;
}

Acquirer::Acquirer(Dice& dice, const std::int64_t& now_ms)
    : dice_(dice),
      now_ms_(now_ms),
      signing_(vectors::KeyOf("set-1024", "gateway-sign")),
      exchange_(vectors::KeyOf("set-1024", "gateway-exchange")) {
  vectors::TrustRootOf("set-1024", trust_);
  keys_[0].signing = &signing_;
  keys_[0].exchange = &exchange_;
  settings_.secret = [](std::string_view, std::string_view) { return nullptr; };
}

void Acquirer::Reset() {
  mood_ = Mood::kAnswers;
  on_request_ = nullptr;
  sessions_.clear();
  answers_.clear();
  last_answer_.clear();
  by_rrpid_.clear();
  authorized_.clear();
  ledger_.clear();
}

tl::expected<bridge::FileDescriptor, std::string> Acquirer::Connect() {
  if (mood_ == Mood::kRefuses) return tl::unexpected(bridge::ErrorText(ECONNREFUSED));
  int ends[2];
  const int made = socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
  Require(made == 0, "there are sockets");
  Session& session = sessions_.emplace_back(settings_);
  session.socket = bridge::FileDescriptor(ends[1]);
  session.line.Accept("192.0.2.99", true, {}, 0);
  Write(session);
  return bridge::FileDescriptor(ends[0]);
}

std::int64_t Acquirer::Step(std::int64_t now_ms) {
  std::int64_t next = kNever;
  for (Session& session : sessions_) {
    if (const auto at = session.line.deadline(); at && *at <= now_ms) session.line.Tick(now_ms);
    ReadFrom(session, now_ms);
    Write(session);
  }
  std::erase_if(sessions_, [](const Session& session) { return session.gone; });
  for (const Session& session : sessions_) {
    if (const auto at = session.line.deadline()) next = std::min(next, *at);
  }
  return next;
}

void Acquirer::ReadFrom(Session& session, std::int64_t now_ms) {
  while (!session.gone && session.line.state() != GatewayState::kClosed) {
    std::array<std::uint8_t, 8192> buffer;
    const ssize_t n = recv(session.socket.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n <= 0) {
      session.gone = true;
      return;
    }
    session.line.Received({buffer.data(), static_cast<std::size_t>(n)}, now_ms);
    while (const auto event = session.line.NextEvent()) {
      if (event->kind == GatewayEvent::Kind::kRequest && !session.gone) {
        Take(session, *event, now_ms);
      }
    }
  }
}

void Acquirer::Write(Session& session) {
  if (session.gone) return;
  const std::string out = session.line.TakeOutput();
  if (!out.empty() && send(session.socket.get(), out.data(), out.size(), MSG_NOSIGNAL) !=
                          static_cast<ssize_t>(out.size())) {
    session.gone = true;
  }
  if (session.line.state() == GatewayState::kClosed) session.gone = true;
}

void Acquirer::Take(Session& session, const GatewayEvent& event, std::int64_t now_ms) {
  if (on_request_) std::exchange(on_request_, nullptr)();
  const auto respond = [&](const Octets& answer) {
    session.line.Respond(event.request, answer, now_ms);
  };
  switch (mood_) {
    case Mood::kSilent:
      return;
    case Mood::kGarbage:
      return respond(Octets(event.message.size() / 2, 0x30));
    case Mood::kAnswerOfAnother:
      return respond(last_answer_.empty() ? event.message : last_answer_);
    case Mood::kRetry:
      return session.line.Refuse(event.request, StatusClass::kRetry, kRetry_s, "Busy", now_ms);
    case Mood::kFails:
      return session.line.Refuse(event.request, StatusClass::kFailed, 0, "Not today", now_ms);
    case Mood::kAnswers:
    case Mood::kDeclines:
    case Mood::kError:
    case Mood::kRefuses:
    case Mood::kAnswerLost:
    case Mood::kAnswerCut:
    case Mood::kFlipped:
      break;
  }
  Octets answer = Answer(event.message);
  if (mood_ == Mood::kFlipped) answer[answer.size() / 2] ^= 1;
  if (mood_ == Mood::kAnswerCut) {
    respond(answer);
    const std::string out = session.line.TakeOutput();
    send(session.socket.get(), out.data(), out.size() / 2, MSG_NOSIGNAL);
  }
  if (mood_ == Mood::kAnswerLost || mood_ == Mood::kAnswerCut) {
    session.gone = true;
    return;
  }
  respond(answer);
}

void Acquirer::NoteRrpid(const setcore::msg::RRPID& rrpid, const Octets& request) {
  const auto [known, fresh] = by_rrpid_.emplace(rrpid, request);
  Require(fresh || known->second == request, "one RRPID is one message to the acquirer");
}

Octets Acquirer::Complain(const Octets& request, const setcore::Error& error) {
  return setcore::ComposeError(environment(), &signing_, request, error);
}

// The same octets get the same answer (set-processing.md, 2.3).
Octets Acquirer::Answer(const Octets& request) {
  if (const auto known = answers_.find(request); known != answers_.end()) return known->second;
  if (mood_ == Mood::kError) {
    return Complain(request,
                    setcore::Fail(setcore::ErrorCode::kUnspecifiedFailure, "a bad day").value());
  }
  const auto glimpse = setcore::Glance(request);
  Require(glimpse.has_value(), "what the acquirer gets is a SET message");
  Octets answer = glimpse->name == "AuthRevReq" ? Reverse(request) : Authorize(request);
  answers_[request] = answer;
  last_answer_ = answer;
  return answer;
}

Octets Acquirer::Authorize(const Octets& request) {
  const auto opened = setcore::OpenAuthReq(environment(), keys_, trust_, policy_, request);
  if (!opened) return Complain(request, opened.error());
  NoteRrpid(opened->rrpid(), request);
  const std::string xid = Hex(opened->xid());
  Standing& standing = ledger_[xid];
  setcore::LedgerFacts facts;
  facts.previously_used = standing.approved && !standing.reversed;
  Require(!facts.previously_used, "what is authorized is not asked for again");
  AuthCode code = setcore::JudgeAuthReq(environment(), *opened, facts);
  const auto amount = setcore::PurchAmtOf(opened->amount);
  Require(amount.has_value(), "the acquirer is asked for an amount");
  if (code == AuthCode::kApproved &&
      (mood_ == Mood::kDeclines || opened->amount.amount.value >= kDeclinedFrom)) {
    code = AuthCode::kDeclined;
  }
  authorized_[opened->rrpid()] = xid;
  setcore::AuthDecision decision;
  decision.code = code;
  if (code == AuthCode::kApproved) {
    decision.approval_code = "123456";
    if (opened->capture_now) decision.capture = {1, 1};
    standing = {true, false, opened->capture_now, bridge::AmountText(*amount),
                bridge::CurrencyCode(static_cast<std::uint16_t>(opened->amount.currency.value))
                    .value_or("")};
  }
  auto made = setcore::ComposeAuthRes(environment(), keys_, trust_, policy_, *opened, decision);
  Require(made.has_value(), "the acquirer can answer what it has opened");
  return *std::move(made);
}

Octets Acquirer::Reverse(const Octets& request) {
  const auto opened = setcore::OpenAuthRevReq(environment(), keys_, trust_, policy_, request);
  if (!opened) return Complain(request, opened.error());
  NoteRrpid(opened->rrpid(), request);
  AuthRevCode code = setcore::JudgeAuthRevReq(*opened, nullptr);
  const auto found = opened->auth_rrpid ? authorized_.find(*opened->auth_rrpid) : authorized_.end();
  if (found != authorized_.end() && ledger_[found->second].approved) {
    Standing& standing = ledger_[found->second];
    setcore::AuthorizationFacts facts;
    facts.xid = opened->xid();
    facts.approved = true;
    facts.reversed = standing.reversed;
    facts.captured = standing.captured;
    facts.amount = opened->new_amount;
    facts.amount.amount.value = kDeclinedFrom;
    Require(Hex(opened->xid()) == found->second, "a reversal names the XID that was authorized");
    code = setcore::JudgeAuthRevReq(*opened, &facts);
    if (mood_ == Mood::kDeclines) code = AuthRevCode::kUnspecifiedFailure;
    if (code == AuthRevCode::kApproved) standing.reversed = true;
  }
  auto made = setcore::ComposeAuthRevRes(environment(), keys_, trust_, policy_, *opened, code);
  Require(made.has_value(), "the acquirer can answer what it has opened");
  return *std::move(made);
}

}  // namespace call_sequence
