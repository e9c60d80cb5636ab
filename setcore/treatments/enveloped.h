// E, EX, EXH and Enc, EncB: EnvelopedData in SET's form (set-processing.md, 3.2 and 3.3).  Every
// failure between RSA and the decoded content is one failure: decodingFailure with `envelope` set
// and one and the same text, after all checks have been made (D-4).
#ifndef SETCORE_TREATMENTS_ENVELOPED_H_
#define SETCORE_TREATMENTS_ENVELOPED_H_

#include <array>
#include <span>
#include <vector>

#include "setcore/asn1/oid.h"
#include "setcore/crypto/des.h"
#include "setcore/crypto/oaep.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"
#include "setcore/treatments/signed.h"

namespace setcore::treatments {

// EnvelopeRandoms is what a sender draws for one envelope.
struct EnvelopeRandoms {
  crypto::DesKey des_key;  // odd parity
  std::array<std::uint8_t, crypto::kDesBlock> iv{};
  crypto::OaepRandoms oaep;
};

// DrawEnvelopeRandoms draws, in this order: DES key (8 octets, then parity is set), IV (8), E-Salt
// (16), I (1 octet, drawn again until it is in 01..7F).
EnvelopeRandoms DrawEnvelopeRandoms(Random& random);

// Seal makes the EnvelopedData around `plaintext` (DER) for the key-exchange certificate
// `recipient`; `type` is the content type of the plaintext (...TBE).  `extra` (X) is the DER of
// PANData or PANToken where `use` has one.  HD is computed here where `use` has it.
Result<Octets> Seal(const pki::Certificate& recipient, const der::Oid& type, OctetView plaintext,
                    crypto::OaepUse use, OctetView extra, const EnvelopeRandoms& randoms);

// EX(r, t, p) and EXH(r, t, p): Seal of L(t, p) with p in the block; `p_type` is p's content type.
Result<Octets> SealLinked(const pki::Certificate& recipient, const der::Oid& type, OctetView t,
                          const der::Oid& p_type, OctetView p, crypto::OaepUse use,
                          const EnvelopeRandoms& randoms);

// Keys that an envelope may be for: one of them is the recipient's.
using Keys = std::span<const pki::CertifiedKey* const>;

struct Opened {
  SecretOctets plaintext;  // one complete DER value
  SecretOctets extra;      // X, empty where the use has none
  const pki::CertifiedKey* recipient = nullptr;
};

// Open is the reverse of Seal.  `random` gives the key that stands in for a bad one.
Result<Opened> Open(Keys keys, OctetView enveloped, const der::Oid& type, crypto::OaepUse use,
                    Random& random);

// OpenLinked is the reverse of SealLinked: it also compares DD(p) in the plaintext with p of the
// block.  `t` views the plaintext.
struct OpenedLinked {
  Opened opened;
  OctetView t;
};
Result<OpenedLinked> OpenLinked(Keys keys, OctetView enveloped, const der::Oid& type,
                                const der::Oid& p_type, crypto::OaepUse use, Random& random);

// The content types of one EncB message.
struct EncBTypes {
  der::Oid tbs;      // of L(t, baggage), signed
  der::Oid tbe;      // of the SignedData, encrypted
  der::Oid baggage;  // of the baggage in DD(baggage)
};
inline constexpr EncBTypes kAuthReqTypes{{2, 23, 42, 0, 16}, {2, 23, 42, 0, 52}, {2, 23, 42, 0, 4}};
inline constexpr EncBTypes kAuthResTypes{{2, 23, 42, 0, 17}, {2, 23, 42, 0, 53}, {2, 23, 42, 0, 8}};

// EncB(s, r, t, b) = SEQUENCE { E(r, S(s, L(t, b))), b }, in DER.
Result<Octets> ComposeEncB(const Signer& signer, const pki::Certificate& recipient,
                           const EncBTypes& types, OctetView t, OctetView baggage,
                           const EnvelopeRandoms& randoms);

// What an EncB held.  `t` and `verified.content` view `opened.plaintext`, `baggage` the input.
struct OpenedEncB {
  Opened opened;
  Verified verified;
  OctetView t;
  OctetView baggage;
};

// OpenEncB decrypts, verifies the signature for `role` and compares DD(baggage) with the baggage. A
// baggage that is not the signed one: signatureFailure.  Errors behind the envelope that could tell
// an attacker about the plaintext are the one failure above.
Result<OpenedEncB> OpenEncB(Keys keys, OctetView encb, const EncBTypes& types,
                            const pki::TrustStore& trust, pki::Role role, const Environment& env);

}  // namespace setcore::treatments

#endif  // SETCORE_TREATMENTS_ENVELOPED_H_
