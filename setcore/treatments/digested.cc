#include "setcore/treatments/digested.h"

#include "setcore/asn1/codec.h"
#include "setcore/treatments/algorithms.h"

namespace setcore::treatments {

msg::DigestedData DetachedDigestOf(const der::Oid& type, const crypto::Sha1Digest& digest) {
  msg::DigestedData dd;
  dd.content_type = type;
  dd.digest.value.assign(digest.begin(), digest.end());
  return dd;
}

// O-2: the digest covers tag, length and contents.
msg::DigestedData DetachedDigest(const der::Oid& type, OctetView t) {
  return DetachedDigestOf(type, crypto::Sha1(t));
}

bool HasDetachedDigestForm(const msg::DigestedData& dd, const der::Oid& type) {
  return dd.version == 0 && IsPlainAlgorithm(dd.digest_algorithm, oid::kSha1) &&
         dd.content_type == type && dd.digest.value.size() == crypto::kSha1Size;
}

bool IsDetachedDigest(const msg::DigestedData& dd, const der::Oid& type, OctetView t) {
  return HasDetachedDigestForm(dd, type) && crypto::Equal(dd.digest.value, crypto::Sha1(t));
}

bool SameDetachedDigest(const msg::DigestedData& a, const msg::DigestedData& b,
                        const der::Oid& type) {
  return HasDetachedDigestForm(a, type) && HasDetachedDigestForm(b, type) &&
         crypto::Equal(a.digest.value, b.digest.value);
}

Octets Link(OctetView t1, const der::Oid& type2, OctetView t2) {
  const Octets dd = der::MustEncode(DetachedDigest(type2, t2));
  der::Writer writer;
  writer.Sequence([&] {
    writer.Raw(t1);
    writer.Raw(dd);
  });
  return writer.Take();
}

crypto::Sha1Digest TransStain(OctetView xid, OctetView card_secret) {
  return crypto::HmacSha1(card_secret, xid);
}

}  // namespace setcore::treatments
