// The pool against gateways in memory, under a virtual clock.
#include "bridge/acquirer/exchange_pool.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/texts/texts.h"
#include "setcore/transport/gateway_connection.h"

namespace bridge {
namespace {

using setcore::Octets;
using setcore::transport::GatewayConnection;
using setcore::transport::GatewayEvent;
using setcore::transport::GatewaySettings;
using setcore::transport::StatusClass;

constexpr std::string_view kWho = "acquirer (gateway.example:7001)";

const auto& kNobodyListens = *new Detail(Detail::Said("Connection refused"));
const auto& kReset = *new Detail(DetailText::kNetworkFailed, {{"cause", "reset"}});
const auto& kPatience = *new Detail(DetailText::kStatusRetry, {{"cause", "text"}});

Detail About(DetailText text, std::vector<Detail> causes = {}) {
  return {text, {{"gateway", kWho}}, std::move(causes)};
}

Octets ToOctets(std::string_view text) { return {text.begin(), text.end()}; }
std::string ToText(const Octets& octets) { return {octets.begin(), octets.end()}; }

class FixedRandom final : public setcore::Random {
 public:
  void Fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = 0;
  }
};

class Pool : public ::testing::Test {
 protected:
  struct Request {
    ExchangePool::ConnectionId connection;
    setcore::transport::RequestId id;
    std::string tag;
    std::string message;
  };

  Pool() {
    address_.name = "acquirer";
    address_.host = "gateway.example";
    address_.port = 7001;
    address_.max_outstanding = 2;
    address_.max_connections = 2;
    address_.max_retries = 3;
    address_.min_resubmit_s = 60;
    gateway_settings_.max_outstanding = 100;
    gateway_settings_.secret = [](std::string_view, std::string_view) { return nullptr; };
    pool_ = std::make_unique<ExchangePool>(address_, random_);
  }

  // Lets everything happen that needs no time; collects what reaches the gateway.
  void Settle() {
    bool moved = true;
    while (moved) {
      moved = false;
      pool_->Tick(now_);
      for (const auto id : pool_->TakeWanted()) {
        moved = true;
        ++connects_;
        if (down_) {
          pool_->ConnectFailed(id, kNobodyListens, now_);
          continue;
        }
        auto& gateway = gateways_[id] = std::make_unique<GatewayConnection>(gateway_settings_);
        gateway->Accept("192.0.2.1", true, {}, now_);
        pool_->Connected(id, now_);
      }
      for (auto it = gateways_.begin(); it != gateways_.end();) {
        const auto id = it->first;
        GatewayConnection& gateway = *it->second;
        std::string up = pool_->TakeOutput(id);
        sent_ += up;
        if (mute_) up.clear();  // a network that swallows everything
        if (!up.empty()) gateway.Received(ToOctets(up), now_);
        while (auto event = gateway.NextEvent()) {
          if (event->kind == GatewayEvent::Kind::kDown) downs_.push_back(event->text);
          if (event->kind != GatewayEvent::Kind::kRequest) continue;
          requests_.push_back({id, event->request, event->tag, ToText(event->message)});
        }
        const std::string down = gateway.TakeOutput();
        moved = moved || !up.empty() || !down.empty();
        if (!down.empty()) pool_->Received(id, ToOctets(down), now_);
        if (pool_->IsDown(id) && pool_->TakeOutput(id).empty()) {
          pool_->Forget(id, now_);
          it = gateways_.erase(it);
          moved = true;
        } else {
          ++it;
        }
      }
    }
  }

  ExchangePool::ExchangeId Enter(std::string_view message) {
    const auto id = pool_->Enter(ToOctets(message), now_);
    Settle();
    return id;
  }

  void Answer(const Request& request, std::string_view text) {
    gateways_.at(request.connection)->Respond(request.id, ToOctets(text), now_);
    Settle();
  }

  void Refuse(const Request& request, StatusClass status_class, std::uint32_t delay) {
    gateways_.at(request.connection)->Refuse(request.id, status_class, delay, "text", now_);
    Settle();
  }

  void Cut(ExchangePool::ConnectionId id) {
    pool_->Disconnected(id, kReset, now_);
    pool_->Forget(id, now_);
    gateways_.erase(id);
    Settle();
  }

  void Pass(std::int64_t ms) {
    now_ += ms;
    Settle();
  }

  Detail Failure(ExchangePool::ExchangeId id) {
    const auto* answer = pool_->Find(id);
    return answer != nullptr && !answer->has_value() ? answer->error().why : Detail();
  }

  std::string Success(ExchangePool::ExchangeId id) {
    const auto* answer = pool_->Find(id);
    return answer != nullptr && answer->has_value() ? ToText(**answer) : std::string();
  }

  GatewayAddress address_;
  FixedRandom random_;
  GatewaySettings gateway_settings_;
  std::int64_t now_ = 1000000;
  bool down_ = false;
  int connects_ = 0;
  std::unique_ptr<ExchangePool> pool_;
  std::map<ExchangePool::ConnectionId, std::unique_ptr<GatewayConnection>> gateways_;
  std::vector<Request> requests_;
  std::vector<std::string> downs_;  // why the gateway's connections ended
  std::string sent_;                // all octets of the pool
  bool mute_ = false;
};

// How often `part` stands in `text`.
int Count(std::string_view text, std::string_view part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

TEST_F(Pool, OpensAConnectionOnDemandAndKeepsIt) {
  EXPECT_EQ(connects_, 0);
  const auto a = Enter("a");
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].message, "a");
  Answer(requests_[0], "A");
  EXPECT_EQ(Success(a), "A");
  pool_->Leave(a);
  Enter("b");
  EXPECT_EQ(requests_.size(), 2U);
  EXPECT_EQ(connects_, 1);
}

TEST_F(Pool, TheSameOctetsJoinTheExchangeThatIsOutstanding) {
  const auto first = Enter("a");
  const auto second = Enter("a");
  EXPECT_EQ(first, second);
  EXPECT_EQ(requests_.size(), 1U);
  Answer(requests_[0], "A");
  EXPECT_EQ(Success(first), "A");
  pool_->Leave(first);
  EXPECT_EQ(Success(second), "A");
  pool_->Leave(second);
}

TEST_F(Pool, AnExchangeGoesOnWithoutCallersAndItsAnswerIsPickedUpOnce) {
  const auto first = Enter("a");
  pool_->Leave(first);  // the wait timed out
  Answer(requests_[0], "A");
  const auto second = Enter("a");
  EXPECT_EQ(Success(second), "A");
  pool_->Leave(second);
  EXPECT_EQ(requests_.size(), 1U);
  Enter("a");  // what came may have been no outcome: now they are sent again
  EXPECT_EQ(requests_.size(), 2U);
}

TEST_F(Pool, WhatWasNeverSentFailsAtOnceWhenNobodyListens) {
  down_ = true;
  const auto a = Enter("a");
  EXPECT_EQ(Failure(a), About(DetailText::kNoConnection, {kNobodyListens}));
  pool_->Leave(a);
  down_ = false;
  Enter("a");
  EXPECT_EQ(requests_.size(), 1U);
}

TEST_F(Pool, ALostConnectionIsRepairedWithTheIdenticalOctetsUntilRetriesEnd) {
  const auto a = Enter("a");
  for (int retry = 1; retry <= 3; ++retry) {
    Cut(requests_.back().connection);
    if (retry > 1) {
      EXPECT_EQ(requests_.size(), static_cast<std::size_t>(retry)) << "patience";
      Pass(ExchangePool::kFirstBackoffMs << (retry - 2));
    }
    ASSERT_EQ(requests_.size(), static_cast<std::size_t>(retry) + 1);
    EXPECT_EQ(requests_.back().message, "a");
    EXPECT_EQ(pool_->Find(a), nullptr);
  }
  Cut(requests_.back().connection);
  EXPECT_EQ(Failure(a), About(DetailText::kGaveUp, {kReset}));
}

TEST_F(Pool, AGatewayThatRestartsIsAskedAgainWithPatience) {
  const auto a = Enter("a");
  down_ = true;
  Cut(requests_.back().connection);
  EXPECT_EQ(pool_->Find(a), nullptr);
  down_ = false;
  Pass(ExchangePool::kFirstBackoffMs - 1);
  EXPECT_EQ(requests_.size(), 1U);
  Pass(1000);
  ASSERT_EQ(requests_.size(), 2U);
  Answer(requests_.back(), "A");
  EXPECT_EQ(Success(a), "A");
}

TEST_F(Pool, RetryIsObeyedNotEarlierThanItsDelayAndCounted) {
  const auto a = Enter("a");
  for (int retry = 1; retry <= 3; ++retry) {
    Refuse(requests_.back(), StatusClass::kRetry, 5);
    Enter("other " + std::to_string(retry));  // retry does not forbid other requests
    const std::size_t before = requests_.size();
    Pass(4999);
    EXPECT_EQ(requests_.size(), before);
    Pass(1);
    ASSERT_EQ(requests_.size(), before + 1);
    EXPECT_EQ(requests_.back().message, "a");
    for (const Request& request : requests_) {
      if (request.message.starts_with("other")) Answer(request, "done");
    }
  }
  Refuse(requests_.back(), StatusClass::kRetry, 5);
  EXPECT_EQ(Failure(a), About(DetailText::kGaveUp, {kPatience}));
}

TEST_F(Pool, StatusFailedIsNoOutcome) {
  const auto a = Enter("a");
  Refuse(requests_[0], StatusClass::kFailed, 0);
  EXPECT_EQ(Failure(a), About(DetailText::kGatewayRefused, {Detail::Said("text")}));
  pool_->Leave(a);
  Enter("a");
  EXPECT_EQ(requests_.size(), 2U);
}

TEST_F(Pool, ARequestAfterTheGatewaysCloseIsResentOnASecondConnection) {
  const auto a = Enter("a");
  Answer(requests_[0], "A");
  gateways_.at(requests_[0].connection)->Close("equipment going out of service", now_);
  const auto b = pool_->Enter(ToOctets("b"), now_);  // sent before the Close has been read
  Settle();
  ASSERT_EQ(requests_.size(), 2U);
  EXPECT_NE(requests_[1].connection, requests_[0].connection);
  EXPECT_EQ(requests_[1].message, "b");
  Answer(requests_[1], "B");
  EXPECT_EQ(Success(a), "A");
  EXPECT_EQ(Success(b), "B");
}

TEST_F(Pool, TheFirstThreeClosingsAreFree) {
  address_.max_retries = 0;
  const auto a = Enter("a");
  for (int i = 0; i < 3; ++i) {
    Refuse(requests_.back(), StatusClass::kClosing, 0);
    EXPECT_EQ(pool_->Find(a), nullptr) << i;
    gateways_.at(requests_[static_cast<std::size_t>(i)].connection)->Close("bye", now_);
    Settle();
    ASSERT_EQ(requests_.size(), static_cast<std::size_t>(i) + 2);
    EXPECT_NE(requests_.back().connection, requests_[static_cast<std::size_t>(i)].connection);
  }
  Refuse(requests_.back(), StatusClass::kClosing, 0);
  EXPECT_FALSE(Failure(a).empty());
}

// D-61.
TEST_F(Pool, AnUnansweredRequestIsResentAfterMinResubmitUnderANewTag) {
  const auto a = Enter("a");
  Pass(59999);
  EXPECT_EQ(requests_.size(), 1U);
  Enter("b");
  Answer(requests_[1], "B");  // the connection is alive
  Pass(1);
  ASSERT_EQ(requests_.size(), 3U);
  EXPECT_EQ(requests_[2].message, "a");
  EXPECT_TRUE(requests_[2].tag != requests_[0].tag ||
              requests_[2].connection != requests_[0].connection);
  Answer(requests_[2], "new");
  EXPECT_EQ(Success(a), "new");
}

TEST_F(Pool, ASilentConnectionIsNotTrustedWithTheResubmission) {
  Enter("a");
  Pass(60000);
  ASSERT_EQ(requests_.size(), 2U);
  EXPECT_NE(requests_[1].connection, requests_[0].connection);
}

TEST_F(Pool, InfoRestartsTheResponseTimer) {
  Enter("a");
  Pass(50000);
  gateways_.at(requests_[0].connection)->Inform(requests_[0].id, "Slow financial network");
  Settle();
  Pass(59999);
  EXPECT_EQ(requests_.size(), 1U);
  Pass(1);
  EXPECT_EQ(requests_.size(), 2U);
}

// max_outstanding = 2 and max_connections = 2: so many requests, connections and unsent requests.
TEST_F(Pool, OutstandingRequestsAndConnectionsStayWithinTheAgreement) {
  const struct {
    std::size_t entered, sent;
    int connections;
  } rows[] = {{1, 1, 1}, {2, 2, 1}, {3, 3, 2}, {4, 4, 2}, {5, 4, 2}};
  for (const auto& row : rows) {
    Enter(std::to_string(row.entered));
    EXPECT_EQ(requests_.size(), row.sent) << row.entered;
    EXPECT_EQ(connects_, row.connections) << row.entered;
  }
  Answer(requests_[3], "4");
  ASSERT_EQ(requests_.size(), 5U);
  EXPECT_EQ(requests_[4].message, "5");
  EXPECT_EQ(requests_[4].connection, requests_[3].connection);
}

TEST_F(Pool, AnUnusedConnectionIsClosedAfterIdleCloseAndNotBefore) {
  address_.idle_close_s = 300;
  const auto a = Enter("a");
  Pass(59000);
  Answer(requests_[0], "A");
  pool_->Leave(a);
  Pass(299999);
  EXPECT_TRUE(pool_->has_connections());
  EXPECT_EQ(pool_->deadline(), now_ + 1);
  Pass(1);
  EXPECT_FALSE(pool_->has_connections());
  EXPECT_EQ(downs_, std::vector<std::string>{"closed by the merchant: idle-connection"});
  Enter("b");
  EXPECT_EQ(requests_.size(), 2U);
  EXPECT_EQ(connects_, 2);
}

TEST_F(Pool, AConnectionWithARequestIsNotIdle) {
  address_.idle_close_s = 10;
  Enter("a");
  Pass(59999);
  EXPECT_TRUE(pool_->has_connections());
  EXPECT_TRUE(downs_.empty());
}

TEST_F(Pool, EchoAsksASilentConnectionAndIsNoUse) {
  address_.echo_s = 20;
  address_.idle_close_s = 50;
  const auto a = Enter("a");
  Answer(requests_[0], "A");
  pool_->Leave(a);
  Pass(19999);
  EXPECT_EQ(Count(sent_, "control=echo;"), 0);
  Pass(1);
  EXPECT_EQ(Count(sent_, "control=echo;"), 1);
  Pass(20000);
  EXPECT_EQ(Count(sent_, "control=echo;"), 2);
  EXPECT_TRUE(pool_->has_connections());
  Pass(10000);  // 50 s without a request
  EXPECT_FALSE(pool_->has_connections());
}

TEST_F(Pool, EchoIsOffUnlessAgreed) {
  address_.idle_close_s = 86400;
  const auto a = Enter("a");
  Answer(requests_[0], "A");
  pool_->Leave(a);
  Pass(86399999);
  EXPECT_EQ(Count(sent_, "control=echo"), 0);
}

TEST_F(Pool, TheGatewaysEchoIsAnswered) {
  Enter("a");
  gateways_.at(requests_[0].connection)->Echo();
  Settle();
  EXPECT_EQ(Count(sent_, "control=echo-reply"), 1);
}

TEST_F(Pool, AConnectionThatDoesNotAnswerEchoIsGivenUpAndItsRequestsGoElsewhere) {
  address_.echo_s = 10;
  address_.t30_s = 5;
  Enter("a");
  mute_ = true;
  Pass(10000);
  EXPECT_EQ(Count(sent_, "control=echo;"), 1);
  Pass(4999);
  EXPECT_EQ(connects_, 1);
  mute_ = false;
  Pass(1);
  ASSERT_EQ(requests_.size(), 2U);
  EXPECT_EQ(requests_[1].message, "a");
  EXPECT_NE(requests_[1].connection, requests_[0].connection);
}

TEST_F(Pool, ADelayOutlivesTheExchangeThatWasToldIt) {
  address_.max_retries = 0;
  const auto a = Enter("a");
  Refuse(requests_[0], StatusClass::kRetry, 100);
  EXPECT_FALSE(Failure(a).empty());
  pool_->Leave(a);
  Enter("a");
  Pass(99999);
  EXPECT_EQ(requests_.size(), 1U);
  Pass(1);
  EXPECT_EQ(requests_.size(), 2U);
}

TEST_F(Pool, AFailedAttemptToConnectIsNotRepeatedAtOnceWhileAnotherOneGoesOn) {
  for (const char* message : {"a", "b", "c"}) pool_->Enter(ToOctets(message), now_);
  const auto wanted = pool_->TakeWanted();
  ASSERT_EQ(wanted.size(), 2U);
  pool_->ConnectFailed(wanted[1], kNobodyListens, now_);
  EXPECT_TRUE(pool_->TakeWanted().empty());
  ASSERT_EQ(pool_->deadline(), now_ + ExchangePool::kFirstBackoffMs);
  pool_->Tick(now_ + ExchangePool::kFirstBackoffMs - 1);
  EXPECT_TRUE(pool_->TakeWanted().empty());
  pool_->Tick(now_ + ExchangePool::kFirstBackoffMs);
  EXPECT_EQ(pool_->TakeWanted().size(), 1U);
}

TEST_F(Pool, AnswersInAnyOrderReachTheirExchanges) {
  const auto a = Enter("a");
  const auto b = Enter("b");
  Answer(requests_[1], "B");
  Answer(requests_[0], "A");
  EXPECT_EQ(Success(a), "A");
  EXPECT_EQ(Success(b), "B");
}

TEST_F(Pool, ARefusedGreetingFailsWithTheGatewaysReason) {
  const auto id = pool_->Enter(ToOctets("a"), now_);
  const auto wanted = pool_->TakeWanted();
  ASSERT_EQ(wanted.size(), 1U);
  pool_->Connected(wanted[0], now_);
  pool_->Received(wanted[0], ToOctets("-ERR|Invalid merchant address\r\n"), now_);
  EXPECT_NE(Words(Failure(id), Language::kEnglish).find("Invalid merchant address"),
            std::string::npos);
  EXPECT_TRUE(pool_->IsDown(wanted[0]));
}

TEST_F(Pool, ProgressSaysWhatIsAwaited) {
  const auto id = pool_->Enter(ToOctets("a"), now_);
  EXPECT_EQ(pool_->Progress(id).why, About(DetailText::kUnsent));
  Settle();
  EXPECT_EQ(pool_->Progress(id).why, About(DetailText::kUnanswered));
  Refuse(requests_[0], StatusClass::kRetry, 5);
  EXPECT_EQ(pool_->Progress(id).why, About(DetailText::kUnsentAfter, {kPatience}));
}

TEST_F(Pool, ClosingFailsWhatWaitsAndClosesGracefully) {
  const auto a = Enter("a");
  pool_->CloseAll(now_);
  EXPECT_EQ(Failure(a), Detail(DetailText::kWalletClosing));
  Settle();
  EXPECT_FALSE(pool_->has_connections());
  const auto b = pool_->Enter(ToOctets("b"), now_);
  EXPECT_EQ(Failure(b), Detail(DetailText::kWalletClosing));
  EXPECT_TRUE(pool_->TakeWanted().empty());
}

TEST_F(Pool, UnclaimedAnswersAreKeptUpToALimit) {
  for (std::size_t i = 0; i <= ExchangePool::kMaxUnclaimed; ++i) {
    const auto id = Enter(std::to_string(i));
    pool_->Leave(id);
    Answer(requests_.back(), "answer");
  }
  const std::size_t sent = requests_.size();
  EXPECT_EQ(Success(Enter("1")), "answer");
  EXPECT_EQ(requests_.size(), sent);
  Enter("0");  // the oldest was dropped
  EXPECT_EQ(requests_.size(), sent + 1);
}

TEST_F(Pool, TheDeadlineNeverLiesInThePast) {
  for (const char c : std::string("abcdefgh")) Enter(std::string(1, c));
  for (int i = 0; i < 50; ++i) {
    const auto deadline = pool_->deadline();
    ASSERT_TRUE(deadline);
    ASSERT_GT(*deadline, now_);
    Pass(*deadline - now_);
    if (!pool_->deadline()) break;
  }
}

}  // namespace
}  // namespace bridge
