// The cryptographic treatments of SET (set-processing.md, 3), written from the specification: DD,
// S, SO, E, EX, EXH, Enc, EncB.  Opening and verifying throw Malformed with the step that failed.
#ifndef TESTS_CONFORMANCE_SET_TREATMENTS_H_
#define TESTS_CONFORMANCE_SET_TREATMENTS_H_

#include <functional>
#include <string_view>
#include <vector>

#include "set/crypto.h"
#include "set/dice.h"
#include "set/value.h"

namespace conform::set {

// The number n of the content type { 2 23 42 0 n } (set-messages.asn, 15).
enum class Content : int {
  kPanData = 0,
  kPanToken = 1,
  kOiData = 3,
  kPi = 4,
  kPiData = 5,
  kPiDataUnsigned = 6,
  kHodInput = 7,
  kAuthResBaggage = 8,
  kAuthRevReqBaggage = 9,
  kPInitResData = 12,
  kPiTbs = 13,
  kPResData = 14,
  kInqReqData = 15,
  kAuthReqTbs = 16,
  kAuthResTbs = 17,
  kCapTokenData = 20,
  kAuthRevReqTbs = 23,
  kAuthRevResData = 24,
  kErrorTbs = 49,
  kPiDualSignedTbe = 50,
  kPiUnsignedTbe = 51,
  kAuthReqTbe = 52,
  kAuthResTbe = 53,
  kCapTokenTbe = 56,
  kAuthRevReqTbe = 59,
  kAuthRevResTbe = 60,
};

Octets ContentOid(Content content);  // contents octets
Octets Oid(std::initializer_list<unsigned> arcs);
Value Algorithm(const Octets& oid);  // with NULL parameters
Value Sha1Algorithm();

// A party: its certificate chain (leaf first, without the root) and the key of the leaf.
struct Identity {
  std::vector<Octets> chain;
  Key key;
  const Octets& certificate() const { return chain.front(); }
};

Value IssuerAndSerial(const Octets& certificate);
// SHA-1 of the to-be-signed part (set-processing.md, 2.4).
Octets ThumbOf(const Octets& certificate);
Value CertThumb(const Octets& certificate);
Key PublicKeyOf(const Octets& certificate);

// DD of the DER of a value of this content type.
Value DigestOf(Content content, const Octets& der);
// Why `dd` is not the DD of `der` (set-processing.md, 3.4); empty if it is.
std::string DigestFault(const Value& dd, Content content, const Octets& der);

// Changes a value before it is encoded, for messages that are to be wrong.
using Spoil = std::function<void(Value&)>;

struct Signing {
  std::vector<Octets> more_certificates = {};
  bool content_absent = false;  // SO
  Spoil spoil = {};             // the SignedData, after signing
};
Octets SignedData(const Identity& signer, Content content, const Octets& der,
                  const Signing& signing = {});
// Checks the form and the signature of `signed_data` by one of `signers`, whose certificates the
// judge has issued itself.  `detached` is the content of an SO.  Gives the content.
Octets Verified(const Value& signed_data, Content content, const std::vector<Octets>& signers,
                const Octets* detached = nullptr);

// What one envelope draws.
struct EnvelopeSecrets {
  Octets des_key;
  Octets iv;
  Octets e_salt;
  std::uint8_t i = 1;
};
EnvelopeSecrets DrawEnvelope(const Dice& dice, const std::string& prefix);

// The block contents octet (D-2).
inline constexpr std::uint8_t kBlockE = 0x00;
inline constexpr std::uint8_t kBlockExPanData = 0x01;
inline constexpr std::uint8_t kBlockExhPanToken = 0x82;

// set-processing.md, 3.3; k octets.
Octets OaepBlock(const EnvelopeSecrets& secrets, std::uint8_t bc, const Octets& hd, const Octets& x,
                 std::size_t k);
// DES key | the rest of ADB.
struct Opened {
  Octets des_key;
  Octets hd;
  Octets x;
};
Opened OpenBlock(const Octets& block, std::uint8_t bc);

struct Envelope {
  Content content = Content::kAuthReqTbe;
  std::uint8_t bc = kBlockE;
  Octets x = {};  // DER of the extra data; with bit 80 of `bc` the hash is added
  Spoil spoil = {};
};
Octets EnvelopedData(const Octets& recipient, const Octets& plaintext,
                     const EnvelopeSecrets& secrets, const Envelope& envelope);
struct Plain {
  Octets plaintext;
  Octets x;
};
Plain OpenEnvelope(const Value& enveloped, const Identity& recipient, Content content,
                   std::uint8_t bc);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_TREATMENTS_H_
