// StormyGateway: a payment gateway in bad weather.  What answers is set-gateway's own code (the
// state machine of a connection, the processor, its store on disk); what is replaced is its socket
// server, because that one lives in real time.  The weather is drawn from a seed: restarts,
// graceful ends, Close, storms of Status retry, networks that swallow everything, and connections
// cut before, in the middle of and after an answer.
#ifndef TESTS_END_TO_END_STORMY_GATEWAY_H_
#define TESTS_END_TO_END_STORMY_GATEWAY_H_

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bridge/programs/set_gateway/config.h"
#include "bridge/programs/set_gateway/processor.h"
#include "end_to_end/virtual_time.h"
#include "setcore/crypto/random.h"
#include "setcore/transport/gateway_connection.h"

namespace storm {

class StormyGateway {
 public:
  // The agreement, as the merchant's side must keep it.
  struct Agreement {
    int max_connections = 0;
    int max_outstanding = 0;
  };

  // Reads the configuration of set-gateway.  The weather is bad until `calm_at`, in virtual ms,
  // which count from `began_s`, in s since 1970 UTC.  One object at a time.  Throws
  // std::runtime_error.
  StormyGateway(const std::string& configuration, Agreement agreement, std::uint32_t seed,
                std::int64_t calm_at, setcore::Time began_s);
  StormyGateway(const StormyGateway&) = delete;
  StormyGateway& operator=(const StormyGateway&) = delete;
  ~StormyGateway();

  // For VirtualTime::Outside.  The name has two addresses, of which the first is dead.
  tl::expected<std::vector<bridge::SocketAddress>, std::string> Resolve(const std::string& host);
  tl::expected<bridge::FileDescriptor, std::string> Connect(const bridge::SocketAddress& address);
  std::int64_t Step(std::int64_t now);

  // What happened, by name.
  const std::map<std::string, int>& counts() const { return counts_; }
  // What the merchant's side did and may not do.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  using GatewayConnection = setcore::transport::GatewayConnection;
  struct Session {
    explicit Session(const setcore::transport::GatewaySettings& settings) : line(settings) {}
    bridge::FileDescriptor socket;
    GatewayConnection line;
    bool swallowed = false;  // the network carries nothing any more
    bool gone = false;
    std::map<setcore::Octets, std::int64_t> told;  // Status retry that is not written yet
  };
  enum class Fate : std::uint8_t { kAnswer, kInform, kAnswerAndCut, kAnswerHalfAndCut };
  struct Work {
    std::int64_t due = 0;
    Session* session = nullptr;
    setcore::transport::RequestId request = 0;
    Fate fate = Fate::kAnswer;
    setcore::Octets answer;
  };

  void Change();  // of the weather
  void Open();
  void Crash(std::int64_t down_ms);
  void ReadFrom(Session& session);
  void Take(Session& session, setcore::transport::GatewayEvent& event);
  void Do(Work& work);
  void Write(Session& session);
  void Cut(Session& session);
  void Drop();
  int Draw(int least, int most);
  bool Chance(int percent) { return Draw(1, 100) <= percent; }
  void Complain(std::string text) { complaints_.push_back(std::move(text)); }

  const Agreement agreement_;
  std::mt19937 dice_;
  std::mt19937 segments_;  // of their own: how many there are depends on random octets of SET
  const std::int64_t calm_at_;
  const setcore::Time began_s_;
  std::shared_ptr<const bridge::gateway::Config> config_;
  setcore::SystemRandom random_;
  setcore::transport::GatewaySettings settings_;
  std::unique_ptr<bridge::gateway::Processor> processor_;  // null: the gateway is down
  std::list<Session> sessions_;
  std::list<Work> work_;
  std::list<bridge::FileDescriptor> holes_;  // the other ends of attempts that nobody answers
  std::int64_t now_ = 0;
  std::int64_t next_change_ = 0;
  std::int64_t up_at_ = 0;
  std::int64_t storm_until_ = 0;
  std::int64_t network_at_ = 0;  // until then it carries nothing
  bool ending_ = false;          // closes gracefully, then restarts
  int challenges_ = 0;
  std::map<setcore::Octets, setcore::Octets> octets_;   // by RRPID
  std::map<setcore::Octets, std::int64_t> not_before_;  // what Status retry said
  std::map<std::string, int> counts_;
  std::vector<std::string> complaints_;
};

}  // namespace storm

#endif  // TESTS_END_TO_END_STORMY_GATEWAY_H_
