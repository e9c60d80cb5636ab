// One payment as a rule drives it: a consumer module against the judge's merchant, or a payment
// handler module against the judge's cardholder and gateway.  Steps with a name fail the rule if
// the module refuses them; Send… give the answer as it is.
#ifndef TESTS_CONFORMANCE_PAYMENT_H_
#define TESTS_CONFORMANCE_PAYMENT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calls.h"
#include "context.h"
#include "set/cardholder.h"
#include "set/gateway.h"
#include "set/merchant.h"
#include "set/parties.h"

namespace conform {

// What both have: a wallet with a payment in it.
class Payment {
 public:
  Payment(const Payment&) = delete;
  Payment& operator=(const Payment&) = delete;

  Context& context;
  Deal deal;
  opb_wallet wallet = 0;
  set::Market market;

  const std::string& pay_id() const { return pay_id_; }
  Answer Inquire();
  std::string State() { return Inquire().call().Get("ProcessState"); }
  void ExpectState(std::string_view state);
  // ChangeProcessState; the answer's ProcessState.
  std::string Change(std::string_view state, std::string_view code = "");
  Node ContinueNode(const Octets& message, std::string_view name = "") const;
  Answer Continue(const Octets& message, std::string_view name = "");
  void Reopen();

 protected:
  Payment(Context& context, const WalletKind& kind, std::string_view suffix, Terms terms,
          opb_wallet wallet);
  std::string pay_id_;

 private:
  const WalletKind& kind_;
};

enum class CardKind { kCertified, kPlain };

class ConsumerPayment : public Payment {
 public:
  explicit ConsumerPayment(Context& context, CardKind card = CardKind::kCertified, Terms terms = {},
                           std::string_view suffix = "1", opb_wallet wallet = 0);

  set::Merchant merchant;
  set::Card card;
  Octets pinitreq, pinitres, preq, pres;

  Node StartNode() const { return StartPaymentConsumer(deal); }
  void Start();  // pinitreq, pinitres
  void Order();  // and preq, which the merchant has judged
  Answer SendPRes(int completion = 4, std::optional<int> auth_code = 0, int ratio = 1);
  void Finish();  // a good PRes
};

class HandlerPayment : public Payment {
 public:
  explicit HandlerPayment(Context& context, CardKind card = CardKind::kCertified, Terms terms = {},
                          std::string_view suffix = "1", opb_wallet wallet = 0);

  set::Cardholder cardholder;
  Octets pinitreq, pinitres, preq, pres;

  // The gateway of all payments of this process; made at the first use.
  set::Gateway& gateway();
  // A port where nobody answers: the gateway is not there.
  void NoGateway() {}

  Node StartNode() const { return StartPaymentPaymentHandler(deal, pinitreq); }
  void Start();       // pinitreq, pinitres, which the cardholder has judged
  void MakePReq();    // preq
  Answer SendPReq();  // fails the rule if the gateway found a fault
  void Pay();         // a good PRes in pres
  void ExpectNoFault();
};

// Fails the rule with the reason of the judge's SET side.
template <class Work>
auto Judged(const std::string& what, Work&& work) {
  try {
    return work();
  } catch (const set::Malformed& fault) {
    Fail(what + ": " + fault.what());
  }
}

// The SET Error inside an EncapProtErr; fails the rule unless it is a HardError with this code.
// `signer`: the certificate that may sign it; one that is not signed is accepted from a consumer.
set::ErrorMessage ExpectSetError(Payment& payment, const Answer& answer, int code);
// EncapProtErr without a message (RFC 3538 errata, payload table).
void ExpectNoMessage(const Answer& answer, std::string_view error_code);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_PAYMENT_H_
