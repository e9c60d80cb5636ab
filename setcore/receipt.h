// What a PRes says: the result of a SET payment and its receipt (RFC 3538, 8.4.4 (3), 8.5.2).
#ifndef SETCORE_RECEIPT_H_
#define SETCORE_RECEIPT_H_

#include "setcore/error.h"
#include "setcore/messages/purchase_response.h"
#include "setcore/octets.h"
#include "setcore/purchase.h"

namespace setcore {

// IsSuccess tells whether every result is authorizationPerformed with AuthCode approved or
// capturePerformed with CapCode success.
bool IsSuccess(const msg::PResData& data);

// FactsOf gives what `data` says; `date` is that of the MessageHeader.
PResFacts FactsOf(const msg::PResData& data, Time date);

// ReadPRes decodes a PRes, or an InqRes that stands in for one, and verifies nothing: no
// signature, no date.  decodingFailure if it is neither in DER.
Result<PResFacts> ReadPRes(OctetView pres);

// ReadPResData gives all that ReadPRes sees.
Result<msg::PResData> ReadPResData(OctetView answer);

}  // namespace setcore

#endif  // SETCORE_RECEIPT_H_
