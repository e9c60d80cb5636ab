// The TCP transport: frames in pieces of any size, and lines.  The first octet chooses.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/target.h"
#include "setcore/transport/diagnostic.h"
#include "setcore/transport/frame.h"
#include "setcore/transport/line.h"
#include "setcore/transport/rrpid.h"

namespace {

using namespace setcore::transport;
using fuzz::Input;
using fuzz::Require;
using setcore::OctetView;

constexpr std::size_t kMaxBody = 4096;

// The frames of a stream that arrives in pieces of that size, each as text.
std::vector<std::string> Frames(OctetView stream, std::size_t piece) {
  FrameReader reader(kMaxBody);
  std::vector<std::string> frames;
  while (!stream.empty()) {
    OctetView in = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(in.size());
    for (bool more = true; more;) {
      const std::size_t before = in.size();
      switch (reader.Feed(in)) {
        case FrameReader::Outcome::kMore:
          Require(in.empty(), "a reader that wants more has taken everything");
          more = false;
          break;
        case FrameReader::Outcome::kLost:
          frames.push_back("lost: " + std::string(reader.lost_text()));
          return frames;
        case FrameReader::Outcome::kFrame: {
          Require(in.size() < before, "a frame takes octets");
          const Frame& frame = reader.frame();
          Require(frame.body.size() <= kMaxBody, "a body keeps its limit");
          std::string text = std::to_string(static_cast<int>(frame.kind)) + "|" +
                             std::to_string(static_cast<int>(frame.control)) + "|" +
                             std::to_string(static_cast<int>(frame.status_class)) + "|" +
                             std::to_string(frame.delay_s) + "|";
          if (frame.tag) text += frame.tag->spelling + "|" + frame.tag->value;
          frames.push_back(text + "|" + frame.text + "|" + std::string(fuzz::Text(frame.body)));
          if (frame.kind == FrameKind::kSet) {
            std::string written;
            AppendSetMessage(written, frame.tag, frame.body);
            FrameReader second(kMaxBody);
            OctetView again = fuzz::Octets(written);
            Require(second.Feed(again) == FrameReader::Outcome::kFrame && again.empty() &&
                        second.frame().kind == FrameKind::kSet &&
                        second.frame().body == frame.body &&
                        second.frame().tag.has_value() == frame.tag.has_value() &&
                        (!frame.tag || second.frame().tag->value == frame.tag->value),
                    "written and read: the same message");
          }
        }
      }
    }
  }
  return frames;
}

void CheckFrames(Input input) {
  const std::size_t piece = input.Octet() + 1U;
  Require(Frames(input.rest(), input.rest().size() + 1) == Frames(input.rest(), piece),
          "any splitting gives the same frames");
}

void CheckLines(Input input) {
  const std::string_view text = fuzz::Text(input.rest());
  static_cast<void>(ForLog(text));
  static_cast<void>(PeekRrpid(input.rest()));
  LineReader reader;
  OctetView in = input.rest();
  while (reader.Feed(in) == LineReader::Outcome::kLine) {
    Require(reader.line().size() <= kMaxLineOctets, "a line keeps its limit");
    ParseGreeting(reader.line());
    ParseAuthenticationReply(reader.line());
    ParseAuthentication(reader.line());
  }
  for (const std::string& line :
       {GreetingOk(text, "challenge"), AuthenticationReplyOk(text), LineError(text)}) {
    Require(std::ranges::count(line, '\n') == 1, "a line is one line");
  }
  DiagnosticReceiver receiver(kMaxBody, 30000, 0);
  if (receiver.Received(input.rest())) receiver.TakeMessage();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  if (input.Octet() % 2 == 0) {
    CheckFrames(input);
  } else {
    CheckLines(input);
  }
  return 0;
}
