#include "setcore/transport/line.h"

#include <gtest/gtest.h>

#include <string>

#include "setcore/crypto/random.h"
#include "unit/setcore/transport/text.h"
#include "vectors/vector_file.h"

namespace setcore::transport {
namespace {

TEST(Line, AuthenticationResponsesAreThoseOfTheVectors) {
  const auto file = vectors::Read(OPB_VECTORS "/common/tcp-authentication.txt");
  int count = 0;
  for (int i = 0; file.Has(std::to_string(i) + ".greeting"); ++i, ++count) {
    const std::string prefix = std::to_string(i) + ".";
    const std::string greeting = file.Text(prefix + "greeting");
    const std::string id = file.Text(prefix + "transport-id");
    const std::string response = AuthenticationResponse(greeting, id, file.Hex(prefix + "secret"));
    EXPECT_EQ(response, file.Text(prefix + "authentication-resp"));
    const std::string line = AuthenticationLine(id, response);
    EXPECT_EQ(ToOctets(line), file.Hex(prefix + "line"));
    const auto parsed = ParseAuthentication(std::string_view(line).substr(0, line.size() - 2));
    ASSERT_TRUE(parsed && parsed->well_formed);
    EXPECT_EQ(parsed->transport_id, id);
    EXPECT_TRUE(SameAuthenticationResponse(response, parsed->response));
  }
  EXPECT_EQ(count, 5);
}

struct GreetingCase {
  std::string_view line;
  bool ok;
  std::string_view text;
  std::string_view challenge;
};

TEST(Line, GreetingsAreReadWithAllTolerances) {
  constexpr GreetingCase kCases[] = {
      {"+OK|payment.gateway.com is ready|<3141 12:34:56>", true, "payment.gateway.com is ready",
       "<3141 12:34:56>"},
      {"+OK|payment.gateway.com is ready|", true, "payment.gateway.com is ready", ""},
      {"-ERR|Invalid merchant address", false, "Invalid merchant address", ""},
      {"-ERR|", false, "", ""},
      {"+OK || <1.2@gw>", true, "", "<1.2@gw>"},
      {"+OK|welcome", true, "welcome", ""},
      {"+OK|a|b|c", true, "a", "b|c"},
      {"+OK|a|  ", true, "a", ""},
  };
  for (const GreetingCase& c : kCases) {
    const auto greeting = ParseGreeting(c.line);
    ASSERT_TRUE(greeting) << c.line;
    EXPECT_EQ(greeting->ok, c.ok) << c.line;
    EXPECT_EQ(greeting->text, c.text) << c.line;
    EXPECT_EQ(greeting->challenge, c.challenge) << c.line;
  }
}

TEST(Line, WhatIsNoGreetingIsRefused) {
  for (const std::string_view line : {"", "+OK", "+ok|a|b", "-err|x", " +OK|a|b", "OK|a|",
                                      "+OKAY|a|", "+OK|a\x01|", "+OK|\x80|", "HTTP/1.1 200 OK"}) {
    EXPECT_FALSE(ParseGreeting(line)) << line;
  }
}

TEST(Line, TheKeywordAuthenticationMayHaveAnyCaseButNeedsBothFields) {
  EXPECT_TRUE(ParseAuthentication("AUTHENTICATION|m|x")->well_formed);
  EXPECT_EQ(ParseAuthentication("authentication | m | x ")->transport_id, "m");
  EXPECT_EQ(ParseAuthentication("authentication | m | x ")->response, "x");
  EXPECT_FALSE(ParseAuthentication("Authentication|m")->well_formed);
  EXPECT_FALSE(ParseAuthentication("Authentication||x")->well_formed);
  EXPECT_FALSE(ParseAuthentication("Authentication|m|x|y")->well_formed);
  EXPECT_FALSE(ParseAuthentication("Authenticate|m|x"));
  EXPECT_FALSE(ParseAuthentication(" Authentication|m|x"));
  EXPECT_FALSE(ParseAuthentication("Authentication"));
  EXPECT_FALSE(ParseAuthentication(""));
}

TEST(Line, TheTransportIdIsSentAndSignedWithoutSurroundingSpace) {
  const Octets secret = ToOctets("tanstaaf");
  EXPECT_EQ(AnswerChallenge("+OK||<1>", " m ", secret), AnswerChallenge("+OK||<1>", "m", secret));
  EXPECT_TRUE(AnswerChallenge("+OK||<1>", " m ", secret).starts_with("Authentication|m|"));
}

TEST(Line, ComparingResponsesNeedsEveryOctet) {
  EXPECT_TRUE(SameAuthenticationResponse("abcd", "abcd"));
  EXPECT_FALSE(SameAuthenticationResponse("abcd", "abce"));
  EXPECT_FALSE(SameAuthenticationResponse("abcd", "abc"));
  EXPECT_FALSE(SameAuthenticationResponse("abcd", ""));
}

TEST(Line, WhatWeSendHoldsNoSeparatorInAField) {
  EXPECT_EQ(GreetingOk("a|b", "c"), "+OK|a/b|c\r\n");
  EXPECT_EQ(GreetingOk("a\nb", ""), "+OK|a/b|\r\n");
  EXPECT_EQ(GreetingOk("a\x1f\x7f~ \x80", ""), "+OK|a//~ /|\r\n");
  EXPECT_EQ(LineError("no"), "-ERR|no\r\n");
  EXPECT_EQ(AuthenticationReplyOk("welcome"), "+OK|welcome\r\n");
}

// D-62: LF alone ends a line as well; one CR in front of it is not part of the line.
TEST(LineReader, TakesOneLineAndLeavesTheRest) {
  struct Case {
    std::string stream, line, rest;
  };
  for (const Case& c : {Case{"+OK|a|\r\nMIME", "+OK|a|", "MIME"}, Case{"+OK|a|\n", "+OK|a|", ""},
                        Case{"+OK|a|\r\r\nx", "+OK|a|\r", "x"}, Case{"\r\n", "", ""}}) {
    const Octets octets = ToOctets(c.stream);
    LineReader reader;
    OctetView in = octets;
    ASSERT_EQ(reader.Feed(in), LineReader::Outcome::kLine);
    EXPECT_EQ(reader.line(), c.line);
    EXPECT_EQ(ToText(in), c.rest);
  }
}

TEST(LineReader, TakesLineAfterLine) {
  const Octets octets = ToOctets("first\r\n\r\nthird\nfourth\r\n");
  LineReader reader;
  OctetView in = octets;
  for (const std::string_view line : {"first", "", "third", "fourth"}) {
    ASSERT_EQ(reader.Feed(in), LineReader::Outcome::kLine);
    EXPECT_EQ(reader.line(), line);
  }
  EXPECT_EQ(reader.Feed(in), LineReader::Outcome::kMore);
}

TEST(LineReader, GivesTheSameLineWhereverItIsSplit) {
  const Octets octets = ToOctets("+OK|payment.gateway.com is ready|<1.2@gw>\r\n");
  LineReader reader;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    OctetView in(&octets[i], 1);
    EXPECT_EQ(reader.Feed(in),
              i + 1 < octets.size() ? LineReader::Outcome::kMore : LineReader::Outcome::kLine);
  }
  EXPECT_EQ(reader.line(), "+OK|payment.gateway.com is ready|<1.2@gw>");
}

TEST(LineReader, HasALimitOf1024OctetsWithItsEnd) {
  for (const std::size_t size : {kMaxLineOctets - 1, kMaxLineOctets, kMaxLineOctets + 1}) {
    const Octets octets = ToOctets(std::string(size - 2, 'x') + "\r\n");
    OctetView in = octets;
    EXPECT_EQ(LineReader().Feed(in),
              size <= kMaxLineOctets ? LineReader::Outcome::kLine : LineReader::Outcome::kTooLong)
        << size;
  }
}

TEST(Challenge, IsNeverTheSameAndFitsAGreeting) {
  SystemRandom random;
  const std::string first = MakeChallenge(7, 1, 1768478400, "127.0.0.1", random);
  EXPECT_EQ(first.substr(0, 16), "<7.1.1768478400.");
  EXPECT_EQ(first.size(), 16 + 32 + std::string("@127.0.0.1>").size());
  EXPECT_NE(first, MakeChallenge(7, 1, 1768478400, "127.0.0.1", random));
  const std::string line = GreetingOk("ready", first);
  EXPECT_EQ(ParseGreeting(std::string_view(line).substr(0, line.size() - 2))->challenge, first);
}

}  // namespace
}  // namespace setcore::transport
