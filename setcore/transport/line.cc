#include "setcore/transport/line.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "setcore/crypto/digest.h"

namespace setcore::transport {
namespace {

constexpr std::string_view kOk = "+OK";
constexpr std::string_view kErr = "-ERR";
constexpr std::string_view kAuthentication = "Authentication";

bool IsPrintable(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

std::string_view Trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

// Takes the field in front of the first '|' and the '|' itself; false if there is no '|'.
bool TakeField(std::string_view& rest, std::string_view& field) {
  const std::size_t bar = rest.find('|');
  if (bar == std::string_view::npos) return false;
  field = Trim(rest.substr(0, bar));
  rest.remove_prefix(bar + 1);
  return true;
}

// The keyword is compared as it stands, but for spaces in front of the '|'.
std::optional<Greeting> ParseReply(std::string_view line, bool third_field) {
  if (!IsPrintable(line)) return std::nullopt;
  const std::size_t bar = line.find('|');
  if (bar == std::string_view::npos) return std::nullopt;
  std::string_view keyword = line.substr(0, bar);
  while (!keyword.empty() && keyword.back() == ' ') keyword.remove_suffix(1);
  if (keyword != kOk && keyword != kErr) return std::nullopt;
  std::string_view rest = line.substr(bar + 1);
  Greeting greeting;
  greeting.ok = keyword == kOk;
  if (greeting.ok && third_field && TakeField(rest, greeting.text)) {
    greeting.has_challenge_field = true;
    greeting.challenge = Trim(rest);
  } else {
    greeting.text = Trim(rest);
  }
  return greeting;
}

// A15: the separator, and what is not printable ASCII, becomes '/'.
std::string Field(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c >= 0x7f || c == '|') c = '/';
  }
  return out;
}

bool IsKeyword(std::string_view word, std::string_view keyword) {
  return std::equal(word.begin(), word.end(), keyword.begin(), keyword.end(), [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c - 0; };
    return lower(a) == lower(b);
  });
}

OctetView AsOctets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

LineReader::Outcome LineReader::Feed(OctetView& in) {
  while (!in.empty()) {
    const char c = static_cast<char>(in.front());
    in = in.subspan(1);
    buffer_.push_back(c);
    if (c == '\n') {
      // D-62.
      buffer_.pop_back();
      if (!buffer_.empty() && buffer_.back() == '\r') buffer_.pop_back();
      line_.swap(buffer_);
      buffer_.clear();
      return Outcome::kLine;
    }
    if (buffer_.size() >= kMaxLineOctets) return Outcome::kTooLong;
  }
  return Outcome::kMore;
}

std::optional<Greeting> ParseGreeting(std::string_view line) { return ParseReply(line, true); }

std::optional<Greeting> ParseAuthenticationReply(std::string_view line) {
  return ParseReply(line, false);
}

std::optional<Authentication> ParseAuthentication(std::string_view line) {
  std::string_view rest = line;
  std::string_view keyword;
  if (line.starts_with(' ') || !TakeField(rest, keyword)) return std::nullopt;
  if (!IsKeyword(keyword, kAuthentication)) return std::nullopt;
  Authentication out;
  if (!IsPrintable(line) || !TakeField(rest, out.transport_id)) return out;
  out.response = Trim(rest);
  out.well_formed = !out.transport_id.empty() && out.response.find('|') == std::string_view::npos;
  return out;
}

std::string GreetingOk(std::string_view text, std::string_view challenge) {
  return "+OK|" + Field(text) + "|" + Field(challenge) + "\r\n";
}

std::string AuthenticationReplyOk(std::string_view text) { return "+OK|" + Field(text) + "\r\n"; }

std::string LineError(std::string_view text) { return "-ERR|" + Field(text) + "\r\n"; }

std::string AuthenticationLine(std::string_view transport_id, std::string_view response) {
  return "Authentication|" + Field(transport_id) + "|" + std::string(response) + "\r\n";
}

std::string AnswerChallenge(std::string_view greeting_line, std::string_view transport_id,
                            OctetView secret) {
  const std::string id = Field(Trim(transport_id));  // 3.2: without surrounding white space
  return AuthenticationLine(id, AuthenticationResponse(greeting_line, id, secret));
}

std::string AuthenticationResponse(std::string_view greeting_line, std::string_view transport_id,
                                   OctetView secret) {
  std::string data(greeting_line);
  data += transport_id;
  const crypto::Sha1Digest mac = crypto::HmacSha1(secret, AsOctets(data));
  std::array<unsigned char, 32> text{};  // 28 characters and EVP_EncodeBlock's final zero
  const int length = EVP_EncodeBlock(text.data(), mac.data(), static_cast<int>(mac.size()));
  return {text.begin(), text.begin() + length};
}

bool SameAuthenticationResponse(std::string_view expected, std::string_view received) {
  return crypto::Equal(AsOctets(expected), AsOctets(received));
}

std::string MakeChallenge(std::uint64_t pid, std::uint64_t counter, Time now, std::string_view host,
                          Random& random) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<std::uint8_t, 16> nonce{};
  random.Fill(nonce);
  std::string out =
      "<" + std::to_string(pid) + "." + std::to_string(counter) + "." + std::to_string(now) + ".";
  for (const std::uint8_t octet : nonce) {
    out.push_back(kHex[octet >> 4]);
    out.push_back(kHex[octet & 15]);
  }
  out += "@" + Field(host) + ">";
  return out;
}

}  // namespace setcore::transport
