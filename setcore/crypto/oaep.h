// The OAEP block of SET (set-processing.md, 3.3), which is not that of PKCS #1 v2.
//   R = I | A | B,  A = DB xor H1(E-Salt),  B = E-Salt xor H2(A)
//   DB = BT(03) | BC | V(7 x 00) | DES key(8) | [HD(20)] | [X] | 00...
// Opening makes every check, gathers them in one mask and gives a random DES key in place of the
// one that is not there: nothing tells a caller, or a clock, which check failed.
#ifndef SETCORE_CRYPTO_OAEP_H_
#define SETCORE_CRYPTO_OAEP_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "setcore/crypto/des.h"
#include "setcore/crypto/digest.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"

namespace setcore::crypto {

inline constexpr std::size_t kOaepSaltSize = 16;

// Which treatment made the block; decides BC and what the block holds.
enum class OaepUse : std::uint8_t {
  kE,             // E, Enc, EncB
  kEH,            // with HD
  kExPanData,     // EX with PANData
  kExPanToken,    // EX with PANToken: no SET message has it
  kExhPanToken,   // EXH with PANToken, with HD
  kEncXPanToken,  // EncX and EncBX with PANToken
};

// OaepLayout is what a use means on the wire.
struct OaepLayout {
  std::uint8_t bc;
  bool hash;   // HD is present
  bool extra;  // X is present
};
OaepLayout LayoutOf(OaepUse use);

// OaepRandoms is what a sender draws for one block.
struct OaepRandoms {
  SecretArray<kOaepSaltSize> salt;
  std::uint8_t i = 1;
};

// OaepContent is what a block carries.  `hash` is used only where the use has HD; `extra` (X) is
// the DER of PANData or PANToken, empty where the use has none.
struct OaepContent {
  DesKey des_key;
  Sha1Digest hash{};
  SecretOctets extra;
};

// OaepEncode makes R for a modulus of `k` octets.  An X that is empty where it must not be, is not
// one short DER SEQUENCE or does not fit (X <= k-34, less 20 with HD): unspecifiedFailure.
Result<SecretOctets> OaepEncode(std::size_t k, OaepUse use, const OaepContent& content,
                                const OaepRandoms& randoms);

struct OaepOpened {
  OaepContent content;
  std::uint32_t good = 0;  // all ones, or zero; never to be branched on before the whole envelope
};

// OaepDecode opens R.  `substitute` becomes the DES key when anything is wrong.  An `r` too short
// to be a block (its length is public) is wrong as well.
OaepOpened OaepDecode(OctetView r, OaepUse use, const DesKey& substitute);

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_OAEP_H_
