// Authorization reversal: AuthRevReq and AuthRevRes (set-messages.asn, section 9).
#ifndef SETCORE_MESSAGES_AUTHORIZATION_REVERSAL_H_
#define SETCORE_MESSAGES_AUTHORIZATION_REVERSAL_H_

#include <optional>
#include <variant>

#include "setcore/messages/authorization.h"
#include "setcore/messages/codes.h"
#include "setcore/messages/common.h"
#include "setcore/messages/pkcs7.h"
#include "setcore/messages/purchase_request.h"

namespace setcore::msg {

// Reads or writes an OPTIONAL CapToken that has no tag of its own: the first of its alternatives
// tells whether it is there.
template <class Ar>
void IoOptionalCapToken(Ar& ar, std::optional<Kept<CapToken>>& token) {
  if constexpr (Ar::kReading) {
    token.reset();
    if (!ar.NextIs(der::Context(0, true)) && !ar.NextIs(der::Context(1, true)) &&
        !ar.NextIs(der::Context(2, true))) {
      return;
    }
    token.emplace();
  }
  if (token) ar(*token);
}

struct AuthRevTags {
  RRTags auth_rev_rr_tags;
  std::optional<RRPID> auth_rrpid;
  friend bool operator==(const AuthRevTags&, const AuthRevTags&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthRevTags& a) {
  ar.Sequence([&] {
    ar(a.auth_rev_rr_tags);
    ar.Optional(der::kOctetString, a.auth_rrpid);
  });
}

struct AuthRevReqData {
  AuthRevTags auth_rev_tags;
  std::optional<Thumbs> m_thumbs;
  std::optional<AuthReqData> auth_req_data;
  std::optional<AuthResPayload> auth_res_payload;
  CurrencyAmount auth_new_amt;
  std::optional<MsgExtensions> a_rv_rq_extensions;
  friend bool operator==(const AuthRevReqData&, const AuthRevReqData&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthRevReqData& a) {
  ar.Sequence([&] {
    ar(a.auth_rev_tags);
    ar.OptionalExplicit(0, a.m_thumbs);
    ar.OptionalImplicit(1, a.auth_req_data);
    ar.OptionalImplicit(2, a.auth_res_payload);
    ar(a.auth_new_amt);
    ar.OptionalImplicit(3, a.a_rv_rq_extensions);
  });
}

// The PI is kept: it is that of the AuthReq, octet for octet.
struct AuthRevReqBaggage {
  Kept<PI> pi;
  std::optional<Kept<CapToken>> cap_token;
  friend bool operator==(const AuthRevReqBaggage&, const AuthRevReqBaggage&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthRevReqBaggage& a) {
  ar.Sequence([&] {
    ar(a.pi);
    IoOptionalCapToken(ar, a.cap_token);
  });
}

using AuthRevReqTBS = Linked<Kept<AuthRevReqData>>;  // t2 = DD(AuthRevReqBaggage)
using AuthRevReq = EncB<Kept<AuthRevReqBaggage>>;

struct AuthRevResBaggage {
  std::optional<Kept<CapToken>> cap_token_new;
  std::optional<Kept<AuthToken>> auth_token_new;
  friend bool operator==(const AuthRevResBaggage&, const AuthRevResBaggage&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthRevResBaggage& a) {
  ar.Sequence([&] {
    IoOptionalCapToken(ar, a.cap_token_new);
    ar.Optional(der::kSequence, a.auth_token_new);
  });
}

struct AuthResDataNew {
  Kept<TransIDs> trans_ids;
  std::optional<AuthResPayload> auth_res_payload_new;
  friend bool operator==(const AuthResDataNew&, const AuthResDataNew&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthResDataNew& a) {
  ar.Sequence([&] {
    ar(a.trans_ids);
    ar.Optional(der::kSequence, a.auth_res_payload_new);
  });
}

struct AuthRevResData {
  AuthRevCode auth_rev_code = AuthRevCode::kUnspecifiedFailure;
  AuthRevTags auth_rev_tags;
  std::optional<Any> brand_crl_identifier;
  std::optional<CertThumb> pe_thumb;
  CurrencyAmount auth_new_amt;
  AuthResDataNew auth_res_data_new;
  std::optional<MsgExtensions> a_rv_rs_extensions;
  friend bool operator==(const AuthRevResData&, const AuthRevResData&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthRevResData& a) {
  ar.Sequence([&] {
    ar(a.auth_rev_code, a.auth_rev_tags);
    ar.OptionalExplicit(0, a.brand_crl_identifier);
    ar.OptionalExplicit(1, a.pe_thumb);
    ar(a.auth_new_amt, a.auth_res_data_new);
    ar.OptionalImplicit(2, a.a_rv_rs_extensions);
  });
}

using AuthRevResTBS = Linked<Kept<AuthRevResData>>;  // t2 = DD(AuthRevResBaggage)
using AuthRevResEncB = EncB<Kept<AuthRevResBaggage>>;

// AuthRevRes ::= CHOICE { encB [0], enc [1] }, both EXPLICIT.
struct AuthRevRes {
  std::variant<AuthRevResEncB, EnvelopedData> value;
  friend bool operator==(const AuthRevRes&, const AuthRevRes&) = default;
};

template <class Ar>
void Io(Ar& ar, AuthRevRes& a) {
  ExplicitChoice(ar, a.value);
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_AUTHORIZATION_REVERSAL_H_
