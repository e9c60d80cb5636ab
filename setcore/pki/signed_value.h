// SIGNED { }: what certificates, CRLs and BrandCRLIdentifiers have in common, and distinguished
// names.  All views point into what was read.
#ifndef SETCORE_PKI_SIGNED_VALUE_H_
#define SETCORE_PKI_SIGNED_VALUE_H_

#include <optional>

#include "setcore/asn1/reader.h"
#include "setcore/asn1/writer.h"
#include "setcore/crypto/rsa.h"
#include "setcore/environment.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"

namespace setcore::pki {

struct SignedValue {
  OctetView to_be_signed;  // complete SEQUENCE
  OctetView algorithm;     // complete AlgorithmIdentifier
  OctetView signature;     // without the count of unused bits
};

// Reads SEQUENCE { toBeSigned, algorithm, signature }; nothing may follow.
SignedValue ReadSignedValue(der::Reader& reader);

// The digest that an AlgorithmIdentifier (complete DER) signs: SHA-1 or SHA-256 with RSA,
// parameters NULL.  Nothing for any other.
std::optional<crypto::SignatureDigest> SignatureDigestOf(OctetView algorithm);
Octets SignatureAlgorithm(crypto::SignatureDigest digest);

bool VerifySignedValue(OctetView to_be_signed, crypto::SignatureDigest digest, OctetView signature,
                       const crypto::RsaPublicKey& key);
// Composes and signs; `to_be_signed` is complete DER.
Octets SignValue(OctetView to_be_signed, crypto::SignatureDigest digest,
                 const crypto::RsaPrivateKey& key);

// Takes a Name: complete DER, judged; its attributes as far as `parts` is not null.
OctetView ReadName(der::Reader& reader, NameParts* parts);
Octets WriteName(const NameParts& parts);

// Time: UTCTime or GeneralizedTime.
Time ReadTime(der::Reader& reader);

}  // namespace setcore::pki

#endif  // SETCORE_PKI_SIGNED_VALUE_H_
