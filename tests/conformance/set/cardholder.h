// The judge's cardholder (set-processing.md, 4.1, 4.3, 5.1 to 5.3, 5.6, 6): it makes PInitReq,
// PReq and InqReq, and finds out whether PInitRes, PRes and InqRes are what the specification asks
// for.  What is not throws Malformed with the reason.
#ifndef TESTS_CONFORMANCE_SET_CARDHOLDER_H_
#define TESTS_CONFORMANCE_SET_CARDHOLDER_H_

#include <optional>

#include "set/party.h"

namespace conform::set {

// What a PRes says.
struct Outcome {
  int completion = -1;
  std::optional<int> auth_code = std::nullopt;
  std::optional<int> cap_code = std::nullopt;
  Octets auth_ratio = {};  // contents octets of the REAL
  Value data = {};         // PResData
};

class Cardholder : public Party {
 public:
  Cardholder(Party party, const Market& market, Card card, Bargain bargain)
      : Party(std::move(party)),
        market_(market),
        card_(std::move(card)),
        bargain_(std::move(bargain)) {}

  Octets PInitReq();
  void TakePInitRes(const Octets& octets);
  // Dual signed if the card is certified.  Without a PInitRes: a purchase without PInit.
  Octets PReq();
  Outcome TakePRes(const Octets& octets);
  Octets InqReq();
  Outcome TakeInqRes(const Octets& octets);

  void UseCard(Card card) { card_ = std::move(card); }
  const Card& card() const { return card_; }
  const Octets& od_salt() const { return od_salt_; }
  const Value& trans_ids() const { return trans_ids_; }

 private:
  Outcome TakeResponse(const Octets& octets, std::string_view alternative, const Octets& rrpid,
                       const Octets& challenge);
  Octets PiHead(const Octets& hod_input);

  const Market& market_;
  Card card_;
  Bargain bargain_;
  Octets rrpid_, lid_c_, chall_c_, chall_m_, od_salt_;
  Octets preq_rrpid_, inq_rrpid_, chall_c2_;
  Value trans_ids_;
};

// HODInput as both sides build it.
Value HodInput(const Bargain& bargain, const Octets& od_salt);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_CARDHOLDER_H_
