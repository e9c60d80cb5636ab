// Acquirer: the payment gateway of one payment handler, in the process: the gateway of SET as pure
// functions, a ledger in memory, a pair of connected sockets for each connection, and moods in
// which it does not do what it should.  It holds the payment handler to what an acquirer may rely
// on; a broken law ends the process.
#ifndef TESTS_FUZZ_CALL_SEQUENCE_ACQUIRER_H_
#define TESTS_FUZZ_CALL_SEQUENCE_ACQUIRER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>

#include "fuzz/call_sequence/turn_system.h"
#include "setcore/gateway.h"
#include "setcore/octets.h"
#include "setcore/transport/gateway_connection.h"

namespace call_sequence {

enum class Mood : std::uint8_t {
  kAnswers,
  kDeclines,
  kSilent,           // takes the request and says nothing
  kGarbage,          // answers with octets that are no message
  kError,            // answers with a signed SET Error
  kAnswerOfAnother,  // answers with what it answered to another request
  kRefuses,          // refuses connections
  kRetry,            // Status retry
  kFails,            // Status failed
  kAnswerLost,       // does what is asked, and cuts the connection before the answer
  kAnswerCut,        // … in the middle of the answer
  kFlipped,          // answers with one bit of the answer changed
};
inline constexpr int kMoods = 12;

// What the acquirer knows of an XID.
struct Standing {
  bool approved = false;
  bool reversed = false;
  bool captured = false;
  std::string amount;
  std::string curr_code;
};

class Acquirer final : public Outside {
 public:
  // `now_ms` is the clock of all parties.
  Acquirer(Dice& dice, const std::int64_t& now_ms);

  // Forgets everything.
  void Reset();
  void SetMood(Mood mood) { mood_ = mood; }
  // Called when a request has come, before anything is done with it.
  void OnRequest(std::function<void()> hook) { on_request_ = std::move(hook); }

  tl::expected<bridge::FileDescriptor, std::string> Connect() override;
  std::int64_t Step(std::int64_t now_ms) override;

  // By XID, in lower-case hex.
  const std::map<std::string, Standing>& ledger() const { return ledger_; }

 private:
  struct Session {
    explicit Session(const setcore::transport::GatewaySettings& settings) : line(settings) {}
    bridge::FileDescriptor socket;
    setcore::transport::GatewayConnection line;
    bool gone = false;
  };

  void ReadFrom(Session& session, std::int64_t now_ms);
  void Take(Session& session, const setcore::transport::GatewayEvent& event, std::int64_t now_ms);
  void Write(Session& session);
  setcore::Octets Answer(const setcore::Octets& request);
  setcore::Octets Authorize(const setcore::Octets& request);
  setcore::Octets Reverse(const setcore::Octets& request);
  setcore::Octets Complain(const setcore::Octets& request, const setcore::Error& error);
  // One RRPID is one message (docs/architecture.md, invariant 5).
  void NoteRrpid(const setcore::msg::RRPID& rrpid, const setcore::Octets& request);
  setcore::Environment environment() const { return {now_ms_ / 1000, &dice_}; }

  Dice& dice_;
  const std::int64_t& now_ms_;
  setcore::pki::TrustStore trust_;
  setcore::pki::CertifiedKey signing_;
  setcore::pki::CertifiedKey exchange_;
  std::array<setcore::GatewayKeys, 1> keys_;
  setcore::GatewayPolicy policy_{.sw_ident = "acquirer"};
  setcore::transport::GatewaySettings settings_;

  Mood mood_ = Mood::kAnswers;
  std::function<void()> on_request_;
  std::list<Session> sessions_;
  std::map<setcore::Octets, setcore::Octets> answers_;  // by request
  setcore::Octets last_answer_;
  std::map<setcore::msg::RRPID, setcore::Octets> by_rrpid_;
  std::map<setcore::msg::RRPID, std::string> authorized_;  // by the RRPID of the AuthReq: the XID
  std::map<std::string, Standing> ledger_;
};

std::string Hex(setcore::OctetView octets);

}  // namespace call_sequence

#endif  // TESTS_FUZZ_CALL_SEQUENCE_ACQUIRER_H_
