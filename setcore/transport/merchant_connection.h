// The merchant's side of one TCP connection to a payment gateway (tcp-transport.md, 5.1), without
// I/O: octets, wishes and the clock go in; octets, events and a deadline come out.  It fails by
// going to Closed, which its owner sees as the event kDown with the requests that are lost.
// One thread at a time.  Times are milliseconds of any clock that never goes back.
#ifndef SETCORE_TRANSPORT_MERCHANT_CONNECTION_H_
#define SETCORE_TRANSPORT_MERCHANT_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/crypto/secret.h"
#include "setcore/octets.h"
#include "setcore/transport/frame.h"
#include "setcore/transport/line.h"

namespace setcore::transport {

using RequestId = std::uint64_t;

// The out-of-band agreement, as far as one connection needs it.  Borrowed: outlives the connection.
struct MerchantSettings {
  std::string transport_id;
  SecretOctets shared_secret;  // empty: none agreed, a challenge cannot be answered
  int max_outstanding = 16;
  std::size_t max_message_bytes = kDefaultMaxBodyOctets;
  std::int64_t t30_ms = 30000;
  std::string tag_prefix = "r";  // of [A-Za-z0-9.-]; cut where a tag would be too long
  bool tag_requests = true;      // false: one request at a time (4.4)
};

// tcp-transport.md, 5.  Closing(m) and Closing(g) are told apart by who sent Close.
enum class MerchantState : std::uint8_t {
  kClosed,
  kGreeting,
  kAuthenticating,
  kOpen,
  kClosingOwn,
  kClosingPeer
};

struct MerchantEvent {
  enum class Kind : std::uint8_t {
    kOpened,       // requests may be submitted; `text` is what the gateway said
    kResponse,     // `response` answers `request`
    kStatus,       // `status_class`, `delay_s`, `text` for `request`; all but info end it here
    kPeerClosing,  // no new requests on this connection; `text` is the gateway's reason
    kDown,         // Closed; `lost` were outstanding, `text` says why
    kNote,         // for the log: something was ignored
  };
  Kind kind = Kind::kNote;
  RequestId request = 0;
  Octets response;
  StatusClass status_class = StatusClass::kInfo;
  std::uint32_t delay_s = 0;
  std::string text;
  std::vector<RequestId> lost;
};

class MerchantConnection {
 public:
  explicit MerchantConnection(const MerchantSettings& settings)
      : settings_(settings), frames_(settings.max_message_bytes) {}

  // The TCP connection stands; the Greeting is awaited.  Closed only.
  void Connected(std::int64_t now_ms);
  void Received(OctetView octets, std::int64_t now_ms);
  // The peer closed TCP, or the network failed.
  void Disconnected(std::string_view why);
  // Call at or after deadline().
  void Tick(std::int64_t now_ms);

  bool CanSubmit() const;
  // Sends a request.  Only while CanSubmit(); `request` is not outstanding here.
  void Submit(RequestId request, OctetView message, std::int64_t now_ms);
  // `request` is waited for no longer (answered elsewhere or sent again): a late answer is dropped.
  void Abandon(RequestId request, std::int64_t now_ms);
  // Closes as soon as nothing is outstanding; `reason` becomes the body of Close.
  void Close(std::string_view reason, std::int64_t now_ms);
  // Asks whether the gateway is there; Open and Closing only.
  void Echo(std::int64_t now_ms);

  MerchantState state() const { return state_; }
  std::size_t outstanding() const;
  // Echoes that are not answered yet.
  std::size_t echoes() const { return echoes_; }
  std::optional<std::int64_t> deadline() const { return deadline_; }
  std::optional<MerchantEvent> NextEvent();
  bool has_output() const { return !output_.empty(); }
  // What is to be written, in order.  In Closed: write it, then close TCP.
  std::string TakeOutput();

 private:
  struct Outstanding {
    RequestId request = 0;
    std::optional<std::string> tag;
    std::optional<Octets> rrpid;
    bool abandoned = false;
  };
  enum class Input : std::uint8_t;
  enum class Action : std::uint8_t;
  struct Row;
  static const Row* FindRow(MerchantState state, Input input);

  void Handle(Input input, std::int64_t now_ms);
  void Perform(Action action, std::int64_t now_ms);
  void HandleLine(std::string_view line, std::int64_t now_ms);
  void HandleFrame(std::int64_t now_ms);
  void Deliver();
  void ApplyStatus();
  void CheckDrained(std::int64_t now_ms);
  std::deque<Outstanding>::iterator Match(const std::optional<Tag>& tag, OctetView message);
  Tag MakeTag(std::string_view end) const;
  void GoDown(std::string_view why);
  void Note(std::string text);

  const MerchantSettings& settings_;
  MerchantState state_ = MerchantState::kClosed;
  LineReader lines_;
  FrameReader frames_;
  Frame frame_;
  std::string text_;                     // of the line or the wish being handled
  std::string challenge_;                // the Greeting line, when it holds a challenge
  std::deque<Outstanding> outstanding_;  // oldest first
  std::uint64_t next_tag_ = 1;
  bool close_wanted_ = false;
  std::string close_reason_;
  std::size_t echoes_ = 0;
  std::optional<Tag> peer_close_tag_;
  std::string peer_close_body_;
  std::optional<std::int64_t> deadline_;
  std::string output_;
  std::deque<MerchantEvent> events_;
};

}  // namespace setcore::transport

#endif  // SETCORE_TRANSPORT_MERCHANT_CONNECTION_H_
