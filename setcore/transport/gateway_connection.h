// The gateway's side of one TCP connection from a merchant (tcp-transport.md, 5.2), without I/O:
// octets, answers, wishes and the clock go in; octets, events and a deadline come out.  It fails by
// going to Closed, which its owner sees as the event kDown.  One thread at a time.  Times are
// milliseconds of any clock that never goes back.
#ifndef SETCORE_TRANSPORT_GATEWAY_CONNECTION_H_
#define SETCORE_TRANSPORT_GATEWAY_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "setcore/crypto/secret.h"
#include "setcore/octets.h"
#include "setcore/transport/frame.h"
#include "setcore/transport/line.h"

namespace setcore::transport {

using RequestId = std::uint64_t;

// Borrowed: outlives the connection.
struct GatewaySettings {
  std::string greeting = "payment gateway is ready";
  int max_outstanding = 16;
  std::size_t max_message_bytes = kDefaultMaxBodyOctets;
  std::int64_t t30_ms = 30000;
  std::int64_t t120_ms = 120000;
  std::int64_t header_timeout_ms = 10000;
  std::int64_t body_timeout_ms = 30000;
  std::uint32_t retry_delay_s = 5;
  // The shared secret of a merchant that may use this connection, nullptr for any other.
  // `peer` is what Accept was given.
  std::function<const SecretOctets*(std::string_view transport_id, std::string_view peer)> secret;
};

// tcp-transport.md, 5.  Greeting lasts until the Greeting is taken to be written.
enum class GatewayState : std::uint8_t { kClosed, kGreeting, kAuthenticating, kOpen, kClosing };

struct GatewayEvent {
  enum class Kind : std::uint8_t {
    kOpened,   // `text` is the transport id, empty without authentication
    kRequest,  // `message` is to be answered by Respond or Refuse with `request`
    kDown,     // Closed; answers are dropped from now on; `text` says why
    kNote,     // for the log
  };
  Kind kind = Kind::kNote;
  RequestId request = 0;
  std::string tag;  // the value of the msg-tag
  Octets message;
  std::string text;
};

class GatewayConnection {
 public:
  explicit GatewayConnection(const GatewaySettings& settings)
      : settings_(settings), frames_(settings.max_message_bytes) {}

  // A TCP connection from `peer` was accepted.  `allowed`: the address may connect; `challenge`:
  // what to demand an answer to, empty for none.
  void Accept(std::string_view peer, bool allowed, std::string_view challenge, std::int64_t now_ms);
  // Octets that are there before the Greeting is taken end the connection.
  void Received(OctetView octets, std::int64_t now_ms);
  void Disconnected(std::string_view why);
  // Call at or after deadline().
  void Tick(std::int64_t now_ms);

  // Answers a request of kRequest; does nothing for one that the connection no longer knows.
  void Respond(RequestId request, OctetView message, std::int64_t now_ms);
  // Status retry (`delay_s` > 0), failed or closing instead of an answer.
  void Refuse(RequestId request, StatusClass status_class, std::uint32_t delay_s,
              std::string_view text, std::int64_t now_ms);
  // Status info: the answer will be late.
  void Inform(RequestId request, std::string_view text);
  // Sends Close with `reason`; what is outstanding is still answered until t120.
  void Close(std::string_view reason, std::int64_t now_ms);
  // Closes TCP without a word.
  void Drop(std::string_view why);
  // Asks whether the merchant is there; Open and Closing only.
  void Echo();

  GatewayState state() const { return state_; }
  std::size_t outstanding() const { return outstanding_.size(); }
  // Echoes that are not answered yet.
  std::size_t echoes() const { return echoes_; }
  // Messages received since the connection is open, those that were refused or ignored too.
  std::uint64_t messages() const { return messages_; }
  const std::string& transport_id() const { return transport_id_; }
  std::optional<std::int64_t> deadline() const;
  std::optional<GatewayEvent> NextEvent();
  bool has_output() const { return !output_.empty(); }
  // What is to be written, in order.  In Closed: write it, then close TCP.
  std::string TakeOutput();

 private:
  struct Outstanding {
    RequestId request = 0;
    std::optional<Tag> tag;
  };
  enum class Input : std::uint8_t;
  enum class Action : std::uint8_t;
  struct Row;
  static const Row* FindRow(GatewayState state, Input input);

  void Handle(Input input, std::int64_t now_ms);
  void Perform(Action action, std::int64_t now_ms);
  void HandleLine(std::string_view line, std::int64_t now_ms);
  void HandleFrame(std::int64_t now_ms);
  bool IsAuthentic(std::string_view line);
  std::deque<Outstanding>::iterator Find(RequestId request);
  void WatchPhase(std::int64_t now_ms, bool restart);
  void GoDown(std::string_view why);
  void Note(std::string text);

  const GatewaySettings& settings_;
  GatewayState state_ = GatewayState::kClosed;
  LineReader lines_;
  FrameReader frames_;
  Frame frame_;
  std::string peer_;
  bool challenged_ = false;
  std::string greeting_line_;  // as sent, without line end
  std::string transport_id_;
  std::string text_;
  std::deque<Outstanding> outstanding_;
  RequestId next_request_ = 1;
  std::uint64_t messages_ = 0;
  int nonsense_ = 0;  // messages in a row that have no place here
  std::size_t echoes_ = 0;
  FrameReader::Phase phase_ = FrameReader::Phase::kBetween;
  std::optional<std::int64_t> stall_deadline_;
  std::optional<std::int64_t> deadline_;
  std::string output_;
  std::deque<GatewayEvent> events_;
};

}  // namespace setcore::transport

#endif  // SETCORE_TRANSPORT_GATEWAY_CONNECTION_H_
