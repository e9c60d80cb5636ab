// Purchase response: PRes and InqRes (set-messages.asn, section 6).
#ifndef SETCORE_MESSAGES_PURCHASE_RESPONSE_H_
#define SETCORE_MESSAGES_PURCHASE_RESPONSE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "setcore/messages/codes.h"
#include "setcore/messages/common.h"

namespace setcore::msg {

struct AuthStatus {
  Date auth_date;
  AuthCode auth_code = AuthCode::kApproved;
  FloatingPoint auth_ratio;
  std::optional<CurrConv> curr_conv;
  friend bool operator==(const AuthStatus&, const AuthStatus&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthStatus& a) {
  ar.Sequence([&] {
    ar(a.auth_date, a.auth_code, a.auth_ratio);
    ar.OptionalImplicit(0, a.curr_conv);
  });
}

struct CapStatus {
  Date cap_date;
  CapCode cap_code = CapCode::kSuccess;
  FloatingPoint cap_ratio;
  friend bool operator==(const CapStatus&, const CapStatus&) = default;
};

template <class Ar>
void Io(Ar& ar, CapStatus& c) {
  ar.Sequence([&] { ar(c.cap_date, c.cap_code, c.cap_ratio); });
}

struct CreditStatus {
  Date credit_date;
  CapRevOrCredCode credit_code = CapRevOrCredCode::kSuccess;
  FloatingPoint credit_ratio;
  friend bool operator==(const CreditStatus&, const CreditStatus&) = default;
};

template <class Ar>
void Io(Ar& ar, CreditStatus& c) {
  ar.Sequence([&] { ar(c.credit_date, c.credit_code, c.credit_ratio); });
}

struct Results {
  std::optional<Kept<EncryptedData>> acq_card_msg;  // AcqCardMsg, copied from AuthRes
  std::optional<AuthStatus> auth_status;
  std::optional<CapStatus> cap_status;
  std::optional<std::vector<CreditStatus>> cred_status_seq;
  friend bool operator==(const Results&, const Results&) = default;
};

template <class Ar>
void Io(Ar& ar, Results& r) {
  ar.Sequence([&] {
    ar.OptionalExplicit(0, r.acq_card_msg);
    ar.OptionalImplicit(1, r.auth_status);
    ar.OptionalImplicit(2, r.cap_status);
    ar.OptionalImplicit(3, r.cred_status_seq);
  });
}

struct PResPayload {
  CompletionCode completion_code = CompletionCode::kOrderRejected;
  std::optional<Results> results;
  std::optional<MsgExtensions> p_rs_extensions;
  friend bool operator==(const PResPayload&, const PResPayload&) = default;
};

template <class Ar>
void Io(Ar& ar, PResPayload& p) {
  ar.Sequence([&] {
    ar(p.completion_code);
    ar.Optional(der::kSequence, p.results);
    ar.OptionalImplicit(0, p.p_rs_extensions);
  });
}

// Content of PRes = S(M, PResData).
struct PResData {
  Kept<TransIDs> trans_ids;
  RRPID rrpid{};
  Challenge chall_c{};
  std::optional<Any> brand_crl_identifier;
  der::ListOf<PResPayload, 1> p_res_payload_seq;
  friend bool operator==(const PResData&, const PResData&) = default;
};

template <class Ar>
void Io(Ar& ar, PResData& p) {
  ar.Sequence([&] {
    ar(p.trans_ids, p.rrpid, p.chall_c);
    ar.OptionalExplicit(0, p.brand_crl_identifier);
    ar(p.p_res_payload_seq);
  });
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_PURCHASE_RESPONSE_H_
