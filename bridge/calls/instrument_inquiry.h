// PaymentInstrumentInquiry (RFC 3867, 4.4.2; E-122): what a consumer's payment instrument is.
#ifndef BRIDGE_CALLS_INSTRUMENT_INQUIRY_H_
#define BRIDGE_CALLS_INSTRUMENT_INQUIRY_H_

#include "bridge/calls/acting.h"

namespace bridge {

Written PaymentInstrumentInquiry(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_INSTRUMENT_INQUIRY_H_
