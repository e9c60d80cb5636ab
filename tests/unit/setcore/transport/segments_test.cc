// How TCP may deliver the same octets: cut at every place, joined, late, and reset in the middle.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "setcore/transport/gateway_connection.h"
#include "setcore/transport/merchant_connection.h"
#include "unit/setcore/transport/text.h"

namespace setcore::transport {
namespace {

constexpr std::string_view kGreeting =
    "+OK|payment.gateway.com is ready|<3141 12:34:56 01/23/45 payment.gateway.com>\r\n";
constexpr std::string_view kWelcome = "+OK|welcome\r\n";
constexpr std::string_view kAuthentication =
    "Authentication|merchant.example.com|zJ1k9E44A4s6t7qcA0L3CCsgN5w=\r\n";

// What the gateway sends to a merchant that has submitted three requests, message by message.
std::vector<std::string> Downstream() {
  return {StatusFrame(StatusClass::kInfo, 0, "r.000001", "Slow financial network"),
          SetFrame("r.000003", "answer 3"),
          "\r\n" + ControlFrame(Control::kEcho, "e", "Are you there?"),
          StatusFrame(StatusClass::kRetry, 5, "r.000002", "Busy"),
          ControlFrame(Control::kClose, "g", "equipment going out of service"),
          SetFrame("r.000001", std::string("answer\r\n\r\n\0 1", 13))};
}

// What a merchant sends behind its Authentication.
std::vector<std::string> Upstream() {
  return {SetFrame("1", "request 1"),
          SetFrame("2", std::string("\0\r\n\r\n", 5)),
          "\r\n" + ControlFrame(Control::kEcho, "e", "Are you there?"),
          SetFrame("3", ""),
          "Content-Type: text/html;msg-tag=\"4\"\r\nContent-Length: 3\r\n\r\nabc",
          ControlFrame(Control::kClose, "c", "idle-connection")};
}

std::string Join(const std::vector<std::string>& parts, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += parts[i];
  return out;
}

// The number of `parts` that the first `size` octets of their sequence hold whole.
std::size_t Whole(const std::vector<std::string>& parts, std::size_t size) {
  std::size_t count = 0;
  for (std::size_t end = 0; count < parts.size(); ++count) {
    end += parts[count].size();
    if (end > size) break;
  }
  return count;
}

class Merchant {
 public:
  Merchant() {
    settings_.transport_id = "merchant.example.com";
    settings_.shared_secret = SecretOctets(ToOctets("tanstaaf"));
    line_.Connected(now_);
  }

  void Receive(std::string_view text) {
    line_.Received(ToOctets(text), now_);
    Look();
  }
  void Open() {
    Receive(kGreeting);
    Receive(kWelcome);
  }
  void Look() {
    said_ += line_.TakeOutput();
    while (auto event = line_.NextEvent()) {
      said_ += "[" + std::to_string(static_cast<int>(event->kind)) + " " +
               std::to_string(event->request) + " " + ToText(event->response) + " " + event->text +
               "]";
      lost_.insert(lost_.end(), event->lost.begin(), event->lost.end());
      if (event->kind != MerchantEvent::Kind::kOpened) continue;
      for (RequestId id = 1; id <= 3; ++id) line_.Submit(id, ToOctets("request"), now_);
    }
  }

  MerchantSettings settings_;
  std::int64_t now_ = 0;
  MerchantConnection line_{settings_};
  std::string said_;
  std::vector<RequestId> lost_;
};

class Gateway {
 public:
  Gateway() {
    settings_.greeting = "payment.gateway.com is ready";
    settings_.secret = [this](std::string_view, std::string_view) { return &secret_; };
    line_.Accept("192.0.2.1", true, "<3141 12:34:56 01/23/45 payment.gateway.com>", now_);
    line_.TakeOutput();
  }

  void Receive(std::string_view text) {
    line_.Received(ToOctets(text), now_);
    said_ += line_.TakeOutput();
    while (auto event = line_.NextEvent()) {
      if (event->kind == GatewayEvent::Kind::kRequest) ++requests_;
      said_ += "[" + std::to_string(static_cast<int>(event->kind)) + " " + event->tag + " " +
               ToText(event->message) + " " + event->text + "]";
    }
  }

  SecretOctets secret_{ToOctets("tanstaaf")};
  GatewaySettings settings_;
  std::int64_t now_ = 0;
  GatewayConnection line_{settings_};
  std::string said_;
  int requests_ = 0;
};

// What is said when all of it comes in one segment.
std::string ByMerchant() {
  Merchant merchant;
  merchant.Open();
  merchant.Receive(Join(Downstream(), Downstream().size()));
  EXPECT_EQ(merchant.line_.state(), MerchantState::kClosed);
  EXPECT_TRUE(merchant.lost_.empty());
  return merchant.said_;
}

std::string ByGateway() {
  Gateway gateway;
  gateway.Receive(std::string(kAuthentication) + Join(Upstream(), Upstream().size()));
  EXPECT_EQ(gateway.line_.state(), GatewayState::kClosed);
  EXPECT_EQ(gateway.requests_, 3);
  return gateway.said_;
}

// What was said is the same, but for when what was written is taken.
std::string Sorted(std::string text) {
  std::sort(text.begin(), text.end());
  return text;
}

TEST(Segments, MayBeCutAtEveryOctet) {
  const std::string lines = std::string(kGreeting) + std::string(kWelcome);
  const std::string down = Join(Downstream(), Downstream().size());
  const std::string by_merchant = Sorted(ByMerchant());
  for (std::size_t at = 0; at <= lines.size() + down.size(); ++at) {
    Merchant merchant;
    if (at <= lines.size()) {
      merchant.Receive(lines.substr(0, at));
      merchant.Receive(lines.substr(at));
      merchant.Receive(down);
    } else {
      merchant.Open();
      merchant.Receive(down.substr(0, at - lines.size()));
      merchant.Receive(down.substr(at - lines.size()));
    }
    EXPECT_EQ(Sorted(merchant.said_), by_merchant) << at;
  }
  const std::string up = std::string(kAuthentication) + Join(Upstream(), Upstream().size());
  const std::string by_gateway = Sorted(ByGateway());
  for (std::size_t at = 0; at <= up.size(); ++at) {
    Gateway gateway;
    gateway.Receive(up.substr(0, at));
    gateway.Receive(up.substr(at));
    EXPECT_EQ(Sorted(gateway.said_), by_gateway) << at;
  }
}

TEST(Segments, MayBeSingleOctets) {
  Merchant merchant;
  for (const char c :
       std::string(kGreeting) + std::string(kWelcome) + Join(Downstream(), Downstream().size())) {
    merchant.Receive(std::string(1, c));
  }
  EXPECT_EQ(Sorted(merchant.said_), Sorted(ByMerchant()));
  Gateway gateway;
  for (const char c : std::string(kAuthentication) + Join(Upstream(), Upstream().size())) {
    gateway.Receive(std::string(1, c));
  }
  EXPECT_EQ(Sorted(gateway.said_), Sorted(ByGateway()));
}

// t30 for the lines; on the gateway a header and a body each have their time from the first octet.
TEST(Segments, MayBeLateUpToTheTimeOuts) {
  for (const bool late : {false, true}) {
    Merchant merchant;
    const std::string first(kGreeting.substr(0, kGreeting.size() - 1));
    merchant.Receive(first);
    merchant.now_ = merchant.settings_.t30_ms - (late ? 0 : 1);
    merchant.line_.Tick(merchant.now_);
    merchant.Receive("\n");
    EXPECT_EQ(merchant.line_.state(),
              late ? MerchantState::kClosed : MerchantState::kAuthenticating);

    Gateway gateway;
    gateway.Receive(kAuthentication);
    const std::string message = Upstream()[0];
    const std::size_t body = message.find("\r\n\r\n") + 4;
    gateway.Receive(message.substr(0, 1));
    gateway.now_ = gateway.settings_.header_timeout_ms - 1;
    gateway.line_.Tick(gateway.now_);
    gateway.Receive(message.substr(1, body - 1));
    gateway.now_ += gateway.settings_.body_timeout_ms - (late ? 0 : 1);
    gateway.line_.Tick(gateway.now_);
    gateway.Receive(message.substr(body));
    EXPECT_EQ(gateway.requests_, late ? 0 : 1);
  }
}

TEST(Segments, AResetAnywhereDeliversWholeMessagesAndNamesTheRequestsThatAreLost) {
  const auto parts = Downstream();
  const std::string down = Join(parts, parts.size());
  for (std::size_t at = 0; at < down.size(); ++at) {
    Merchant whole;
    whole.Open();
    const std::size_t count = Whole(parts, at);
    whole.Receive(Join(parts, count));
    Merchant cut;
    cut.Open();
    cut.Receive(down.substr(0, at));
    EXPECT_EQ(cut.said_, whole.said_) << at;
    cut.line_.Disconnected("reset");
    cut.Look();
    // Ended are: 3 by its answer, 2 by retry; 1 by its answer, which is the last message.
    const std::vector<RequestId> lost = count < 2   ? std::vector<RequestId>{1, 2, 3}
                                        : count < 4 ? std::vector<RequestId>{1, 2}
                                                    : std::vector<RequestId>{1};
    EXPECT_EQ(cut.lost_, lost) << at;
    EXPECT_EQ(cut.line_.state(), MerchantState::kClosed);
  }
  const auto requests = Upstream();
  const std::string up = Join(requests, requests.size());
  for (std::size_t at = 0; at < up.size(); ++at) {
    Gateway whole;
    whole.Receive(std::string(kAuthentication) + Join(requests, Whole(requests, at)));
    Gateway cut;
    cut.Receive(kAuthentication);
    cut.Receive(up.substr(0, at));
    cut.line_.Disconnected("reset");
    EXPECT_EQ(cut.requests_, whole.requests_) << at;
    EXPECT_EQ(cut.line_.outstanding(), 0U);
  }
}

TEST(Segments, AResetInTheLinesLosesNothingButTheConnection) {
  const std::string lines = std::string(kGreeting) + std::string(kWelcome);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    Merchant merchant;
    merchant.Receive(lines.substr(0, at));
    merchant.line_.Disconnected("reset");
    merchant.Look();
    EXPECT_EQ(merchant.line_.state(), MerchantState::kClosed);
    EXPECT_TRUE(merchant.lost_.empty());
  }
  for (std::size_t at = 0; at < kAuthentication.size(); ++at) {
    Gateway gateway;
    gateway.Receive(kAuthentication.substr(0, at));
    EXPECT_EQ(gateway.line_.state(), GatewayState::kAuthenticating);
    gateway.line_.Disconnected("reset");
    EXPECT_EQ(gateway.line_.state(), GatewayState::kClosed);
  }
}

}  // namespace
}  // namespace setcore::transport
