// Play: an input is a program of steps, one in a line, that a host and the weather take: calls with
// well-formed or bent requests, clock jumps, reopened and crashed wallets, moods of the acquirers.
// After every step the laws are checked (laws.h).
//
// The first character of a line says what is done, each further one chooses among a few things:
// '0' the first, '1' the second, … 'a' the eleventh; a character that is missing is a '0', one that
// is too large is taken modulo the number of choices.  K is one of four payments, W one of the
// wallets m c d p q, w the first or the second wallet of the role, X an edit of the request
// (play.cc, Bend) with its parameter.
//
//   1KwX FindAcceptedPaymentBrand         2KwX FindAcceptedPaymentProtocol
//   3KwX GetPaymentInitializationData     4KwX FindPaymentInstrument
//   5KwX CheckPaymentPossibility          6KwX StartPaymentConsumer
//   7KwX StartPaymentPaymentHandler       8KwX ContinueProcess with the PInitRes
//   9KwX ContinueProcess with the PReq    aKwX ContinueProcess with the PRes
//   bKwX CheckPaymentReceipt              cKwX ExpandPaymentReceipt
//   PKcpN the first N+1 of these in order, with the consumer c and the payment handler p
//   SKWsct ChangeProcessState to s with CompletionCode c and ProcessType t
//   IKWX InquireProcessState              LKWX RemovePaymentLog
//   RKWmX ResumePayment… with message m   CKWmntX ContinueProcess with message m of the pool
//   JKwX StartPaymentInquiry              VKwmX InquirePaymentStatus
//   HKwX ContinueProcess with the InqRes  QWX InquirePendingPayment
//   MWab ManagePaymentSoftware            TWX PaymentInstrumentInquiry
//   UWX InquireAuthChallenge              AnW the request n requests ago once more
//   Zn the clock jumps                    OW the wallet is closed and opened again
//   DW the wallet crashes                 EW it will crash when it next asks its acquirer
//   Gwm the mood of an acquirer           Bm the mood of the host
#ifndef TESTS_FUZZ_CALL_SEQUENCE_PLAY_H_
#define TESTS_FUZZ_CALL_SEQUENCE_PLAY_H_

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/programs/oac/purchase.h"
#include "fuzz/call_sequence/bend.h"
#include "fuzz/call_sequence/laws.h"
#include "fuzz/call_sequence/wallets.h"
#include "schema/writer.h"

namespace call_sequence {

class Play {
 public:
  static constexpr int kMaxSteps = 64;
  static constexpr std::size_t kPayments = 4;

  // `wallets` are as they were made.
  explicit Play(Wallets& wallets);

  // Takes the steps, then closes the wallets and compares the ledgers.
  void Run(std::string_view program);

  // What a wallet ("m", "c", "d", "p", "q") has shown of any payment, "c CompletedOk", and what
  // else is worth reaching.
  const std::set<std::string>& sights() const { return sights_; }
  // The message that was given out last, base64.
  std::string last_message() const { return PoolMessage(0); }

 private:
  class Line;
  using Purchase = bridge::programs::Purchase;
  static Edit ReadEdit(Line& line);
  void Step(Line line);
  void Walk(Line line);
  void TakePurchaseStep(std::size_t payment, std::size_t step);
  void Send(std::size_t wallet, const schema::Node& call);
  void ChangeState(Line line);
  void Resume(Line line);
  void Continue(Line line);
  void InquireStatus(Line line);
  void ContinueInquiry(Line line);
  void Manage(Line line);
  void Again(Line line);

  std::string PayId(std::size_t wallet, std::size_t payment) const;
  schema::Node Scheme(std::string_view base64, std::string_view name) const;
  std::string PoolMessage(std::size_t number) const;
  // Bends the request, sends it, checks the laws.
  std::string Ask(std::size_t wallet, std::string request);
  std::string AskUnbent(std::size_t wallet, const std::string& request);
  // What the wallet has shown last; what it shows now.
  Shown Known(std::size_t wallet, const std::string& pay_id) const;
  Shown Show(std::size_t wallet, const std::string& pay_id);
  void Keep(std::size_t wallet, const std::string& pay_id, Shown shown);
  void CheckSame(std::size_t wallet, const std::string& pay_id);
  // Every payment that the wallet has shown is shown again as it was.
  void CheckAll(std::size_t wallet);
  void CheckNext();
  void CrashIfDue();

  Wallets& wallets_;
  std::vector<Purchase> purchases_;
  std::array<std::size_t, 3> acting_{};  // the wallet of each role, for the requests of purchases_
  std::array<std::string, kPayments> inqreq_, inqres_;
  Edit edit_;
  Answers answers_;
  std::map<std::pair<std::size_t, std::string>, Shown> shown_;
  std::vector<std::pair<std::size_t, std::string>> requests_;
  std::vector<std::string> pool_;  // messages that have been given out, base64
  std::optional<std::size_t> crash_due_;
  std::size_t checked_ = 0;
  std::set<std::string> sights_;
};

}  // namespace call_sequence

#endif  // TESTS_FUZZ_CALL_SEQUENCE_PLAY_H_
