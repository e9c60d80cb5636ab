// Inquiry: InqReq (set-messages.asn, section 6).  InqRes has the form of PRes.
#ifndef SETCORE_MESSAGES_INQUIRY_H_
#define SETCORE_MESSAGES_INQUIRY_H_

#include <optional>
#include <variant>

#include "setcore/asn1/codec.h"
#include "setcore/error.h"
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

// ReadInqReqData gives the question of either form; the signature is not looked at.
// decodingFailure if a signed one has no content that is an InqReqData.
inline Result<InqReqData> ReadInqReqData(const InqReq& inq_req) {
  if (const auto* plain = std::get_if<InqReqData>(&inq_req.value)) return *plain;
  const auto& content = std::get<SignedData>(inq_req.value).content_info.content;
  if (!content) return Fail(ErrorCode::kDecodingFailure, "InqReqSigned without content");
  return der::Decode<InqReqData>(content->der);
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_INQUIRY_H_
