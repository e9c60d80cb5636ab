// The treatments that need no key: DD, L, TransStain (set-processing.md, 3).  They cannot fail.
#ifndef SETCORE_TREATMENTS_DIGESTED_H_
#define SETCORE_TREATMENTS_DIGESTED_H_

#include "setcore/asn1/oid.h"
#include "setcore/crypto/digest.h"
#include "setcore/messages/pkcs7.h"
#include "setcore/octets.h"

namespace setcore::treatments {

// DD(t): the DigestedData over the complete DER of t, whose content type is `type`
// (set-messages.asn, section 15).
msg::DigestedData DetachedDigest(const der::Oid& type, OctetView t);
// The same around a digest that is known already.
msg::DigestedData DetachedDigestOf(const der::Oid& type, const crypto::Sha1Digest& digest);

// Tells whether `dd` is exactly DD(t): SHA-1, content type `type`, digest equal in constant time
// (set-processing.md, 3.4).
bool IsDetachedDigest(const msg::DigestedData& dd, const der::Oid& type, OctetView t);
// The same for two DD that must be equal and of content type `type`.
bool SameDetachedDigest(const msg::DigestedData& a, const msg::DigestedData& b,
                        const der::Oid& type);

// Tells whether `dd` is any DD for content type `type`: version 0, SHA-1, 20 octets.
bool HasDetachedDigestForm(const msg::DigestedData& dd, const der::Oid& type);

// L(t1, t2) = SEQUENCE { t1, DD(t2) } in DER; `type2` is the content type of t2.
Octets Link(OctetView t1, const der::Oid& type2, OctetView t2);

// TransStain = HMAC-SHA-1(data = XID, key = CardSecret).
crypto::Sha1Digest TransStain(OctetView xid, OctetView card_secret);

}  // namespace setcore::treatments

#endif  // SETCORE_TREATMENTS_DIGESTED_H_
