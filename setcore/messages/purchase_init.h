// Purchase initialisation: PInitReq and PInitRes (set-messages.asn, section 4).
#ifndef SETCORE_MESSAGES_PURCHASE_INIT_H_
#define SETCORE_MESSAGES_PURCHASE_INIT_H_

#include <optional>

#include "setcore/messages/common.h"

namespace setcore::msg {

struct PInitReq {
  RRPID rrpid{};
  Language language;
  LocalID local_id_c;
  std::optional<LocalID> local_id_m;
  Challenge chall_c{};
  BrandID brand_id;
  BIN bin;
  std::optional<Thumbs> thumbs;
  std::optional<MsgExtensions> pi_rq_extensions;
  friend bool operator==(const PInitReq&, const PInitReq&) = default;
};

template <class Ar>
void Io(Ar& ar, PInitReq& p) {
  ar.Sequence([&] {
    ar(p.rrpid, p.language, p.local_id_c);
    ar.OptionalImplicit(0, p.local_id_m);
    ar(p.chall_c, p.brand_id, p.bin);
    ar.OptionalExplicit(1, p.thumbs);
    ar.OptionalImplicit(2, p.pi_rq_extensions);
  });
}

// Content of PInitRes = S(M, PInitResData).
struct PInitResData {
  Kept<TransIDs> trans_ids;
  RRPID rrpid{};
  Challenge chall_c{};
  Challenge chall_m{};
  std::optional<Any> brand_crl_identifier;  // BrandCRLIdentifier, as its brand CA signed it
  CertThumb pe_thumb;
  std::optional<Thumbs> thumbs;
  std::optional<MsgExtensions> pi_rs_extensions;
  friend bool operator==(const PInitResData&, const PInitResData&) = default;
};

template <class Ar>
void Io(Ar& ar, PInitResData& p) {
  ar.Sequence([&] {
    ar(p.trans_ids, p.rrpid, p.chall_c, p.chall_m);
    ar.OptionalExplicit(0, p.brand_crl_identifier);
    ar.Explicit(1, p.pe_thumb);
    ar.OptionalExplicit(2, p.thumbs);
    ar.OptionalImplicit(3, p.pi_rs_extensions);
  });
}

}  // namespace setcore::msg

#endif  // SETCORE_MESSAGES_PURCHASE_INIT_H_
