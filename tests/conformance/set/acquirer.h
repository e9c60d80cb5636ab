// The judge's payment gateway without its wire (set-processing.md, 7, 8): it opens AuthReq and
// AuthRevReq, judges them, and composes AuthRes and AuthRevRes.  A request that is not as the
// specification asks throws Malformed.
#ifndef TESTS_CONFORMANCE_SET_ACQUIRER_H_
#define TESTS_CONFORMANCE_SET_ACQUIRER_H_

#include <optional>

#include "set/merchant.h"
#include "set/party.h"

namespace conform::set {

// An AuthReq that was opened.
struct Authorization {
  Octets octets;
  Value data;  // AuthReqData
  Instruction instruction;
  Octets rrpid;
  bool capture_now = false;

  const Value& trans_ids() const { return data.at("authReqItem.authTags.transIDs"); }
  const Value& amount() const { return data.at("authReqItem.authReqPayload.authReqAmt"); }
};

// What an AuthRes is to be, apart from what the spoil table changes.
struct AuthAnswer {
  int auth_code = 0;
  std::optional<Identity> signer = std::nullopt;  // absent: the gateway's own
  Octets baggage = {0x30, 0x00};                  // AuthResBaggage
};

class Acquirer : public Party {
 public:
  Acquirer(Party party, const Market& market) : Party(std::move(party)), market_(market) {}

  Authorization Open(const Octets& authreq) const;
  Octets AuthRes(const Authorization& authorization, const AuthAnswer& answer) const;

  // A reversal; `first` is the authorization that it must name.
  struct Reversal {
    Value data;  // AuthRevReqData
    Octets rrpid;
  };
  Reversal OpenReversal(const Octets& authrevreq, const Authorization& first) const;
  Octets AuthRevRes(const Reversal& reversal, const Authorization& first, int code) const;

  // An Error about a request; signed by `signer`, or unsigned.
  Octets Error(int code, const Octets& offending, const std::optional<Identity>& signer) const;

  const Market& market() const { return market_; }

 private:
  const Market& market_;
};

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_ACQUIRER_H_
