// DER put together in memory that is wiped, for values that hold secrets.
#ifndef SETCORE_CRYPTO_SECRET_DER_H_
#define SETCORE_CRYPTO_SECRET_DER_H_

#include <cstdint>
#include <initializer_list>

#include "setcore/asn1/tag.h"
#include "setcore/crypto/secret.h"
#include "setcore/octets.h"

namespace setcore::crypto {

// SecretElement gives the element with this tag (number below 31) whose contents are `parts` one
// after another.  The buffer is made once, in its full size: no copy is left behind.
SecretOctets SecretElement(der::Tag tag, std::initializer_list<OctetView> parts);

}  // namespace setcore::crypto

#endif  // SETCORE_CRYPTO_SECRET_DER_H_
