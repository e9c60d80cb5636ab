// Purchase request: PReq, PI and what they are made of (set-messages.asn, section 5).
#ifndef SETCORE_MESSAGES_PURCHASE_REQUEST_H_
#define SETCORE_MESSAGES_PURCHASE_REQUEST_H_

#include <optional>
#include <variant>
#include <vector>

#include "setcore/messages/common.h"
#include "setcore/messages/pan.h"
#include "setcore/messages/pkcs7.h"

namespace setcore::msg {

struct HODInput {
  Octets od;
  CurrencyAmount purch_amt;
  Nonce od_salt{};
  std::optional<InstallRecurData> install_recur_data;
  std::optional<MsgExtensions> od_extensions;
  friend bool operator==(const HODInput&, const HODInput&) = default;
};

template <class Ar>
void Io(Ar& ar, HODInput& h) {
  ar.Sequence([&] {
    ar(h.od, h.purch_amt, h.od_salt);
    ar.OptionalImplicit(0, h.install_recur_data);
    ar.OptionalImplicit(1, h.od_extensions);
  });
}

struct OIData {
  Kept<TransIDs> trans_ids;
  RRPID rrpid{};
  Challenge chall_c{};
  DigestedData hod;
  Nonce od_salt{};
  std::optional<Challenge> chall_m;
  BrandID brand_id;
  BIN bin;
  std::optional<std::vector<Oid>> od_ext_oids;
  std::optional<MsgExtensions> oi_extensions;
  friend bool operator==(const OIData&, const OIData&) = default;
};

template <class Ar>
void Io(Ar& ar, OIData& o) {
  ar.Sequence([&] {
    ar(o.trans_ids, o.rrpid, o.chall_c, o.hod, o.od_salt);
    ar.Optional(der::kOctetString, o.chall_m);
    ar(o.brand_id, o.bin);
    ar.OptionalImplicit(0, o.od_ext_oids);
    ar.OptionalImplicit(1, o.oi_extensions);
  });
}

struct Inputs {
  DigestedData hod;
  CurrencyAmount purch_amt;
  friend bool operator==(const Inputs&, const Inputs&) = default;
};

template <class Ar>
void Io(Ar& ar, Inputs& i) {
  ar.Sequence([&] { ar(i.hod, i.purch_amt); });
}

struct PIHead {
  Kept<TransIDs> trans_ids;
  Inputs inputs;
  MerchantID merchant_id;
  std::optional<InstallRecurData> install_recur_data;
  TransStain trans_stain;
  SWIdent sw_ident;
  std::optional<BackKeyData> acq_back_key_data;
  std::optional<MsgExtensions> pi_extensions;
  friend bool operator==(const PIHead&, const PIHead&) = default;
};

template <class Ar>
void Io(Ar& ar, PIHead& p) {
  ar.Sequence([&] {
    ar(p.trans_ids, p.inputs, p.merchant_id);
    ar.OptionalImplicit(0, p.install_recur_data);
    ar(p.trans_stain, p.sw_ident);
    ar.OptionalExplicit(1, p.acq_back_key_data);
    ar.OptionalImplicit(2, p.pi_extensions);
  });
}

// PIData ::= SEQUENCE { piHead, panData }.
struct PIData {
  Kept<PIHead> pi_head;
  PANData pan_data;
  friend bool operator==(const PIData&, const PIData&) = default;
};

template <class Ar>
void Io(Ar& ar, PIData& p) {
  ar.Sequence([&] { ar(p.pi_head, p.pan_data); });
}

struct PIDataUnsigned {
  Kept<PIHead> pi_head;
  PANToken pan_token;
  friend bool operator==(const PIDataUnsigned&, const PIDataUnsigned&) = default;
};

template <class Ar>
void Io(Ar& ar, PIDataUnsigned& p) {
  ar.Sequence([&] { ar(p.pi_head, p.pan_token); });
}

// PI-TBS, content of PISignature = SO(C, PI-TBS).
struct PITBS {
  DigestedData h_pi_data;
  DigestedData h_oi_data;
  friend bool operator==(const PITBS&, const PITBS&) = default;
};

template <class Ar>
void Io(Ar& ar, PITBS& p) {
  ar.Sequence([&] { ar(p.h_pi_data, p.h_oi_data); });
}

using PIOILink = Linked<Kept<PIHead>>;           // t2 = DD(OIData)
using PIDualSignedTBE = Linked<Kept<PIOILink>>;  // t2 = DD(PANData)
using PIUnsignedTBE = Linked<Kept<PIOILink>>;    // t2 = DD(PANToken)

struct PIDualSigned {
  SignedData pi_signature;
  EnvelopedData ex_pi_data;
  friend bool operator==(const PIDualSigned&, const PIDualSigned&) = default;
};

template <class Ar>
void Io(Ar& ar, PIDualSigned& p) {
  ar.Sequence([&] { ar(p.pi_signature, p.ex_pi_data); });
}

using PIUnsigned = EnvelopedData;           // EXH(P, PI-OILink, PANToken)
using OIDualSigned = Linked<Kept<OIData>>;  // t2 = DD(PIData)
using OIUnsigned = Linked<Kept<OIData>>;    // t2 = DD(PIDataUnsigned)

// The PI parts are kept: they travel to the gateway byte for byte.
struct PReqDualSigned {
  Kept<PIDualSigned> pi_dual_signed;
  OIDualSigned oi_dual_signed;
  friend bool operator==(const PReqDualSigned&, const PReqDualSigned&) = default;
};

template <class Ar>
void Io(Ar& ar, PReqDualSigned& p) {
  ar.Sequence([&] { ar(p.pi_dual_signed, p.oi_dual_signed); });
}

struct PReqUnsigned {
  Kept<PIUnsigned> pi_unsigned;
  OIUnsigned oi_unsigned;
  friend bool operator==(const PReqUnsigned&, const PReqUnsigned&) = default;
};

template <class Ar>
void Io(Ar& ar, PReqUnsigned& p) {
  ar.Sequence([&] { ar(p.pi_unsigned, p.oi_unsigned); });
}

// PReq ::= CHOICE { pReqDualSigned [0], pReqUnsigned [1] }, both EXPLICIT.
struct PReq {
  std::variant<PReqDualSigned, PReqUnsigned> value;
  friend bool operator==(const PReq&, const PReq&) = default;
};

template <class Ar>
void Io(Ar& ar, PReq& p) {
  ExplicitChoice(ar, p.value);
}

// AuthToken ::= EncX{...}, an EnvelopedData that only its gateway opens.
using AuthToken = EnvelopedData;

// PI ::= CHOICE { piUnsigned [0], piDualSigned [1], authToken [2] }, all EXPLICIT.
struct PI {
  std::variant<Kept<PIUnsigned>, Kept<PIDualSigned>, Kept<AuthToken>> value;
  friend bool operator==(const PI&, const PI&) = default;
};

template <class Ar>
void Io(Ar& ar, PI& p) {
  ExplicitChoice(ar, p.value);
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_PURCHASE_REQUEST_H_
