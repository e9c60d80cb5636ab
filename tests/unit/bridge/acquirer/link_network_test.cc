// The link over loopback against what networks and gateways do: names with several addresses,
// resolvers and peers that do not answer, Close, silence, and the end of the wallet.  The clock of
// these links runs twenty times as fast as the wall's.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "bridge/acquirer/link.h"
#include "bridge/acquirer/system.h"
#include "bridge/texts/texts.h"
#include "unit/bridge/acquirer/gateway_process.h"
#include "unit/bridge/acquirer/loopback_gateway.h"

namespace bridge {
namespace {

using setcore::Octets;
using setcore::transport::StatusClass;
using Answer = tl::expected<Octets, TransportFailure>;

constexpr std::int64_t kSpeed = 20;
constexpr std::int64_t kLong = 600000;

Octets ToOctets(std::string_view text) { return {text.begin(), text.end()}; }
std::string ToText(const Answer& answer) {
  return answer ? std::string(answer->begin(), answer->end())
                : Words(answer.error().why, Language::kEnglish);
}

// The operating system in a hurry, with names of its own.
class QuickSystem final : public System {
 public:
  using Names = std::function<tl::expected<std::vector<SocketAddress>, std::string>()>;
  explicit QuickSystem(Names names = {}) : names_(std::move(names)) {}

  std::int64_t NowMs() override { return real_.NowMs() * kSpeed; }
  void Poll(std::span<pollfd> descriptors, int timeout_ms) override {
    real_.Poll(descriptors,
               timeout_ms < 0 ? -1 : static_cast<int>((timeout_ms + kSpeed - 1) / kSpeed));
  }
  bool Await(std::condition_variable& changed, std::unique_lock<std::mutex>& lock,
             std::int64_t until_ms, const std::function<bool()>& done) override {
    return real_.Await(changed, lock, until_ms / kSpeed, done);
  }
  std::thread StartThread(std::function<void()> body) override {
    return real_.StartThread(std::move(body));
  }
  tl::expected<std::vector<SocketAddress>, std::string> Resolve(const std::string&) override {
    return names_();
  }
  setcore::Random& random() override { return real_.random(); }
  tl::expected<FileDescriptor, std::string> BeginConnect(const SocketAddress& address) override {
    return real_.BeginConnect(address);
  }

 private:
  System& real_ = OperatingSystem();
  const Names names_;
};

// A port of 127.0.0.1 on which attempts to connect are never answered: its backlog is full.
class FullPort {
 public:
  FullPort() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* name = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_.get(), name, size), 0);
    EXPECT_EQ(listen(listener_.get(), 0), 0);
    EXPECT_EQ(getsockname(listener_.get(), name, &size), 0);
    port = ntohs(address.sin_port);
    for (int i = 0; i < 4; ++i) {
      fillers_.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      static_cast<void>(connect(fillers_.back().get(), name, size));
    }
  }
  std::uint16_t port = 0;

 private:
  FileDescriptor listener_;
  std::vector<FileDescriptor> fillers_;
};

std::vector<SocketAddress> Numbers(std::initializer_list<const char*> texts) {
  std::vector<SocketAddress> out;
  for (const char* text : texts) out.push_back(NumericAddresses(text).front());
  return out;
}

std::ptrdiff_t Threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

class LinkNetwork : public ::testing::Test {
 protected:
  static GatewayAddress Address(std::uint16_t port, std::string host = "127.0.0.1") {
    GatewayAddress address;
    address.name = "acquirer";
    address.host = std::move(host);
    address.port = port;
    address.transport_id = "merchant.example.com";
    return address;
  }

  std::future<Answer> Ask(Link& link, const std::string& message) {
    return std::async(std::launch::async,
                      [&link, message] { return link.Exchange(ToOctets(message), kLong); });
  }

  QuickSystem system_;
  LoopbackGateway gateway_;
};

TEST_F(LinkNetwork, AnAddressThatIsDeadGivesWayToTheNext) {
  QuickSystem system([] { return Numbers({"127.0.0.9", "127.0.0.1"}); });
  Link link(Address(gateway_.port(), "gateway.example"), Host(), system);
  auto answer = Ask(link, "x");
  gateway_.Answer(gateway_.Next());
  EXPECT_EQ(ToText(answer.get()), "answer to x");
}

TEST_F(LinkNetwork, WhenAllAddressesAreDeadTheFailureNamesEach) {
  const std::uint16_t port = FreePort();
  QuickSystem system([] { return Numbers({"127.0.0.9", "127.0.0.8"}); });
  Link link(Address(port, "gateway.example"), Host(), system);
  const Answer answer = link.Exchange(ToOctets("x"), kLong);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().why.text, DetailText::kNoConnection);
  EXPECT_EQ(
      Words(answer.error().why, Language::kEnglish),
      fmt::format("no connection to acquirer (gateway.example:{}): the attempt to connect "
                  "failed: at 127.0.0.9: Connection refused; at 127.0.0.8: Connection refused",
                  port));
}

TEST_F(LinkNetwork, AnAttemptToConnectThatNobodyAnswersEnds) {
  const FullPort full;
  Link link(Address(full.port), Host(), system_);
  const Answer answer = link.Exchange(ToOctets("x"), kLong);
  EXPECT_NE(ToText(answer).find("nothing answered the attempt to connect within 10 s"),
            std::string::npos)
      << ToText(answer);
}

TEST_F(LinkNetwork, ANameThatDoesNotResolveIsAFailureOfItsOwn) {
  QuickSystem system([] { return tl::unexpected(std::string("Name or service not known")); });
  Link link(Address(7001, "nowhere.example"), Host(), system);
  EXPECT_EQ(ToText(link.Exchange(ToOctets("x"), kLong)),
            "no connection to acquirer (nowhere.example:7001): the name cannot be resolved: Name "
            "or service not known");
}

TEST_F(LinkNetwork, AResolverThatDoesNotAnswerHoldsNobodyUpAndItsThreadEndsWithTheLink) {
  std::promise<void> answer;
  std::shared_future<void> answered = answer.get_future().share();
  std::atomic<int> lookups = 0;
  QuickSystem system([&]() -> tl::expected<std::vector<SocketAddress>, std::string> {
    ++lookups;
    answered.wait();
    return Numbers({"127.0.0.1"});
  });
  const auto before = Threads();
  {
    Link link(Address(gateway_.port(), "slow.example"), Host(), system);
    for (int i = 0; i < 2; ++i) {
      const Answer late = link.Exchange(ToOctets("x"), kLong);
      EXPECT_NE(ToText(late).find("the name was not resolved within 10 s"), std::string::npos)
          << ToText(late);
    }
    EXPECT_EQ(lookups, 1);  // one thread, however many connections are wanted
    EXPECT_EQ(Threads(), before + 2);
    answer.set_value();
    auto there = Ask(link, "x");
    gateway_.Answer(gateway_.Next());
    EXPECT_EQ(ToText(there.get()), "answer to x");
  }
  EXPECT_EQ(Threads(), before);
}

TEST_F(LinkNetwork, AnIdleConnectionIsClosedAndANewOneOpenedOnDemand) {
  GatewayAddress address = Address(gateway_.port());
  address.idle_close_s = 5;
  Link link(std::move(address), Host(), system_);
  auto first = Ask(link, "first");
  gateway_.Answer(gateway_.Next());
  EXPECT_EQ(ToText(first.get()), "answer to first");
  gateway_.AwaitOctets(1, "idle-connection");
  gateway_.AwaitEnd(1);
  auto second = Ask(link, "second");
  const auto request = gateway_.Next();
  EXPECT_EQ(request.connection, 2);
  gateway_.Answer(request);
  EXPECT_EQ(ToText(second.get()), "answer to second");
}

TEST_F(LinkNetwork, EchoKeepsAConnectionAliveAndFindsADeadOne) {
  GatewayAddress address = Address(gateway_.port());
  address.echo_s = 3;
  address.t30_s = 20;
  address.max_retries = 0;
  Link link(std::move(address), Host(), system_);
  auto answer = Ask(link, "x");
  gateway_.Next();
  gateway_.AwaitOctets(1, "control=echo;");
  gateway_.FallSilent();
  EXPECT_NE(ToText(answer.get()).find("the gateway did not answer Echo within 20 s"),
            std::string::npos);
  gateway_.AwaitEnd(1);
}

TEST_F(LinkNetwork, ConnectionsAreOpenedUpToTheAgreedNumber) {
  GatewayAddress address = Address(gateway_.port());
  address.max_outstanding = 2;
  address.max_connections = 2;
  Link link(std::move(address), Host(), system_);
  std::vector<std::future<Answer>> answers;
  std::vector<LoopbackGateway::Request> requests;
  for (const int connections : {1, 1, 2, 2}) {
    answers.push_back(Ask(link, std::to_string(answers.size())));
    requests.push_back(gateway_.Next());
    EXPECT_EQ(gateway_.connections(), connections);
  }
  answers.push_back(Ask(link, "one more"));  // has to wait for an answer to another one
  gateway_.Answer(requests[1]);
  const auto last = gateway_.Next();
  EXPECT_EQ(last.message, "one more");
  EXPECT_EQ(last.connection, requests[1].connection);
  EXPECT_EQ(gateway_.connections(), 2);
  requests[1] = last;
  for (const auto& request : requests) gateway_.Answer(request);
  for (auto& answer : answers) EXPECT_TRUE(ToText(answer.get()).starts_with("answer to "));
}

TEST_F(LinkNetwork, StatusClosingIsResentOnAnotherConnectionAtOnce) {
  GatewayAddress address = Address(gateway_.port());
  address.max_retries = 0;  // the first three are no retries
  Link link(std::move(address), Host(), system_);
  auto answer = Ask(link, "x");
  const auto first = gateway_.Next();
  gateway_.Refuse(first, StatusClass::kClosing);
  gateway_.Close(first.connection);
  const auto second = gateway_.Next();
  EXPECT_EQ(second.message, first.message);
  EXPECT_EQ(second.connection, 2);
  gateway_.Answer(second);
  EXPECT_EQ(ToText(answer.get()), "answer to x");
}

TEST_F(LinkNetwork, RetryIsObeyedAndCountedOut) {
  GatewayAddress address = Address(gateway_.port());
  address.max_retries = 2;
  Link link(std::move(address), Host(), system_);
  auto answer = Ask(link, "x");
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto request = gateway_.Next();
    const std::int64_t refused = system_.NowMs();
    gateway_.Refuse(request, StatusClass::kRetry, 4);
    if (attempt == 2) break;
    auto next = std::async(std::launch::async, [this] { return gateway_.Next(); });
    // The link may have read the Status late, never early.
    next.wait();
    EXPECT_GE(system_.NowMs() - refused, 4000 - kSpeed);
    gateway_.Refuse(next.get(), StatusClass::kClosing);  // free: asks again at once
  }
  const Answer end = answer.get();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().why.text, DetailText::kGaveUp)
      << Words(end.error().why, Language::kEnglish);
}

TEST_F(LinkNetwork, ACutConnectionIsRepairedWithTheSameOctets) {
  Link link(Address(gateway_.port()), Host(), system_);
  auto answer = Ask(link, "x");
  const auto first = gateway_.Next();
  gateway_.Cut(first.connection);
  const auto second = gateway_.Next();
  EXPECT_EQ(second.message, first.message);
  gateway_.Answer(second);
  EXPECT_EQ(ToText(answer.get()), "answer to x");
}

TEST_F(LinkNetwork, DestructionIsPromptWhateverTheGatewayDoes) {
  const auto before = Threads();
  const FullPort full;
  const auto took = [this](std::uint16_t port, bool silent) {
    auto link = std::make_unique<Link>(Address(port), Host());
    link->Exchange(ToOctets("never answered"), 0);
    if (port == gateway_.port()) gateway_.Next();
    if (silent) gateway_.FallSilent();
    const auto begin = std::chrono::steady_clock::now();
    link.reset();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begin)
        .count();
  };
  constexpr std::int64_t kPrompt = 5 * Link::kCloseWaitMs;  // of a machine that may be busy
  EXPECT_LT(took(gateway_.port(), false), kPrompt);         // it answers Close
  EXPECT_LT(took(full.port, false), kPrompt);               // still connecting
  EXPECT_LT(took(gateway_.port(), true), kPrompt);
  EXPECT_EQ(Threads(), before);
}

}  // namespace
}  // namespace bridge
