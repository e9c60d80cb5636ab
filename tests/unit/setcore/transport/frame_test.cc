#include "setcore/transport/frame.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "unit/setcore/transport/text.h"
#include "vectors/vector_file.h"

namespace setcore::transport {
namespace {

using Outcome = FrameReader::Outcome;

struct Read {
  std::vector<Frame> frames;
  std::string lost;  // empty: the framing stands
  FrameReader::Phase phase = FrameReader::Phase::kBetween;
};

Read ReadAll(std::string_view stream, std::size_t step = 0, std::size_t max_body = 1024) {
  const Octets octets = ToOctets(stream);
  FrameReader reader(max_body);
  Read out;
  const std::size_t size = step == 0 ? octets.size() : step;
  for (std::size_t at = 0; at < octets.size(); at += size) {
    OctetView in = OctetView(octets).subspan(at, std::min(size, octets.size() - at));
    while (true) {
      const Outcome outcome = reader.Feed(in);
      if (outcome == Outcome::kMore) break;
      if (outcome == Outcome::kLost) {
        out.lost = reader.lost_text();
        return out;
      }
      out.frames.push_back(std::move(reader.frame()));
    }
  }
  out.phase = reader.phase();
  return out;
}

Frame ReadOne(std::string_view stream, std::size_t max_body = 1024) {
  Read read = ReadAll(stream, 0, max_body);
  EXPECT_EQ(read.lost, "") << stream;
  EXPECT_EQ(read.frames.size(), 1U) << stream;
  return read.frames.empty() ? Frame() : std::move(read.frames.front());
}

// A SET message whose Content-Type is `type`.
std::string WithType(std::string_view type) {
  return "Content-Type: " + std::string(type) + "\r\nContent-Length: 2\r\n\r\n0\n";
}

TEST(Frame, WhatWeSendIsWhatTheVectorsSay) {
  const auto file = vectors::Read(OPB_VECTORS "/common/tcp-frames.txt");
  const auto check = [&](std::string_view name, const std::string& sent) {
    EXPECT_EQ(ToOctets(sent), file.Hex(name)) << name;
  };
  std::string set;
  AppendSetMessage(set, QuotedTag("shop17.000001"), Octets{0x30, 0x00});
  check("set-request", set);
  check("echo", ControlFrame(Control::kEcho, "e1", "Are you there?"));
  check("echo-reply", ControlFrame(Control::kEchoReply, "e1", "Are you there?"));
  check("close", ControlFrame(Control::kClose, "c1", "idle-connection"));
  check("close-reply", ControlFrame(Control::kCloseReply, "c1", "idle-connection"));
  check("status-failed", StatusFrame(StatusClass::kFailed, 0, "xxx", "Service unavailable"));
  check("status-retry",
        StatusFrame(StatusClass::kRetry, 5, "xxx", "Too many outstanding requests"));
  check("status-info", StatusFrame(StatusClass::kInfo, 0, "xxx", "Slow financial network"));
  check("status-closing", StatusFrame(StatusClass::kClosing, 0, "xxx", "Connection is closing"));
  std::string untagged;
  AppendStatus(untagged, StatusClass::kFailed, 0, std::nullopt, "Service unavailable");
  check("status-untagged-request", untagged);
  EXPECT_EQ(file.lines().size(), 10U);
}

TEST(Frame, TheVectorsAreReadAndFrameByFrameInAnySplitting) {
  const auto file = vectors::Read(OPB_VECTORS "/common/tcp-frames.txt");
  std::string all;
  for (const auto& line : file.lines()) all += ToText(vectors::FromHex(line.value));
  for (std::size_t step = 1; step < 200; ++step) {
    const Read read = ReadAll(all, step);
    ASSERT_EQ(read.frames.size(), file.lines().size()) << step;
    EXPECT_EQ(read.frames[0].kind, FrameKind::kSet);
    EXPECT_EQ(read.frames[0].body, (Octets{0x30, 0x00}));
    EXPECT_EQ(read.frames[0].tag->value, "shop17.000001");
    EXPECT_EQ(read.frames[6].kind, FrameKind::kControl);
    EXPECT_EQ(read.frames[6].status_class, StatusClass::kRetry);
    EXPECT_EQ(read.frames[6].delay_s, 5U);
    EXPECT_EQ(ToText(read.frames[9].body), "Service unavailable");
    EXPECT_EQ(read.frames[9].tag->value, "");
    EXPECT_EQ(read.phase, FrameReader::Phase::kBetween);
  }
}

TEST(Frame, HeadersMayHaveAnyOrderAndCaseAndFolding) {
  for (const std::string_view head :
       {"content-length: 2\r\nCONTENT-TYPE: Application/SET-Payment; MSG-TAG=\"t\"\r\n",
        "Date: yesterday\r\nContent-Type:application/set-payment;msg-tag=t\r\nContent-Length:2\r\n",
        "Content-Type: application/set-payment;\r\n\tmsg-tag=\"t\"\r\nContent-Length :  2  \r\n",
        "Content-Type: application/set-payment ; charset=x ; msg-tag = t ;\nContent-Length: 2\n",
        "\r\n\r\nContent-Length: 002\r\nContent-Transfer-Encoding: Binary\r\n"
        "Content-Type: application/set-payment;msg-tag=\"t\"\r\nMIME-Version: 1.0\r\n"}) {
    const Frame frame = ReadOne(std::string(head) + "\r\n0\n");
    EXPECT_EQ(frame.kind, FrameKind::kSet) << head << frame.text;
    EXPECT_EQ(ToText(frame.body), "0\n");
    ASSERT_TRUE(frame.tag) << head;
    EXPECT_EQ(frame.tag->value, "t");
  }
}

// A3: CRLF behind a body is not part of it and is skipped.
TEST(Frame, TwoFramesInOneSegmentTheSecondBehindABlankLine) {
  const Read read = ReadAll(SetFrame("1", "abc") + "\r\n" + SetFrame("2", "") + "\r\n\r\n");
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(ToText(read.frames[0].body), "abc");
  EXPECT_EQ(ToText(read.frames[1].body), "");
  EXPECT_EQ(read.frames[1].tag->value, "2");
}

TEST(Frame, ABadTypeOrEncodingIsSkippedByItsLengthAndTheStreamLives) {
  for (const auto& [head, text] : std::vector<std::pair<std::string, std::string>>{
           {"Content-Type: text/html", "Bad content type"},
           {"Content-Type: application", "Bad content type"},
           {"Content-Type: application/set-payment/x", "Bad content type"},
           {"Content-Type: application/set-payment;=x", "Bad content type"},
           {"Content-Type: application/set-payment\r\nContent-Type: application/set-payment",
            "Bad content type"},
           {"Subject: none", "Bad content type"},
           {"Content-Type: application/set-payment\r\nContent-Transfer-Encoding: base64",
            "Bad content-transfer-encoding"},
           {"Content-Type: application/set-payment\r\nContent-Transfer-Encoding: base64\r\n"
            "Content-Transfer-Encoding: binary",
            "Bad content-transfer-encoding"},
           {"Content-Type: application/set-payment;msg-tag=\"a", "Bad msg-tag"},
           {"Content-Type: application/set-payment;msg-tag=", "Bad msg-tag"},
           {"Content-Type: application/set-payment;msg-tag", "Bad msg-tag"},
           {"Content-Type: application/set-payment;msg-tag=a@b", "Bad msg-tag"},
           {"Content-Type: application/set-payment;msg-tag=a;msg-tag=b", "Bad msg-tag"},
           {"Content-Type: application/set-payment;msg-tag=\"\xe4\"", "Bad msg-tag"}}) {
    const Read read = ReadAll(head + "\r\nContent-Length: 3\r\n\r\nabc" + SetFrame("2", "x"));
    ASSERT_EQ(read.frames.size(), 2U) << head << read.lost;
    EXPECT_EQ(read.frames[0].kind, FrameKind::kBad) << head;
    EXPECT_EQ(read.frames[0].text, text) << head;
    EXPECT_FALSE(read.frames[0].control_type);
    EXPECT_EQ(read.frames[1].kind, FrameKind::kSet);
  }
}

TEST(Frame, AFaultyRequestKeepsItsTagUnlessTheTagIsTheFault) {
  EXPECT_EQ(
      ReadOne("Content-Type: text/html;msg-tag=\"t\"\r\nContent-Length: 0\r\n\r\n").tag->value,
      "t");
  EXPECT_FALSE(ReadOne(WithType("application/set-payment;msg-tag=\"t")).tag);
}

TEST(Frame, ATagHasUpTo32CharactersWithoutQuotesAndEscapes) {
  for (const std::size_t size : {31U, 32U, 33U}) {
    const std::string tag(size, 'x');
    for (const std::string& spelled : {tag, "\"" + tag + "\"", "\"\\" + tag + "\""}) {
      const Frame frame = ReadOne(WithType("application/set-payment;msg-tag=" + spelled));
      EXPECT_EQ(frame.kind, size <= 32 ? FrameKind::kSet : FrameKind::kBad) << spelled;
      if (size <= 32) {
        EXPECT_EQ(frame.tag->value, tag);
        EXPECT_EQ(frame.tag->spelling, spelled);
      }
    }
  }
}

TEST(Frame, AQuotedTagMayHoldSpacesAndSpecials) {
  for (const std::string_view value : {"a b", " ", "\t", "!~", "()<>@,;:/[]?="}) {
    const Frame frame =
        ReadOne(WithType("application/set-payment;msg-tag=\"" + std::string(value) + "\""));
    ASSERT_EQ(frame.kind, FrameKind::kSet) << value;
    EXPECT_EQ(frame.tag->value, value);
  }
}

TEST(Frame, AnEscapedQuoteBelongsToTheTag) {
  const Frame frame = ReadOne(WithType("application/set-payment;msg-tag=\"a\\\"b;c\""));
  ASSERT_EQ(frame.kind, FrameKind::kSet);
  EXPECT_EQ(frame.tag->value, "a\"b;c");
  EXPECT_EQ(frame.tag->spelling, "\"a\\\"b;c\"");
  EXPECT_EQ(QuotedTag("a\"b;c").spelling, frame.tag->spelling);
}

TEST(Frame, ALengthThatCannotBeBelievedLosesTheFraming) {
  for (const std::string_view length :
       {"", "+2", "-1", "2 2", "0x2", "2,2", "2;x", "two", "2\r\nContent-Length: 2",
        "2\r\nContent-Length: 3", "x\r\nContent-Length: 2"}) {
    const Read read =
        ReadAll("Content-Type: application/set-payment\r\nContent-Length: " + std::string(length) +
                "\r\n\r\n00");
    EXPECT_EQ(read.lost, "Bad content length") << length;
  }
  EXPECT_EQ(ReadAll("Content-Type: application/set-payment\r\n\r\n00").lost, "Bad content length");
}

TEST(Frame, BodiesAboveTheLimitAreDrainedUpTo16TimesIt) {
  constexpr std::size_t kLimit = 10;
  for (const std::size_t size : {9U, 10U, 11U, 159U, 160U}) {
    const Read read =
        ReadAll(SetFrame("1", std::string(size, 'x')) + SetFrame("2", "y"), 7, kLimit);
    ASSERT_EQ(read.frames.size(), 2U) << size;
    EXPECT_EQ(read.frames[0].kind, size <= kLimit ? FrameKind::kSet : FrameKind::kBad) << size;
    EXPECT_EQ(read.frames[0].text, size <= kLimit ? "" : "Messages too big");
    EXPECT_EQ(read.frames[0].tag->value, "1");
    EXPECT_EQ(read.frames[1].kind, FrameKind::kSet);
  }
  for (const std::string_view length : {"161", "99999999999999999999999999999999"}) {
    EXPECT_EQ(ReadAll("Content-Type: application/set-payment\r\nContent-Length: " +
                          std::string(length) + "\r\n\r\n",
                      0, kLimit)
                  .lost,
              "Messages too big");
  }
}

TEST(Frame, HeaderLinesHeadersAndTheBlockHaveLimits) {
  const std::string head = "Content-Type: application/set-payment\r\nContent-Length: 0\r\n";
  for (const std::size_t size : {999U, 1000U, 1001U}) {
    for (const std::string_view end : {"\r\n", "\n"}) {
      const std::string line = "X: " + std::string(size - 3, 'x') + std::string(end);
      EXPECT_EQ(ReadAll(line + head + "\r\n").lost, size <= 1000 ? "" : "Bad header") << size;
    }
  }
  for (const int count : {63, 64, 65}) {
    std::string block = head;
    for (int i = 2; i < count; ++i) block += "X: y\r\n";
    EXPECT_EQ(ReadAll(block + "\r\n").lost, count <= 64 ? "" : "Bad header") << count;
  }
  for (const std::size_t size : {8191U, 8192U, 8193U}) {
    std::string block = head;
    while (block.size() + 1002 + 4 < size) block += "X: " + std::string(900, 'x') + "\r\n";
    block += "Y: " + std::string(size - block.size() - 7, 'y') + "\r\n\r\n";
    ASSERT_EQ(block.size(), size);
    EXPECT_EQ(ReadAll(block).lost, size <= 8192 ? "" : "Bad header") << size;
  }
}

TEST(Frame, AHeaderBlockThatIsNoneLosesTheFraming) {
  for (const std::string_view block :
       {"Content-Length: 0\r\nno colon\r\n\r\n", "Content-Length: 0\r\n: empty\r\n\r\n",
        "Content-Length: 0\rX: y\r\n\r\n", " folded: first\r\n\r\n"}) {
    EXPECT_EQ(ReadAll(block).lost, "Bad header") << block;
  }
  EXPECT_EQ(ReadAll(std::string("X: \0y\r\n", 7)).lost, "Bad header");
}

TEST(Frame, ALostReaderStaysLost) {
  FrameReader reader;
  const Octets bad = ToOctets("Content-Length: x\r\n\r\n");
  const Octets good = ToOctets(SetFrame("1", "x"));
  OctetView in = bad;
  ASSERT_EQ(reader.Feed(in), Outcome::kLost);
  in = good;
  EXPECT_EQ(reader.Feed(in), Outcome::kLost);
}

TEST(Frame, AnUnwrappedLineIsAFrameOfItsOwn) {
  for (const std::string line : {"+OK|welcome", "+OK|ready|<3141 12:34:56 gw>",
                                 "Authentication|m:1|zJ1k9E44A4s6t7qcA0L3CCsgN5w=", "a line: x"}) {
    const Read read = ReadAll(line + "\r\n" + SetFrame("1", "x"));
    ASSERT_EQ(read.frames.size(), 2U) << line;
    EXPECT_EQ(read.frames[0].kind, FrameKind::kLine);
    EXPECT_EQ(read.frames[0].text, line);
    EXPECT_EQ(read.frames[1].kind, FrameKind::kSet);
  }
}

TEST(Frame, ControlMessagesThatBreakTheirRulesAreUnknown) {
  for (const std::string_view type :
       {"text/set-transport", "text/set-transport;control=dance",
        "text/set-transport;control=echo;class=info", "text/set-transport;control=close;delay=1",
        "text/set-transport;control=status;msg-tag=a",
        "text/set-transport;control=status;class=odd;msg-tag=a",
        "text/set-transport;control=status;class=info",
        "text/set-transport;control=status;class=info;delay=1;msg-tag=a",
        "text/set-transport;control=status;class=retry;msg-tag=a",
        "text/set-transport;control=status;class=retry;delay=0;msg-tag=a",
        "text/set-transport;control=status;class=retry;delay=-1;msg-tag=a"}) {
    EXPECT_EQ(ReadOne(WithType(type)).kind, FrameKind::kUnknown) << type;
  }
  EXPECT_TRUE(ReadOne(WithType("text/set-transport;control=echo;msg-tag=\"")).control_type);
}

TEST(Frame, ControlAndClassHaveAnyCaseAndALongDelayIsCut) {
  const Frame frame = ReadOne(
      WithType("TEXT/Set-Transport;CONTROL=Status;Class=\"RETRY\";Delay=99999999999;Msg-Tag=a"));
  ASSERT_EQ(frame.kind, FrameKind::kControl);
  EXPECT_EQ(frame.control, Control::kStatus);
  EXPECT_EQ(frame.status_class, StatusClass::kRetry);
  EXPECT_EQ(frame.delay_s, kMaxDelaySeconds);
}

TEST(Frame, ThePhaseTellsWhereTheStreamStands) {
  const std::string frame = SetFrame("1", "xy");
  EXPECT_EQ(ReadAll("\r\n\r\n").phase, FrameReader::Phase::kBetween);
  EXPECT_EQ(ReadAll("M").phase, FrameReader::Phase::kHeader);
  EXPECT_EQ(ReadAll(frame.substr(0, frame.size() - 2)).phase, FrameReader::Phase::kBody);
  EXPECT_EQ(ReadAll(frame).phase, FrameReader::Phase::kBetween);
}

TEST(Tag, ComparesFoldedInAsciiOnly) {
  EXPECT_TRUE(SameTagFolded("Shop.1", "sHOP.1"));
  EXPECT_FALSE(SameTagFolded("Shop.1", "Shop.2"));
  EXPECT_FALSE(SameTagFolded("Shop", "Shop.2"));
}

}  // namespace
}  // namespace setcore::transport
