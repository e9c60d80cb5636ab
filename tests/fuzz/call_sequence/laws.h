// Laws: what a host may rely on, whatever it asks for.  A broken law ends the process.
#ifndef TESTS_FUZZ_CALL_SEQUENCE_LAWS_H_
#define TESTS_FUZZ_CALL_SEQUENCE_LAWS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "fuzz/call_sequence/wallets.h"
#include "schema/document.h"

namespace call_sequence {

// What InquireProcessState shows of a payment.
struct Shown {
  std::string state;  // empty: the wallet knows no such payment
  int percent = 0;
  std::string answer;
  // The earliest moment at which it can have become what it is, and the latest that was since.
  std::int64_t since_ms = 0;
  std::int64_t until_ms = 0;
};

// MayBeGone: final or not started for longer than a wallet keeps payments.
bool MayBeGone(const Shown& shown);

// One call that was made.
struct Made {
  std::size_t wallet = 0;
  std::string_view request;
  std::string_view call;    // name of its element
  std::string_view wanted;  // its ProcessState
  std::string_view pay_id;
  std::string_view response;
  const schema::Element& answer;  // of the response
  bool inquiry = false;           // the request's ProcessType is Inquiry
};

// The moves of the state table (errata E-71 to E-80) that this call may make, and PercentComplete,
// which does not fall while a payment is InProgress (RFC 3538, 8.12).  TransientError moves nothing
// but a payment that begins.
void CheckMove(const Made& made, const Shown& before, const Shown& after);

// Answers of acting calls, which are given again octet for octet (docs/architecture.md, invariant
// 2).
class Answers {
 public:
  // Remembers or compares.
  void Check(const Made& made, bool moved);
  // The payment is gone, or what was answered never reached the host.
  void Forget(std::size_t wallet, std::string_view pay_id);
  void Forget(std::size_t wallet, std::string_view pay_id, std::string_view request);

 private:
  struct Key {
    std::size_t wallet;
    std::string pay_id;
    std::string request;
    auto operator<=>(const Key&) const = default;
  };
  std::map<Key, std::string> answers_;
};

// The ledgers of a closed payment handler's or consumer's wallet and of the acquirers say the same.
void CheckLedgers(Wallets& wallets, std::size_t wallet);

}  // namespace call_sequence

#endif  // TESTS_FUZZ_CALL_SEQUENCE_LAWS_H_
