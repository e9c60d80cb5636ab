// MIME framing of the TCP transport (External Interface Guide, Appendix E; tcp-transport.md, 4):
// SET messages and control messages out of a stream of octets and into it.  No input makes the
// reader fail otherwise than by a frame with a fault, or by losing the framing for good.
#ifndef SETCORE_TRANSPORT_FRAME_H_
#define SETCORE_TRANSPORT_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "setcore/octets.h"

namespace setcore::transport {

// tcp-transport.md, 4.3 and 4.4.
inline constexpr std::size_t kMaxHeaderLineOctets = 1000;  // without its line end
inline constexpr std::size_t kMaxHeaderBlockOctets = 8192;
inline constexpr std::size_t kMaxHeaders = 64;
inline constexpr std::size_t kMaxTagCharacters = 32;
inline constexpr std::size_t kDefaultMaxBodyOctets = 1048576;
inline constexpr std::size_t kDrainFactor = 16;           // a body up to 16 x the limit is drained
inline constexpr std::uint32_t kMaxDelaySeconds = 86400;  // a longer retry delay counts as this

enum class Control : std::uint8_t { kClose, kCloseReply, kStatus, kEcho, kEchoReply };
enum class StatusClass : std::uint8_t { kFailed, kRetry, kInfo, kClosing };

std::string_view Name(Control control);
std::string_view Name(StatusClass status_class);

// Tag is a msg-tag.  `spelling` is what stood behind "msg-tag=", quotes and escapes included, and
// is what an answer repeats octet for octet; `value` is what it means.
struct Tag {
  std::string spelling;
  std::string value;
};

// A tag in the form in which we send tags, a quoted-string.
Tag QuotedTag(std::string_view value);

// True if both have the same value, or differ in ASCII case only (A7).
bool SameTagFolded(std::string_view a, std::string_view b);

// What one unit of the stream is.
enum class FrameKind : std::uint8_t {
  kSet,      // application/set-payment
  kControl,  // text/set-transport with a known control value and fitting parameters
  kUnknown,  // a control message that is to be ignored (4.5); `text` says why
  kBad,      // skipped whole; `text` is the text of the Status failed that is due for a request
  kLine,     // a line that is no header: an unwrapped line message out of place; `text` is the line
};

struct Frame {
  FrameKind kind = FrameKind::kBad;
  Control control = Control::kEcho;               // kControl
  StatusClass status_class = StatusClass::kInfo;  // kControl, Status
  std::uint32_t delay_s = 0;                      // kControl, Status retry; > 0
  std::optional<Tag> tag;                         // absent, or a tag that keeps all rules
  bool control_type = false;                      // kBad: the message was a control message
  Octets body;                                    // kSet, kControl
  std::string text;
};

// FrameReader is incremental; any splitting of the stream gives the same frames.
class FrameReader {
 public:
  explicit FrameReader(std::size_t max_body = kDefaultMaxBodyOctets) : max_body_(max_body) {}

  enum class Outcome : std::uint8_t {
    kMore,   // all of `in` is taken
    kFrame,  // a frame is complete; `in` is left at what follows
    kLost,   // the framing cannot be kept; `lost_text` is the text of the Status failed to send,
             // `frame` holds what is known of the message: type, control and tag
  };
  Outcome Feed(OctetView& in);

  // The frame of the last kFrame or kLost; may be moved from.
  Frame& frame() { return frame_; }
  std::string_view lost_text() const { return lost_text_; }

  // Where the stream stands, for the time-outs of a receiver.
  enum class Phase : std::uint8_t { kBetween, kHeader, kBody };
  Phase phase() const;

 private:
  Outcome Lose(std::string_view text);
  Outcome HeaderLine();
  Outcome EndOfHeaders();
  Outcome BodyComplete();
  void FinishField();
  void JudgeContentType(std::string_view value);

  enum class State : std::uint8_t { kBetween, kHeader, kBody, kDrain, kLost };
  std::size_t max_body_;
  State state_ = State::kBetween;
  std::string line_;   // the physical line being read
  std::string field_;  // the unfolded header being collected
  std::size_t block_octets_ = 0;
  std::size_t headers_ = 0;
  bool seen_type_ = false;
  bool seen_length_ = false;
  bool length_bad_ = false;
  bool length_too_long_ = false;
  std::size_t length_ = 0;
  std::size_t remaining_ = 0;
  bool encoding_bad_ = false;  // for a SET message
  Frame frame_;
  std::string_view lost_text_;
};

// The frames as we send them, unfolded, headers in the order of 4.1 and 4.2.
void AppendSetMessage(std::string& out, const std::optional<Tag>& tag, OctetView body);
void AppendControl(std::string& out, Control control, const std::optional<Tag>& tag,
                   std::string_view body);
// `delay_s` is written for retry only, where it is > 0.  A Status without tag carries msg-tag=""
// (A6).
void AppendStatus(std::string& out, StatusClass status_class, std::uint32_t delay_s,
                  const std::optional<Tag>& tag, std::string_view text);

}  // namespace setcore::transport

#endif  // SETCORE_TRANSPORT_FRAME_H_
