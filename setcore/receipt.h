// Reading a PRes that was verified when it came: the receipt of a SET payment (RFC 3538, 8.5.2).
#ifndef SETCORE_RECEIPT_H_
#define SETCORE_RECEIPT_H_

#include "setcore/error.h"
#include "setcore/octets.h"
#include "setcore/purchase.h"

namespace setcore {

// ReadPRes decodes `pres` and verifies nothing: no signature, no date.  decodingFailure if it is no
// PRes in DER.
Result<PResFacts> ReadPRes(OctetView pres);

}  // namespace setcore

#endif  // SETCORE_RECEIPT_H_
