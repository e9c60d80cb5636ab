// Peers that do not behave, against the state machines of both sides.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "setcore/transport/gateway_connection.h"
#include "setcore/transport/merchant_connection.h"
#include "unit/setcore/transport/text.h"

namespace setcore::transport {
namespace {

constexpr std::size_t kMaxBody = 1000;
constexpr std::string_view kSetType = "Content-Type: application/set-payment;msg-tag=\"1\"\r\n";

std::string WithLength(std::string_view length, std::string_view body = "xx") {
  return std::string(kSetType) + "Content-Length: " + std::string(length) + "\r\n\r\n" +
         std::string(body);
}

// What a gateway without challenge made of one stream.
struct Outcome {
  std::vector<std::string> requests;
  std::string output;
  GatewayState state = GatewayState::kClosed;
};

class Hostile : public ::testing::Test {
 protected:
  Hostile() {
    settings_.max_message_bytes = kMaxBody;
    settings_.max_outstanding = 100;
    settings_.secret = [](std::string_view, std::string_view) -> const SecretOctets* {
      return nullptr;
    };
    merchant_settings_.transport_id = "m";
    merchant_settings_.max_message_bytes = kMaxBody;
    merchant_settings_.shared_secret = SecretOctets(ToOctets("tanstaaf"));
  }

  Outcome Gateway(std::string_view stream) const {
    GatewayConnection gateway(settings_);
    gateway.Accept("192.0.2.1", true, {}, 0);
    gateway.TakeOutput();
    gateway.Received(ToOctets(stream), 0);
    Outcome out;
    while (auto event = gateway.NextEvent()) {
      if (event->kind == GatewayEvent::Kind::kRequest)
        out.requests.push_back(ToText(event->message));
    }
    out.output = gateway.TakeOutput();
    out.state = gateway.state();
    return out;
  }

  // A merchant that waits for request 1, tag r.000001.
  void OpenMerchant(MerchantConnection& merchant) const {
    merchant.Connected(0);
    merchant.Received(ToOctets("+OK||\r\n"), 0);
    merchant.Submit(1, ToOctets("request"), 0);
    merchant.TakeOutput();
    while (merchant.NextEvent()) {
    }
  }

  GatewaySettings settings_;
  MerchantSettings merchant_settings_;
};

TEST_F(Hostile, HeadersAboveTheirLimitsEndTheConnectionAndTakeNothing) {
  const std::string head = std::string(kSetType) + "Content-Length: 2\r\n";
  const std::string tail = "\r\nxx";
  const auto line = [&](std::size_t size) {
    return head + "X: " + std::string(size - 3, 'x') + "\r\n" + tail;
  };
  const auto count = [&](std::size_t headers) {
    std::string block = head;
    for (std::size_t i = 2; i < headers; ++i) block += "X: y\r\n";
    return block + tail;
  };
  const auto folded = [&](std::size_t size) {  // block of `size` octets with one long header
    std::string block = head + "X: y\r\n";
    const std::size_t fixed = tail.size() - 2;
    while (block.size() + fixed + 500 < size) block += " " + std::string(400, 'y') + "\r\n";
    return block + " " + std::string(size - fixed - block.size() - 3, 'y') + "\r\n" + tail;
  };
  for (const std::string& good :
       {line(999), line(1000), count(63), count(64), folded(8191), folded(8192)}) {
    EXPECT_EQ(Gateway(good).requests.size(), 1U) << good.size();
  }
  for (const std::string& bad : {line(1001), count(65), folded(8193)}) {
    const Outcome outcome = Gateway(bad);
    EXPECT_EQ(outcome.state, GatewayState::kClosed) << bad.size();
    EXPECT_TRUE(outcome.requests.empty());
    EXPECT_EQ(outcome.output, StatusFrame(StatusClass::kFailed, 0, "1", "Bad header"));
  }
}

TEST_F(Hostile, NegativeAndOverflowingLengthsEndTheConnectionAndTakeNothing) {
  for (const std::string_view length :
       {"-1", "-0", "-2147483648", "-9223372036854775808", "+2", "0x2", "2e0", "1,000"}) {
    const Outcome outcome = Gateway(WithLength(length));
    EXPECT_EQ(outcome.output, StatusFrame(StatusClass::kFailed, 0, "1", "Bad content length"))
        << length;
    EXPECT_TRUE(outcome.requests.empty());
    EXPECT_EQ(outcome.state, GatewayState::kClosed);
  }
  // 2^32 + 2, 2^63 + 2, 2^64 + 2 and more would be 2 if they wrapped.
  for (const std::string& length :
       {std::string("4294967298"), std::string("9223372036854775810"),
        std::string("18446744073709551618"), "1" + std::string(200, '0') + "2"}) {
    const Outcome outcome = Gateway(WithLength(length) + SetFrame("smuggled", "x"));
    EXPECT_EQ(outcome.output, StatusFrame(StatusClass::kFailed, 0, "1", "Messages too big"));
    EXPECT_TRUE(outcome.requests.empty()) << length;
    EXPECT_EQ(outcome.state, GatewayState::kClosed);
  }
  EXPECT_EQ(Gateway(WithLength(std::string(900, '0') + "2")).requests.size(), 1U);
}

// Octets behind a body that is too short are no message of their own; a body that is too long is
// waited for, and then the connection ends.
TEST_F(Hostile, AWrongLengthMakesNoRequestOfItsOwn) {
  for (const std::string_view rest : {"x", "x\r\n", "a: b\r\n", "+OK|x|\r\n"}) {
    EXPECT_EQ(Gateway(WithLength("1", "y" + std::string(rest)) + SetFrame("2", "next")).requests,
              (std::vector<std::string>{"y", "next"}))
        << rest;
  }
  GatewayConnection gateway(settings_);
  gateway.Accept("192.0.2.1", true, {}, 0);
  gateway.TakeOutput();
  gateway.Received(ToOctets(WithLength("999") + SetFrame("2", "next")), 0);
  ASSERT_TRUE(gateway.deadline());
  gateway.Tick(*gateway.deadline());
  EXPECT_EQ(gateway.state(), GatewayState::kClosed);
  while (auto event = gateway.NextEvent()) EXPECT_NE(event->kind, GatewayEvent::Kind::kRequest);
}

TEST_F(Hostile, BodiesHaveTheirLimitAndWhatIsDrainedIsNotRead) {
  for (const std::size_t size : {kMaxBody - 1, kMaxBody, kMaxBody + 1, 16 * kMaxBody - 1,
                                 16 * kMaxBody, 16 * kMaxBody + 1}) {
    std::string body(size, 'x');
    body.replace(0, SetFrame("smuggled", "x").size(), SetFrame("smuggled", "x"));
    const Outcome outcome = Gateway(SetFrame("1", body) + SetFrame("2", "next"));
    const bool drained = size > kMaxBody && size <= 16 * kMaxBody;
    const std::vector<std::string> requests = size <= kMaxBody
                                                  ? std::vector<std::string>{body, "next"}
                                              : drained ? std::vector<std::string>{"next"}
                                                        : std::vector<std::string>{};
    EXPECT_EQ(outcome.requests, requests) << size;
    EXPECT_EQ(outcome.state, size > 16 * kMaxBody ? GatewayState::kClosed : GatewayState::kOpen);
  }
}

TEST_F(Hostile, TagsOf33CharactersAreRefusedIn32Spellings) {
  for (const std::size_t size : {31U, 32U, 33U, 34U, 900U}) {
    std::string escaped;
    for (std::size_t i = 0; i < size; ++i) escaped += "\\x";
    for (const std::string& spelled :
         {std::string(size, 'x'), "\"" + std::string(size, 'x') + "\"",
          "\"" + escaped.substr(0, 2 * std::min<std::size_t>(size, 400)) + "\""}) {
      const Outcome outcome = Gateway("Content-Type: application/set-payment;msg-tag=" + spelled +
                                      "\r\nContent-Length: 1\r\n\r\nx");
      EXPECT_EQ(outcome.requests.size(), size <= 32 ? 1U : 0U) << spelled;
      EXPECT_EQ(outcome.output,
                size <= 32 ? "" : StatusFrame(StatusClass::kFailed, 0, "", "Bad msg-tag"));
      EXPECT_EQ(outcome.state, GatewayState::kOpen);
    }
  }
}

TEST_F(Hostile, ASmuggledSecondMessageIsNeverARequest) {
  const std::string smuggled = SetFrame("smuggled", "secret");
  const std::string size = std::to_string(smuggled.size());
  const auto with = [&](std::string_view headers) {
    return std::string(headers) + "Content-Length: " + size + "\r\n\r\n" + smuggled;
  };
  for (const std::string& stream :
       {with("Content-Type: text/html\r\n"),
        with("Content-Type: text/set-transport;control=dance\r\n"),
        with("Content-Type: text/set-transport;control=echo\r\n"),
        with(std::string(kSetType) + "Content-Transfer-Encoding: base64\r\n"),
        with(std::string(kSetType) + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
        with("Content-Type: application/set-payment;msg-tag=\"\r\n"),
        std::string(kSetType) + "\r\n" + smuggled,
        std::string(kSetType) + "Content-Length: 0, " + size + "\r\n\r\n" + smuggled,
        std::string(kSetType) + "Content-Length: 0\rContent-Length: 9\r\n\r\n" + smuggled,
        std::string(kSetType) + "Content-Length : x\r\n\r\n" + smuggled,
        ControlFrame(Control::kClose, "c", "bye") + smuggled}) {
    for (const std::string& request : Gateway(stream).requests) EXPECT_NE(request, "secret");
  }
  // As the body of a request it is only that.
  EXPECT_EQ(Gateway(SetFrame("1", smuggled)).requests, std::vector<std::string>{smuggled});
}

TEST_F(Hostile, NothingBehindAFailedAuthenticationIsRead) {
  for (const std::string& first : {std::string("Authentication|m|wrong\r\n"), std::string("\r\n"),
                                   std::string("GET / HTTP/1.1\r\n"), std::string(1024, 'x')}) {
    GatewayConnection gateway(settings_);
    gateway.Accept("192.0.2.1", true, "<1.2@gw>", 0);
    gateway.TakeOutput();
    gateway.Received(ToOctets(first + SetFrame("smuggled", "x")), 0);
    EXPECT_EQ(gateway.state(), GatewayState::kClosed);
    EXPECT_TRUE(gateway.TakeOutput().find("+OK") == std::string::npos);
    while (auto event = gateway.NextEvent()) {
      EXPECT_NE(event->kind, GatewayEvent::Kind::kRequest);
    }
  }
}

TEST_F(Hostile, AuthenticationLinesHaveTheirLimit) {
  for (const std::size_t size : {1023U, 1024U, 1025U}) {
    GatewayConnection gateway(settings_);
    gateway.Accept("192.0.2.1", true, "<1.2@gw>", 0);
    gateway.TakeOutput();
    const std::string head = "Authentication|m|";
    gateway.Received(ToOctets(head + std::string(size - head.size() - 2, 'x') + "\r\n"), 0);
    // Too long is no line at all and gets no answer.
    EXPECT_EQ(gateway.TakeOutput(), size <= 1024 ? "-ERR|Authentication failed\r\n" : "");
    EXPECT_EQ(gateway.state(), GatewayState::kClosed);
  }
}

TEST_F(Hostile, NoTagBreaksTheHeadersOfItsAnswer) {
  for (int c = 1; c < 256; ++c) {
    for (const std::string& spelled :
         {std::string(1, static_cast<char>(c)), "\"" + std::string(1, static_cast<char>(c)) + "\"",
          "\"\\" + std::string(1, static_cast<char>(c)) + "\""}) {
      GatewayConnection gateway(settings_);
      gateway.Accept("192.0.2.1", true, {}, 0);
      gateway.TakeOutput();
      gateway.Received(ToOctets("Content-Type: application/set-payment;msg-tag=" + spelled +
                                "\r\nContent-Length: 0\r\n\r\n"),
                       0);
      std::string answer = gateway.TakeOutput();
      while (auto event = gateway.NextEvent()) {
        if (event->kind != GatewayEvent::Kind::kRequest) continue;
        gateway.Respond(event->request, ToOctets("answer"), 0);
        answer = gateway.TakeOutput();
      }
      if (answer.empty()) continue;  // the header goes on
      FrameReader reader;
      const Octets octets = ToOctets(answer);
      OctetView in = octets;
      ASSERT_EQ(reader.Feed(in), FrameReader::Outcome::kFrame) << c;
      EXPECT_TRUE(in.empty()) << c;
      ASSERT_TRUE(reader.frame().tag);
    }
  }
}

TEST_F(Hostile, RequestsHaveTheirNumber) {
  settings_.max_outstanding = 5;
  for (const int count : {4, 5, 6, 1000}) {
    std::string stream;
    for (int i = 0; i < count; ++i) stream += SetFrame(std::to_string(i), "x");
    const Outcome outcome = Gateway(stream);
    EXPECT_EQ(outcome.requests.size(), static_cast<std::size_t>(std::min(count, 5)));
    std::string retries;
    for (int i = 5; i < count; ++i) {
      retries +=
          StatusFrame(StatusClass::kRetry, 5, std::to_string(i), "Too many outstanding requests");
    }
    EXPECT_EQ(outcome.output, retries);
    EXPECT_EQ(outcome.state, GatewayState::kOpen);
  }
}

TEST_F(Hostile, AGreetingHasItsLimitAndItsCharacters) {
  for (const std::size_t size : {1023U, 1024U, 1025U}) {
    MerchantConnection merchant(merchant_settings_);
    merchant.Connected(0);
    merchant.Received(ToOctets("+OK|" + std::string(size - 7, 'x') + "|\r\n"), 0);
    EXPECT_EQ(merchant.state(), size <= 1024 ? MerchantState::kOpen : MerchantState::kClosed);
  }
  for (const char c : {'\0', '\x01', '\r', '\x1b', '\x7f', '\x80', '\xff'}) {
    MerchantConnection merchant(merchant_settings_);
    merchant.Connected(0);
    merchant.Received(ToOctets("+OK|" + std::string(1, c) + "x|\r\n"), 0);
    EXPECT_EQ(merchant.state(), MerchantState::kClosed) << static_cast<int>(c);
  }
}

TEST_F(Hostile, AGatewayCannotAnswerARequestTwiceNorOneThatWasNotMade) {
  MerchantConnection merchant(merchant_settings_);
  OpenMerchant(merchant);
  merchant.Received(ToOctets(SetFrame("r.000002", "forged") + SetFrame("r.00000", "forged") +
                             SetFrame("r.000001", "right") + SetFrame("r.000001", "again")),
                    0);
  int responses = 0;
  while (auto event = merchant.NextEvent()) {
    if (event->kind != MerchantEvent::Kind::kResponse) continue;
    ++responses;
    EXPECT_EQ(ToText(event->response), "right");
  }
  EXPECT_EQ(responses, 1);
}

TEST_F(Hostile, AResponseThatIsTooBigIsSkippedAndTheNextOneRead) {
  for (const std::size_t size : {kMaxBody - 1, kMaxBody, kMaxBody + 1, 16 * kMaxBody}) {
    MerchantConnection merchant(merchant_settings_);
    OpenMerchant(merchant);
    merchant.Submit(2, ToOctets("request"), 0);
    merchant.Received(
        ToOctets(SetFrame("r.000001", std::string(size, 'x')) + SetFrame("r.000002", "y")), 0);
    std::vector<RequestId> answered;
    while (auto event = merchant.NextEvent()) {
      if (event->kind == MerchantEvent::Kind::kResponse) answered.push_back(event->request);
    }
    EXPECT_EQ(answered,
              size <= kMaxBody ? (std::vector<RequestId>{1, 2}) : (std::vector<RequestId>{2}))
        << size;
  }
}

TEST_F(Hostile, DelaysHaveTheirLimit) {
  struct Row {
    std::string_view delay;
    std::uint32_t seconds;  // 0: ignored
  };
  for (const Row& row : {Row{"0", 0}, Row{"1", 1}, Row{"86399", 86399}, Row{"86400", 86400},
                         Row{"86401", 86400}, Row{"4294967297", 86400},
                         Row{"18446744073709551617", 86400}, Row{"-1", 0}, Row{"1.5", 0}}) {
    MerchantConnection merchant(merchant_settings_);
    OpenMerchant(merchant);
    merchant.Received(
        ToOctets("Content-Type: text/set-transport;control=status;class=retry;delay=" +
                 std::string(row.delay) + ";msg-tag=r.000001\r\nContent-Length: 0\r\n\r\n"),
        0);
    const auto event = merchant.NextEvent();
    ASSERT_TRUE(event) << row.delay;
    EXPECT_EQ(event->kind,
              row.seconds == 0 ? MerchantEvent::Kind::kNote : MerchantEvent::Kind::kStatus)
        << row.delay;
    EXPECT_EQ(event->delay_s, row.seconds) << row.delay;
  }
}

}  // namespace
}  // namespace setcore::transport
