#include "setcore/transport/frame.h"

#include <algorithm>
#include <array>
#include <utility>

namespace setcore::transport {
namespace {

constexpr std::array<std::string_view, 5> kControlNames = {"close", "close-reply", "status", "echo",
                                                           "echo-reply"};
constexpr std::array<std::string_view, 4> kClassNames = {"failed", "retry", "info", "closing"};

// Texts of tcp-transport.md, 4.3, 4.4 and 6.
constexpr std::string_view kBadType = "Bad content type";
constexpr std::string_view kBadEncoding = "Bad content-transfer-encoding";
constexpr std::string_view kTooBig = "Messages too big";
constexpr std::string_view kBadTag = "Bad msg-tag";
constexpr std::string_view kBadLength = "Bad content length";
constexpr std::string_view kBadHeader = "Bad header";

char Fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualFolded(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Fold(x) == Fold(y); });
}

bool IsWhite(char c) { return c == ' ' || c == '\t'; }

std::string_view Trim(std::string_view s) {
  while (!s.empty() && IsWhite(s.front())) s.remove_prefix(1);
  while (!s.empty() && IsWhite(s.back())) s.remove_suffix(1);
  return s;
}

// RFC 1521: any CHAR except SPACE, CTLs and tspecials.
bool IsTokenCharacter(char c) {
  return c > ' ' && c < 0x7f &&
         std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}

std::string_view TakeToken(std::string_view& s) {
  std::size_t n = 0;
  while (n < s.size() && IsTokenCharacter(s[n])) ++n;
  const std::string_view token = s.substr(0, n);
  s.remove_prefix(n);
  return token;
}

// True for a line that a header block can begin with.  The line messages of 3 are none, whatever
// they hold: no name of a header has a '|' or a space in it.
bool IsHeader(std::string_view line) {
  if (line.find(':') == std::string_view::npos) return false;
  const std::string_view name = Trim(line.substr(0, line.find(':')));
  return name.find_first_of(" \t|") == std::string_view::npos;
}

void SkipWhite(std::string_view& s) {
  while (!s.empty() && IsWhite(s.front())) s.remove_prefix(1);
}

// Takes token or quoted-string; false if neither stands at the front of `s`.
bool TakeValue(std::string_view& s, Tag& out) {
  out = {};
  if (s.empty() || s.front() != '"') {
    const std::string_view token = TakeToken(s);
    out.spelling = out.value = token;
    return !token.empty();
  }
  std::size_t i = 1;
  for (; i < s.size() && s[i] != '"'; ++i) {
    if (s[i] == '\\' && ++i == s.size()) return false;
    const auto octet = static_cast<unsigned char>(s[i]);
    if (octet < ' ' && octet != '\t') return false;
    if (octet >= 0x7f) return false;
    out.value.push_back(s[i]);
  }
  if (i >= s.size()) return false;
  out.spelling = s.substr(0, i + 1);
  s.remove_prefix(i + 1);
  return true;
}

struct ContentType {
  bool set = false;
  bool control = false;
  std::string_view fault;  // a Status text, or empty
  std::optional<Tag> tag;
  std::optional<std::string> control_value;
  std::optional<std::string> class_value;
  std::optional<std::string> delay_value;
};

// One parameter behind its ';'.  Gives the fault, empty if there is none.
std::string_view TakeParameter(std::string_view& s, ContentType& out) {
  const std::string_view attribute = TakeToken(s);
  const bool is_tag = EqualFolded(attribute, "msg-tag");
  const std::string_view fault = is_tag ? kBadTag : kBadType;
  if (attribute.empty()) return kBadType;
  SkipWhite(s);
  if (s.empty() || s.front() != '=') return fault;
  s.remove_prefix(1);
  SkipWhite(s);
  Tag value;
  if (!TakeValue(s, value)) return fault;
  if (is_tag) {
    if (out.tag || value.value.size() > kMaxTagCharacters) return kBadTag;
    out.tag = std::move(value);
    return {};
  }
  struct Known {
    std::string_view attribute;
    std::optional<std::string> ContentType::*slot;
  };
  constexpr std::array<Known, 3> kKnown = {{{"control", &ContentType::control_value},
                                            {"class", &ContentType::class_value},
                                            {"delay", &ContentType::delay_value}}};
  for (const Known& known : kKnown) {
    if (!EqualFolded(attribute, known.attribute)) continue;
    if (out.*known.slot) return kBadType;
    out.*known.slot = std::move(value.value);
  }
  return {};
}

ContentType ParseContentType(std::string_view s) {
  ContentType out;
  s = Trim(s);
  const std::string_view type = TakeToken(s);
  if (s.empty() || s.front() != '/') {
    out.fault = kBadType;
    return out;
  }
  s.remove_prefix(1);
  const std::string_view subtype = TakeToken(s);
  out.set = EqualFolded(type, "application") && EqualFolded(subtype, "set-payment");
  out.control = EqualFolded(type, "text") && EqualFolded(subtype, "set-transport");
  if (!out.set && !out.control) out.fault = kBadType;
  for (SkipWhite(s); !s.empty() && s.front() == ';'; SkipWhite(s)) {
    s.remove_prefix(1);
    SkipWhite(s);
    if (s.empty()) return out;
    const std::string_view fault = TakeParameter(s, out);
    if (!fault.empty()) {
      // Nothing behind the fault can be trusted, the tag in front of it can, unless it is the
      // fault.
      if (out.fault.empty()) out.fault = fault;
      if (fault == kBadTag) out.tag.reset();
      return out;
    }
  }
  if (!s.empty() && out.fault.empty()) {
    // What follows a msg-tag token directly is part of a bad msg-tag.
    out.fault = out.tag ? kBadTag : kBadType;
    out.tag.reset();
  }
  return out;
}

template <class Enum, std::size_t N>
std::optional<Enum> Lookup(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (EqualFolded(names[i], name)) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// 1*DIGIT, saturating at `limit` + 1; nullopt for anything else (A16).
std::optional<std::uint64_t> ParseNumber(std::string_view s, std::uint64_t limit) {
  s = Trim(s);
  if (s.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : s) {
    if (c < '0' || c > '9') return std::nullopt;
    if (value <= limit) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return std::min(value, limit + 1);
}

// Fills the control part of `frame`; false and a reason in `frame.text` for a message that 4.5
// says to ignore.
bool JudgeControl(const ContentType& type, Frame& frame) {
  const auto ignore = [&frame](std::string_view why) {
    frame.text = why;
    return false;
  };
  if (!type.control_value) return ignore("control message without control");
  const auto control = Lookup<Control>(kControlNames, *type.control_value);
  if (!control) return ignore("unknown control");
  frame.control = *control;
  if (*control != Control::kStatus) {
    if (type.class_value || type.delay_value) return ignore("class or delay without status");
    return true;
  }
  if (!type.class_value) return ignore("status without class");
  const auto status_class = Lookup<StatusClass>(kClassNames, *type.class_value);
  if (!status_class) return ignore("unknown class");
  frame.status_class = *status_class;
  if (*status_class != StatusClass::kRetry) {
    if (type.delay_value) return ignore("delay without retry");
  } else {
    const auto delay =
        type.delay_value ? ParseNumber(*type.delay_value, kMaxDelaySeconds) : std::nullopt;
    if (!delay || *delay == 0) return ignore("retry without a delay above 0");
    frame.delay_s = static_cast<std::uint32_t>(std::min<std::uint64_t>(*delay, kMaxDelaySeconds));
  }
  if (!frame.tag) return ignore("status without msg-tag");
  return true;
}

}  // namespace

std::string_view Name(Control control) { return kControlNames[static_cast<std::size_t>(control)]; }

std::string_view Name(StatusClass status_class) {
  return kClassNames[static_cast<std::size_t>(status_class)];
}

Tag QuotedTag(std::string_view value) {
  Tag tag;
  tag.value = value;
  tag.spelling.push_back('"');
  for (const char c : value) {
    if (c == '"' || c == '\\') tag.spelling.push_back('\\');
    tag.spelling.push_back(c);
  }
  tag.spelling.push_back('"');
  return tag;
}

bool SameTagFolded(std::string_view a, std::string_view b) { return EqualFolded(a, b); }

FrameReader::Phase FrameReader::phase() const {
  switch (state_) {
    case State::kBody:
    case State::kDrain:
      return Phase::kBody;
    case State::kHeader:
      return Phase::kHeader;
    default:
      return line_.empty() ? Phase::kBetween : Phase::kHeader;
  }
}

FrameReader::Outcome FrameReader::Lose(std::string_view text) {
  if (state_ == State::kBetween) frame_ = {};
  state_ = State::kLost;
  lost_text_ = text;
  return Outcome::kLost;
}

FrameReader::Outcome FrameReader::Feed(OctetView& in) {
  if (state_ == State::kLost) return Outcome::kLost;
  while (true) {
    if (state_ == State::kBody || state_ == State::kDrain) {
      const std::size_t n = std::min(remaining_, in.size());
      if (state_ == State::kBody) {
        frame_.body.insert(frame_.body.end(), in.begin(),
                           in.begin() + static_cast<std::ptrdiff_t>(n));
      }
      in = in.subspan(n);
      remaining_ -= n;
      if (remaining_ > 0) return Outcome::kMore;
      return BodyComplete();
    }
    if (in.empty()) return Outcome::kMore;
    const char c = static_cast<char>(in.front());
    in = in.subspan(1);
    // A3: any number of CR and LF in front of a header block.
    if (state_ == State::kBetween && line_.empty() && (c == '\r' || c == '\n')) continue;
    ++block_octets_;
    if (block_octets_ > kMaxHeaderBlockOctets) return Lose(kBadHeader);
    if (c != '\n') {
      line_.push_back(c);
      // One octet more than the limit may still be the CR of the line end.
      if (line_.size() > kMaxHeaderLineOctets + 1) return Lose(kBadHeader);
      continue;
    }
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    if (line_.size() > kMaxHeaderLineOctets) return Lose(kBadHeader);
    const Outcome outcome = HeaderLine();
    line_.clear();
    if (outcome != Outcome::kMore) return outcome;
  }
}

FrameReader::Outcome FrameReader::HeaderLine() {
  const bool clean = std::all_of(line_.begin(), line_.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet == '\t' || (octet >= ' ' && octet != 0x7f);
  });
  if (!clean) return Lose(kBadHeader);
  if (state_ == State::kBetween) {
    frame_ = {};
    headers_ = 0;
    seen_type_ = seen_length_ = length_bad_ = length_too_long_ = encoding_bad_ = false;
    length_ = 0;
    if (!IsHeader(line_)) {
      block_octets_ = 0;
      frame_.kind = FrameKind::kLine;
      frame_.text = line_;
      return Outcome::kFrame;
    }
    if (IsWhite(line_.front())) return Lose(kBadHeader);
    state_ = State::kHeader;
  }
  if (line_.empty()) {
    FinishField();
    if (state_ == State::kLost) return Outcome::kLost;
    return EndOfHeaders();
  }
  if (IsWhite(line_.front())) {  // A4: folding
    field_ += line_;
    return Outcome::kMore;
  }
  FinishField();
  if (state_ == State::kLost) return Outcome::kLost;
  if (++headers_ > kMaxHeaders) return Lose(kBadHeader);
  field_ = line_;
  return Outcome::kMore;
}

void FrameReader::FinishField() {
  if (field_.empty()) return;
  const std::string_view field = field_;
  const std::size_t colon = field.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    Lose(kBadHeader);
    return;
  }
  const std::string_view name = Trim(field.substr(0, colon));
  const std::string_view value = field.substr(colon + 1);
  if (EqualFolded(name, "Content-Length")) {
    // Two lengths are two opinions where the next message starts: the framing is lost.  That is
    // judged at the end of the headers, where the tag is known.
    const std::uint64_t drainable = std::uint64_t{max_body_} * kDrainFactor;
    const auto number = ParseNumber(value, drainable);
    length_bad_ = length_bad_ || seen_length_ || !number;
    seen_length_ = true;
    length_too_long_ = number.value_or(0) > drainable;
    length_ = static_cast<std::size_t>(number.value_or(0));
  } else if (EqualFolded(name, "Content-Type")) {
    if (seen_type_) {
      frame_.text = kBadType;
    } else {
      JudgeContentType(value);
    }
    seen_type_ = true;
  } else if (EqualFolded(name, "Content-Transfer-Encoding")) {
    encoding_bad_ = encoding_bad_ || !EqualFolded(Trim(value), "binary");
  }
  field_.clear();
}

void FrameReader::JudgeContentType(std::string_view value) {
  ContentType type = ParseContentType(value);
  frame_.tag = std::move(type.tag);
  frame_.control_type = type.control;
  if (type.control_value) {
    frame_.control = Lookup<Control>(kControlNames, *type.control_value).value_or(Control::kEcho);
  }
  frame_.text = type.fault;
  if (!type.fault.empty()) return;
  if (type.set) {
    frame_.kind = FrameKind::kSet;
  } else {
    frame_.kind = JudgeControl(type, frame_) ? FrameKind::kControl : FrameKind::kUnknown;
  }
}

FrameReader::Outcome FrameReader::EndOfHeaders() {
  block_octets_ = 0;
  if (!seen_length_ || length_bad_) return Lose(kBadLength);
  if (length_too_long_) return Lose(kTooBig);
  remaining_ = length_;
  if (!seen_type_) frame_.text = kBadType;
  if (frame_.text == kBadType) frame_.kind = FrameKind::kBad;
  if (frame_.kind == FrameKind::kSet && encoding_bad_) {
    frame_.kind = FrameKind::kBad;
    frame_.text = kBadEncoding;
  }
  if (length_ > max_body_) {
    frame_.kind = FrameKind::kBad;
    frame_.text = kTooBig;
  }
  // D-63: what cannot be used is framed by its length and skipped; the connection lives.
  const bool keep = frame_.kind == FrameKind::kSet || frame_.kind == FrameKind::kControl;
  state_ = keep ? State::kBody : State::kDrain;
  return remaining_ == 0 ? BodyComplete() : Outcome::kMore;
}

FrameReader::Outcome FrameReader::BodyComplete() {
  state_ = State::kBetween;
  return Outcome::kFrame;
}

namespace {

void AppendHead(std::string& out, std::string_view type) {
  out += "MIME-Version: 1.0\r\nContent-Type: ";
  out += type;
}

void AppendTag(std::string& out, const std::optional<Tag>& tag) {
  if (!tag) return;
  out += ";msg-tag=";
  out += tag->spelling;
}

void AppendTextBody(std::string& out, std::string_view body) {
  out += "\r\nContent-Length: ";
  out += std::to_string(body.size());
  out += "\r\nContent-Transfer-Encoding: 7bit\r\n\r\n";
  out += body;
}

}  // namespace

void AppendSetMessage(std::string& out, const std::optional<Tag>& tag, OctetView body) {
  AppendHead(out, "application/set-payment");
  AppendTag(out, tag);
  out += "\r\nContent-Transfer-Encoding: binary\r\nContent-Length: ";
  out += std::to_string(body.size());
  out += "\r\n\r\n";
  out.append(body.begin(), body.end());
}

void AppendControl(std::string& out, Control control, const std::optional<Tag>& tag,
                   std::string_view body) {
  AppendHead(out, "text/set-transport;control=");
  out += Name(control);
  AppendTag(out, tag);
  AppendTextBody(out, body);
}

void AppendStatus(std::string& out, StatusClass status_class, std::uint32_t delay_s,
                  const std::optional<Tag>& tag, std::string_view text) {
  AppendHead(out, "text/set-transport;control=status;class=");
  out += Name(status_class);
  if (status_class == StatusClass::kRetry) {
    out += ";delay=";
    out += std::to_string(std::max<std::uint32_t>(delay_s, 1));
  }
  AppendTag(out, tag ? tag : QuotedTag({}));
  AppendTextBody(out, text);
}

}  // namespace setcore::transport
