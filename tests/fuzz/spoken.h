// Spoken: what one side of the TCP transport has written, read strictly as the other side would.
#ifndef TESTS_FUZZ_SPOKEN_H_
#define TESTS_FUZZ_SPOKEN_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "fuzz/target.h"
#include "setcore/transport/frame.h"
#include "setcore/transport/line.h"

namespace fuzz {

class Spoken {
 public:
  // `lines` of the stream come before the first frame; each has to pass `is_line`.
  Spoken(int lines, bool (*is_line)(std::string_view)) : lines_(lines), is_line_(is_line) {}

  void Hear(std::string_view output) {
    using setcore::transport::FrameKind;
    using setcore::transport::FrameReader;
    setcore::OctetView in = Octets(output);
    while (!in.empty() && lines_ > 0) {
      if (line_.Feed(in) != setcore::transport::LineReader::Outcome::kLine) continue;
      Require(is_line_(line_.line()), "a line that we send is one of the specification");
      --lines_;
      // A refusal is the last word.
      if (line_.line().starts_with("-ERR")) Require(in.empty(), "nothing follows -ERR");
    }
    while (!in.empty()) {
      const FrameReader::Outcome outcome = frames_.Feed(in);
      Require(outcome != FrameReader::Outcome::kLost, "what we send can be framed");
      if (outcome == FrameReader::Outcome::kMore) break;
      const FrameKind kind = frames_.frame().kind;
      Require(kind == FrameKind::kSet || kind == FrameKind::kControl,
              "what we send keeps all rules");
      if (kind == FrameKind::kSet) ++messages_;
    }
    Require(frames_.phase() == FrameReader::Phase::kBetween, "what we send is whole messages");
  }

  std::size_t messages() const { return messages_; }

 private:
  int lines_;
  bool (*is_line_)(std::string_view);
  setcore::transport::LineReader line_;
  setcore::transport::FrameReader frames_;
  std::size_t messages_ = 0;
};

}  // namespace fuzz

#endif  // TESTS_FUZZ_SPOKEN_H_
