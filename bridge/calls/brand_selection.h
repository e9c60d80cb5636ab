// Brand selection related calls (RFC 3867, 4.2; RFC 3538, 7.2): what a consumer can pay with.
#ifndef BRIDGE_CALLS_BRAND_SELECTION_H_
#define BRIDGE_CALLS_BRAND_SELECTION_H_

#include "bridge/calls/acting.h"

namespace bridge {

Written FindPaymentInstrument(const Call& call);
Written CheckPaymentPossibility(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_BRAND_SELECTION_H_
