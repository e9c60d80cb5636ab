// Brand compilation related calls (RFC 3867, 4.1; RFC 3538, 7.1): what a merchant accepts.
#ifndef BRIDGE_CALLS_BRAND_COMPILATION_H_
#define BRIDGE_CALLS_BRAND_COMPILATION_H_

#include "bridge/calls/acting.h"

namespace bridge {

Written FindAcceptedPaymentBrand(const Call& call);
Written FindAcceptedPaymentProtocol(const Call& call);
Written GetPaymentInitializationData(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_BRAND_COMPILATION_H_
