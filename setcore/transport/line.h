// The three line messages of the TCP transport (External Interface Guide, Appendix E;
// tcp-transport.md, 3): Greeting, Authentication and Authentication-Reply.  Parsers take one line
// without its line end and give nullopt for a line that is not the message asked for.
#ifndef SETCORE_TRANSPORT_LINE_H_
#define SETCORE_TRANSPORT_LINE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "setcore/environment.h"
#include "setcore/octets.h"

namespace setcore::transport {

// Line length limit, including the line end (tcp-transport.md, 3.4).
inline constexpr std::size_t kMaxLineOctets = 1024;

// LineReader collects octets up to a line feed.
class LineReader {
 public:
  enum class Outcome : std::uint8_t { kMore, kLine, kTooLong };

  // Takes octets from the front of `in` until a line is complete; `in` is left at what follows.
  Outcome Feed(OctetView& in);

  // The line without its LF and without one CR in front of it; what the HMAC is over.  Valid until
  // the next Feed.
  std::string_view line() const { return line_; }

 private:
  std::string buffer_;
  std::string line_;
};

// Greeting, or Authentication-Reply (whose challenge is empty).  The views point into the line.
struct Greeting {
  bool ok = false;
  std::string_view text;
  std::string_view challenge;  // empty: no challenge authentication
  bool has_challenge_field = false;
};

// "+OK|text|challenge" or "-ERR|text", with the tolerances of 3.4 and A20.
std::optional<Greeting> ParseGreeting(std::string_view line);

// "+OK|text" or "-ERR|text".
std::optional<Greeting> ParseAuthenticationReply(std::string_view line);

// Authentication as received; `well_formed` is false for a line that has the keyword but not the
// two fields that belong to it.  The views point into the line.
struct Authentication {
  bool well_formed = false;
  std::string_view transport_id;
  std::string_view response;
};
std::optional<Authentication> ParseAuthentication(std::string_view line);

// The lines as we send them, CRLF included.  Characters that a field may not hold become '/'.
std::string GreetingOk(std::string_view text, std::string_view challenge);
std::string AuthenticationReplyOk(std::string_view text);
std::string LineError(std::string_view text);
std::string AuthenticationLine(std::string_view transport_id, std::string_view response);
// The AuthenticationLine that answers a Greeting with a challenge.
std::string AnswerChallenge(std::string_view greeting_line, std::string_view transport_id,
                            OctetView secret);

// base64(HMAC-SHA-1(data = greeting line without line end || transport_id, key = secret)), 28
// characters (3.2; A13).
std::string AuthenticationResponse(std::string_view greeting_line, std::string_view transport_id,
                                   OctetView secret);

// Compares in a time that depends on the lengths only.
bool SameAuthenticationResponse(std::string_view expected, std::string_view received);

// "<pid.counter.unixtime.nonce@host>", nonce = 128 random bits in hex: a challenge that never
// comes twice (3.1).
std::string MakeChallenge(std::uint64_t pid, std::uint64_t counter, Time now, std::string_view host,
                          Random& random);

}  // namespace setcore::transport

#endif  // SETCORE_TRANSPORT_LINE_H_
