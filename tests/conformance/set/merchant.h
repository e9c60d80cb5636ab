// The judge's SET merchant (set-processing.md, 4.2, 5.4, 5.5, 6), who faces a consumer.  Because
// the judge holds every key, it also opens the payment instruction and judges all of a PReq, as
// merchant and as gateway.  What is not as the specification asks throws Malformed.
#ifndef TESTS_CONFORMANCE_SET_MERCHANT_H_
#define TESTS_CONFORMANCE_SET_MERCHANT_H_

#include <optional>

#include "set/cardholder.h"
#include "set/party.h"

namespace conform::set {

// The payment instruction as the gateway sees it.
struct Instruction {
  Value pi_head;
  Value pan;  // PANData or PANToken
  Octets pan_der;
  Octets oi_digest_dd;  // DD(OIData) of PI-OILink, DER
  bool dual_signed = false;
};
// Opens and checks a PI (set-processing.md, 7.2(2) and (4)).
Instruction OpenPi(const Value& pi, const Identity& gateway_exchange,
                   const std::vector<Octets>& cardholders);

class Merchant : public Party {
 public:
  Merchant(Party party, const Market& market, Bargain bargain)
      : Party(std::move(party)), market_(market), bargain_(std::move(bargain)) {}

  Octets PInitRes(const Octets& pinitreq);
  // Judges the PReq; the card is what the consumer's wallet holds.
  void TakePReq(const Octets& octets, const Card& card);
  // PRes for the PReq taken.  `completion` and `auth_code` are numbers of set-messages.asn.
  Octets PRes(int completion, std::optional<int> auth_code, int ratio_numerator = 1);
  void TakeInqReq(const Octets& octets);
  Octets InqRes(int completion, std::optional<int> auth_code);
  // A signed Error about `offending`.
  Octets Error(int code, const Octets& offending);

  const Value& request() const { return pinitreq_; }
  Octets xid() const { return xid_; }
  const Octets& rrpid() const { return preq_rrpid_; }
  // Signs what a PInitRes or PRes holds; another merchant's, for rules about that.
  Identity signer() const { return signer_ ? *signer_ : market_.merchant_sign; }
  void SignAs(Identity identity) { signer_ = std::move(identity); }

 private:
  Octets Response(std::string_view alternative, const Octets& rrpid, const Octets& challenge,
                  int completion, std::optional<int> auth_code, int ratio_numerator);

  const Market& market_;
  Bargain bargain_;
  std::optional<Identity> signer_;
  Value pinitreq_;
  Octets trans_ids_;
  Octets xid_, chall_c_, chall_m_, preq_rrpid_, inq_rrpid_, chall_c2_;
  bool signed_ = false;
};

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_MERCHANT_H_
