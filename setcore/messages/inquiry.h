// Inquiry: InqReq (set-messages.asn, section 6).  InqRes has the form of PRes.
#ifndef SETCORE_MESSAGES_INQUIRY_H_
#define SETCORE_MESSAGES_INQUIRY_H_

#include <optional>
#include <variant>

#include "setcore/messages/common.h"
#include "setcore/messages/pkcs7.h"

namespace setcore::msg {

struct InqReqData {
  Kept<TransIDs> trans_ids;
  RRPID rrpid{};
  Challenge chall_c2{};
  std::optional<MsgExtensions> inq_rq_extensions;
  friend bool operator==(const InqReqData&, const InqReqData&) = default;
};

template <class Ar>
void Io(Ar& ar, InqReqData& i) {
  ar.Sequence([&] {
    ar(i.trans_ids, i.rrpid, i.chall_c2);
    ar.OptionalImplicit(0, i.inq_rq_extensions);
  });
}

// InqReq ::= CHOICE { inqReqSigned [0] S(C, InqReqData), inqReqUnsigned [1] InqReqData }, both
// EXPLICIT.
struct InqReq {
  std::variant<SignedData, InqReqData> value;
  friend bool operator==(const InqReq&, const InqReq&) = default;
};

template <class Ar>
void Io(Ar& ar, InqReq& i) {
  ExplicitChoice(ar, i.value);
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_INQUIRY_H_
