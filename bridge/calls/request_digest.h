// RequestDigest: what makes two requests the same request (docs/architecture.md, "What is
// journaled").
#ifndef BRIDGE_CALLS_REQUEST_DIGEST_H_
#define BRIDGE_CALLS_REQUEST_DIGEST_H_

#include "schema/document.h"
#include "setcore/crypto/digest.h"

namespace bridge {

// SHA-256 over the call element: every attribute by name and every child element in the order of
// the schema, base64 contents decoded.  Left out: Passphrase, CallBackFunction,
// CallBackLanguageList, xml:lang, ContentSoftwareID.  Attributes that a default fills count as
// written.
setcore::crypto::Sha256Digest RequestDigest(const schema::Element& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_REQUEST_DIGEST_H_
