// The judge's payment gateway on the wire: a thread that listens on 127.0.0.1 and speaks Appendix E
// (tcp-transport.md), one acquirer behind it.  It answers truly unless it is told otherwise.
#ifndef TESTS_CONFORMANCE_SET_GATEWAY_H_
#define TESTS_CONFORMANCE_SET_GATEWAY_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "set/acquirer.h"

namespace conform::set {

// What happens to one request.
enum class Manner {
  kApprove,
  kDecline,          // AuthCode declined
  kCallIssuer,       // AuthCode callIssuer
  kPiMismatch,       // AuthCode piAuthMismatch
  kSilent,           // no answer; the connection stays
  kHangUp,           // the connection is closed instead of an answer
  kHangUpMidAnswer,  // half of a true answer, then the connection is closed
  kGarbage,          // octets that are no frame
  kNoDer,            // a SET frame whose body is no DER
  kStatusFailed,     // Status failed
  kStatusRetry,      // Status retry, delay 1
  kForeignSigner,    // a true AuthRes, signed under a root that nobody trusts
  kBadSignature,     // AuthRes whose signature has one bit changed
  kOtherAmount,      // AuthRes for another amount
  kOtherXid,         // AuthRes for another purchase
  kOtherRrpid,       // AuthRes for another request
  kBadDigest,        // AuthRes whose baggage is not what was signed
  kUnsignedError,    // Error that nobody signed
  kForeignError,     // Error signed under a root that nobody trusts
  kSignedError,      // Error unspecifiedFailure, signed by the gateway: an outcome
};

class Gateway {
 public:
  struct Options {
    std::uint16_t port = 0;  // 0: any
    std::string transport_id;
    Octets shared_secret;
    Identity foreign;  // signer of false answers
  };
  // Listens until it is destroyed.
  Gateway(Options options, Acquirer acquirer);
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;
  ~Gateway();

  std::uint16_t port() const { return port_; }
  // For every request that no Next speaks of.
  void Always(Manner manner);
  // For the next requests, one each; a repeated request counts like a new one.
  void Next(std::vector<Manner> manners);

  int connections() const;
  std::vector<Octets> requests() const;  // everything that came as a SET message
  int authorizations() const;            // different AuthReq that were answered as approved
  int reversals() const;                 // different AuthRevReq that were answered as approved
  // Why requests were not as the specification asks; a request with a fault gets no answer.
  std::vector<std::string> faults() const;
  Authorization last() const;  // throws if there was none

 private:
  struct Connection;
  void Serve();
  void Read(Connection& connection);
  bool TakeLine(Connection& connection);
  void TakeRequest(Connection& connection, const Octets& message, const std::string& tag);
  Octets Answer(const Octets& message, Manner manner);
  Octets AuthResBy(const Authorization& authorization, Manner manner);
  void Send(Connection& connection, const std::string& octets);

  Options options_;
  Acquirer acquirer_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  Manner always_ = Manner::kApprove;
  std::deque<Manner> next_;
  int connections_ = 0;
  std::vector<Octets> requests_;
  std::vector<std::string> faults_;
  std::map<Octets, Octets> answered_;  // a request and its true answer
  std::map<Octets, Authorization> by_xid_;
  std::vector<Authorization> opened_;
  int authorizations_ = 0;
  int reversals_ = 0;
  std::vector<std::unique_ptr<Connection>> open_;
  std::thread thread_;
};

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_GATEWAY_H_
