// Capture: CapReq and CapRes (set-messages.asn, section 10).
#ifndef SETCORE_MESSAGES_CAPTURE_H_
#define SETCORE_MESSAGES_CAPTURE_H_

#include <optional>
#include <variant>

#include "setcore/messages/authorization.h"
#include "setcore/messages/codes.h"
#include "setcore/messages/common.h"
#include "setcore/messages/pkcs7.h"

namespace setcore::msg {

struct CapPayload {
  Date cap_date;
  CurrencyAmount cap_req_amt;
  std::optional<AuthReqItem> auth_req_item;
  std::optional<AuthResPayload> auth_res_payload;
  std::optional<SaleDetail> sale_detail;
  std::optional<MsgExtensions> c_pay_extensions;
  friend bool operator==(const CapPayload&, const CapPayload&) = default;
};

template <class Ar>
void Io(Ar& ar, CapPayload& c) {
  ar.Sequence([&] {
    ar(c.cap_date, c.cap_req_amt);
    ar.OptionalImplicit(0, c.auth_req_item);
    ar.OptionalImplicit(1, c.auth_res_payload);
    ar.OptionalImplicit(2, c.sale_detail);
    ar.OptionalImplicit(3, c.c_pay_extensions);
  });
}

struct CapItem {
  Kept<TransIDs> trans_ids;
  RRPID auth_rrpid{};  // of the AuthReq (D-55)
  CapPayload cap_payload;
  friend bool operator==(const CapItem&, const CapItem&) = default;
};

template <class Ar>
void Io(Ar& ar, CapItem& c) {
  ar.Sequence([&] { ar(c.trans_ids, c.auth_rrpid, c.cap_payload); });
}

struct CapReqData {
  RRTags cap_rr_tags;
  std::optional<Thumbs> m_thumbs;
  der::ListOf<CapItem, 1> cap_item_seq;
  std::optional<MsgExtensions> c_rq_extensions;
  friend bool operator==(const CapReqData&, const CapReqData&) = default;
};

template <class Ar>
void Io(Ar& ar, CapReqData& c) {
  ar.Sequence([&] {
    ar(c.cap_rr_tags);
    ar.OptionalExplicit(0, c.m_thumbs);
    ar(c.cap_item_seq);
    ar.OptionalImplicit(1, c.c_rq_extensions);
  });
}

using CapTokenSeq = der::ListOf<Kept<CapToken>, 1>;
using CapReqTBS = Linked<Kept<CapReqData>>;  // t2 = DD(CapTokenSeq)
using CapReqEncB = EncB<Kept<CapTokenSeq>>;

// CapReq ::= CHOICE { encB [0], encBX [1] }, both EXPLICIT.
struct CapReq {
  std::variant<CapReqEncB, CapReqEncB> value;
  friend bool operator==(const CapReq&, const CapReq&) = default;
};

template <class Ar>
void Io(Ar& ar, CapReq& c) {
  ExplicitChoice(ar, c.value);
}

struct CapResItem {
  Kept<TransIDs> trans_ids;
  RRPID auth_rrpid{};
  CapResPayload cap_res_payload;
  friend bool operator==(const CapResItem&, const CapResItem&) = default;
};

template <class Ar>
void Io(Ar& ar, CapResItem& c) {
  ar.Sequence([&] { ar(c.trans_ids, c.auth_rrpid, c.cap_res_payload); });
}

struct CapResData {
  RRTags cap_rr_tags;
  std::optional<Any> brand_crl_identifier;
  std::optional<CertThumb> pe_thumb;
  std::optional<der::ListOf<BatchStatus, 1>> batch_status_seq;
  der::ListOf<CapResItem, 1> cap_res_item_seq;
  std::optional<MsgExtensions> c_rs_extensions;
  friend bool operator==(const CapResData&, const CapResData&) = default;
};

template <class Ar>
void Io(Ar& ar, CapResData& c) {
  ar.Sequence([&] {
    ar(c.cap_rr_tags);
    ar.OptionalExplicit(0, c.brand_crl_identifier);
    ar.OptionalExplicit(1, c.pe_thumb);
    ar.OptionalImplicit(2, c.batch_status_seq);
    ar(c.cap_res_item_seq);
    ar.OptionalImplicit(3, c.c_rs_extensions);
  });
}

using CapRes = EnvelopedData;  // Enc(P, M, CapResData)

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_CAPTURE_H_
