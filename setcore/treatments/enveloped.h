// E, EX, EXH, EK and Enc, EncB: EnvelopedData in SET's form (set-processing.md, 3.2 and 3.3). Every
// failure between RSA and the decoded content is one failure: decodingFailure with `envelope` set
// and one and the same text, after all checks have been made.
#ifndef SETCORE_TREATMENTS_ENVELOPED_H_
#define SETCORE_TREATMENTS_ENVELOPED_H_

#include <array>
#include <span>

#include "setcore/asn1/oids.h"
#include "setcore/crypto/des.h"
#include "setcore/crypto/oaep.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/messages/pkcs7.h"
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
// PANData or PANToken where `use` has one.  HD is computed here where `use` has it.  An X that does
// not fit, or a recipient without a usable key: an error.
Result<msg::EnvelopedData> Seal(const pki::Certificate& recipient, const der::Oid& type,
                                OctetView plaintext, crypto::OaepUse use, OctetView extra,
                                const EnvelopeRandoms& randoms);

// EX(r, t, p) and EXH(r, t, p): Seal of L(t, p) with p in the block; `p_type` is p's content type.
Result<msg::EnvelopedData> SealLinked(const pki::Certificate& recipient, const der::Oid& type,
                                      OctetView t, const der::Oid& p_type, OctetView p,
                                      crypto::OaepUse use, const EnvelopeRandoms& randoms);

// A key that an envelope may be for; borrowed.
struct ExchangeKey {
  const crypto::RsaPrivateKey* key = nullptr;
  const pki::Certificate* certificate = nullptr;
};
using Keys = std::span<const ExchangeKey>;

struct Opened {
  SecretOctets plaintext;  // one complete DER value
  SecretOctets extra;      // X, empty where the use has none
  const pki::Certificate* recipient = nullptr;
};

// Open is the reverse of Seal.  The recipient's issuer and serial choose among `keys`.  `random`
// gives the key that stands in for a bad one.
Result<Opened> Open(Keys keys, const msg::EnvelopedData& enveloped, const der::Oid& type,
                    crypto::OaepUse use, Random& random);

// OpenLinked is the reverse of SealLinked: it also compares DD(p) in the plaintext with p of the
// block.
struct OpenedLinked {
  Opened opened;
  OctetView t;  // complete DER, into opened.plaintext
};
Result<OpenedLinked> OpenLinked(Keys keys, const msg::EnvelopedData& enveloped,
                                const der::Oid& type, const der::Oid& p_type, crypto::OaepUse use,
                                Random& random);

// OpenKeyed is the reverse of EK(k, t): `key` is a DES key that both sides had before.  What does
// not open fails as Open does.
Result<SecretOctets> OpenKeyed(OctetView key, const msg::EncryptedData& encrypted,
                               const der::Oid& type);

// The content types of one EncB message.
struct EncBTypes {
  der::Oid tbs;      // of L(t, baggage), signed
  der::Oid tbe;      // of the SignedData, encrypted
  der::Oid baggage;  // of the baggage in DD(baggage)
};
inline constexpr EncBTypes kAuthReqTypes{oid::kAuthReqTbs, oid::kAuthReqTbe, oid::kPi};
inline constexpr EncBTypes kAuthResTypes{oid::kAuthResTbs, oid::kAuthResTbe, oid::kAuthResBaggage};
inline constexpr EncBTypes kAuthRevReqTypes{oid::kAuthRevReqTbs, oid::kAuthRevReqTbe,
                                            oid::kAuthRevReqBaggage};
inline constexpr EncBTypes kAuthRevResTypes{oid::kAuthRevResTbs, oid::kAuthRevResTbeb,
                                            oid::kAuthRevResBaggage};
inline constexpr EncBTypes kCapReqTypes{oid::kCapReqTbs, oid::kCapReqTbe, oid::kCapTokenSeq};
// Of EncBX messages: tbs is that of {L(t, baggage), PANToken}, tbe that of what stands beside it.
inline constexpr EncBTypes kAuthResXTypes{oid::kAuthResTbsx, oid::kAuthResTbex,
                                          oid::kAuthResBaggage};
inline constexpr EncBTypes kCapReqXTypes{oid::kCapReqTbsx, oid::kCapReqTbex, oid::kCapTokenSeq};

// E(r, S(s, L(t, b))): the `enc` of EncB, which stands beside the baggage itself.
Result<msg::EnvelopedData> SealEncB(const Signer& signer, const pki::Certificate& recipient,
                                    const EncBTypes& types, OctetView t, OctetView baggage,
                                    const EnvelopeRandoms& randoms);

// What an Enc or EncB held.
struct OpenedEnc {
  Octets t;           // complete DER
  Verified verified;  // who signed, and what came along
  const pki::Certificate* recipient = nullptr;
};

// OpenEncB decrypts `enc`, verifies the signature for `role` and compares DD(baggage) with
// `baggage` (complete DER).  A baggage that is not the signed one: signatureFailure.
Result<OpenedEnc> OpenEncB(Keys keys, const msg::EnvelopedData& enc, OctetView baggage,
                           const EncBTypes& types, const pki::TrustStore& trust, pki::Role role,
                           const Environment& env);

// OpenEncBX is the same for EncBX(s, r, t, b, PANToken): the signature, beside its content, also
// covers the PANToken of the OAEP block (O-10), which goes no further.
Result<OpenedEnc> OpenEncBX(Keys keys, const msg::EnvelopedData& enc, OctetView baggage,
                            const EncBTypes& types, const pki::TrustStore& trust, pki::Role role,
                            const Environment& env);

// The content types of one Enc message.
struct EncTypes {
  der::Oid data;  // of t, signed
  der::Oid tbe;   // of the SignedData, encrypted
};
inline constexpr EncTypes kAuthRevResPlainTypes{oid::kAuthRevResData, oid::kAuthRevResTbe};
inline constexpr EncTypes kCapResTypes{oid::kCapResData, oid::kCapResTbe};
inline constexpr EncTypes kCapTokenTypes{oid::kCapTokenData, oid::kCapTokenTbe};

// Enc(s, r, t): E(r, S(s, t)).
Result<msg::EnvelopedData> SealEnc(const Signer& signer, const pki::Certificate& recipient,
                                   const EncTypes& types, OctetView t,
                                   const EnvelopeRandoms& randoms);

// OpenEnc is the reverse: it decrypts `enc` and verifies the signature for `role`.
Result<OpenedEnc> OpenEnc(Keys keys, const msg::EnvelopedData& enc, const EncTypes& types,
                          const pki::TrustStore& trust, pki::Role role, const Environment& env);

// RereadEncB, RereadEncBX and RereadEnc give the t that the Open of that name gave before, of what
// has been kept since: they decrypt, and look neither at the signature nor at the baggage
// (set-processing.md, 2.2 (0)).  Nothing that comes from outside is read so.
Result<Octets> RereadEncB(Keys keys, const msg::EnvelopedData& enc, const EncBTypes& types,
                          Random& random);
Result<Octets> RereadEncBX(Keys keys, const msg::EnvelopedData& enc, const EncBTypes& types,
                           Random& random);
Result<Octets> RereadEnc(Keys keys, const msg::EnvelopedData& enc, const EncTypes& types,
                         Random& random);

}  // namespace setcore::treatments

#endif  // SETCORE_TREATMENTS_ENVELOPED_H_
