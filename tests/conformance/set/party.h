// What all parties of the judge's SET side have in common: the hierarchy that they believe in,
// clock, random octets, and the ways in which they can be made to lie.
#ifndef TESTS_CONFORMANCE_SET_PARTY_H_
#define TESTS_CONFORMANCE_SET_PARTY_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "set/treatments.h"
#include "set/value.h"

namespace conform::set {

// Everybody's certificates and keys: the judge has issued them all.
struct Market {
  Identity cardholder;
  Identity merchant_sign;
  Identity merchant_exchange;
  Identity gateway_sign;
  Identity gateway_exchange;
  std::string merchant_id;
};

struct Card {
  bool certified = true;  // has the certificate Market::cardholder
  std::string pan;
  std::string expiry;  // YYYYMM
  Octets card_secret = Octets(20, 0);
  Octets pan_secret = Octets(20, 0);
};

// What is bought, in the words of SET.
struct Bargain {
  std::string brand = "VISA";
  Octets od;  // the 28 characters of the order hash
  Value purch_amt;
  Octets lid_m = {};
  Value install_recur = {};  // InstallRecurData, if any
  bool has_install_recur = false;
};

// PurchAmt of RFC 3538, 8.4.1(d).  Throws for a currency that the judge does not know.
Value PurchAmt(std::string_view curr_code, std::string_view amount);
// RFC 3538, 8.4.1(e).  Contents with their Name; "" for none.
std::string OrderHash(const std::vector<std::pair<std::string, std::string>>& contents);

struct Party {
  Dice dice;
  std::function<std::int64_t()> now_ms;
  std::string sw_ident = "opb-conform 1.0";
  std::string language = "en";
  // By the name of a type, or of a message such as "PReq": what is done to the value before it is
  // encoded.  "MessageHeader" and "MessageWrapper" are spoiled last.
  std::map<std::string, Spoil> spoil = {};

  std::string Date() const;  // YYYYMMDDHHMMSSZ
  // Encodes a value of this type after it has been spoiled.
  Octets Make(std::string_view type, Value value) const;
  Octets Wrap(const Value& message_ids, const Octets& rrpid, std::string_view alternative,
              const Octets& message) const;
};

// A message as received.  Reading throws Malformed unless it is strict DER of a MessageWrapper with
// a header that set-processing.md, 2.1, allows.
struct Message {
  Value wrapper;
  std::string alternative;
  const Value& header() const { return wrapper.at("messageHeader"); }
  const Value& body() const { return wrapper.at("message").at(alternative); }
};
Message Read(const Octets& octets);
// Reads and insists on the alternative and on a date within 86400 s of now (D-29).
Message Expect(const Octets& octets, std::string_view alternative, std::int64_t now_ms);

// Throws Malformed if a field of the header, where there is one, is not that of TransIDs and RRPID
// (set-processing.md, 2.1 and 2.2(6)), or is missing.
void CheckHeader(const Message& message, const Value& trans_ids, const Octets& rrpid);

// MessageIDs of TransIDs.
Value MessageIds(const Value& trans_ids);

struct ErrorMessage {
  int code = 0;
  bool is_signed = false;
  bool bad_wrapper = false;
  Octets thumb;
  Octets oid;
};
// Reads an Error; a signed one must come from one of `signers`.
ErrorMessage ReadError(const Octets& octets, const std::vector<Octets>& signers,
                       std::int64_t now_ms);

// RFC 3538 and set-processing.md name errors by these numbers.
enum ErrorCodes {
  kUnspecifiedFailure = 1,
  kMessageNotSupported = 2,
  kDecodingFailure = 3,
  kInvalidCertificate = 4,
  kExpiredCertificate = 5,
  kRevokedCertificate = 6,
  kMissingCertificate = 7,
  kSignatureFailure = 8,
  kBadMessageHeader = 9,
  kWrapperMsgMismatch = 10,
  kVersionTooOld = 11,
  kVersionTooNew = 12,
  kUnrecognizedExtension = 13,
  kMessageTooBig = 14,
  kSignatureRequired = 15,
  kMessageTooOld = 16,
  kMessageTooNew = 17,
  kThumbsMismatch = 18,
  kUnknownRrpid = 19,
  kUnknownXid = 20,
  kUnknownLid = 21,
  kChallengeMismatch = 22,
};

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_PARTY_H_
