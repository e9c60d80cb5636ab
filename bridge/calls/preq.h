// The payment handler's answer to a PReq, from its verification to the PRes, with the acquirer in
// between (RFC 3538, 8.4.4).
#ifndef BRIDGE_CALLS_PREQ_H_
#define BRIDGE_CALLS_PREQ_H_

#include <string_view>

#include "bridge/calls/call.h"
#include "bridge/calls/ledger.h"
#include "bridge/calls/refusal.h"
#include "bridge/calls/till.h"
#include "setcore/octets.h"
#include "setcore/purchase.h"

namespace bridge {

// AnswerPReq takes the PReq of a purchase with or without PInit exchange (E-63).  The answer is
// ContStatus End with the PRes, or a BusError that carries it.
Checked<Answer> AnswerPReq(const Call& call, Ledger& ledger, Till till,
                           setcore::PurchaseTerms terms, setcore::OctetView preq);

// WrongBrand: what was `found` is not of the brand that was selected (RFC 3538, 8.4.4 (1)(b);
// errata E-3, E-4).
tl::unexpected<Refusal> WrongBrand(const Ledger& ledger, std::string_view found);

}  // namespace bridge

#endif  // BRIDGE_CALLS_PREQ_H_
