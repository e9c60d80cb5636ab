// Terms: the PurchaseTerms of a payment, put together from what its Start… call recorded, the same
// way each time they are needed.
#ifndef BRIDGE_CALLS_TERMS_H_
#define BRIDGE_CALLS_TERMS_H_

#include <string_view>
#include <tl/expected.hpp>

#include "bridge/calls/call.h"
#include "bridge/translate/initiation_data.h"
#include "db/payments.h"
#include "setcore/purchase.h"

namespace bridge {

// TermsOf processes the 1st SET Initiation of `payment`, whose amount, brand, order hash and
// PayProtocol data are recorded in it (RFC 3538, 8.4.1 (1)).  The fault is what an Initiation
// Response reports.
tl::expected<setcore::PurchaseTerms, initiation::Fault> TermsOf(const Call& call,
                                                                const db::Payment& payment);

}  // namespace bridge

#endif  // BRIDGE_CALLS_TERMS_H_
