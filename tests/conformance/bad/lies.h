// Lies: the judge's own cardholder and merchant speak instead of the module, and one field of what
// they say is wrong.
#ifndef TESTS_CONFORMANCE_BAD_LIES_H_
#define TESTS_CONFORMANCE_BAD_LIES_H_

#include <filesystem>
#include <string>
#include <string_view>

#include "edits.h"

namespace bad {

// lie TYPE[,TYPE] FIELD VALUE.  The good module's answer gets another SET message if it answers
// StartPaymentConsumer, a PInitRes, or StartPaymentPaymentHandler with a PInitReq.  VALUE is text,
// 0x and hex digits, or # and a number; FIELD "signature" flips a bit of it, VALUE "-" leaves the
// field out.
class Liar {
 public:
  Liar(const Change& change, const std::filesystem::path& pki);
  ~Liar();
  Liar(const Liar&) = delete;
  Liar& operator=(const Liar&) = delete;

  // The message instead of the one that answers `request`, base64; empty: there is none.
  std::string Message(std::string_view request);

 private:
  struct Parties;
  Parties* parties_;
};

}  // namespace bad

#endif  // TESTS_CONFORMANCE_BAD_LIES_H_
