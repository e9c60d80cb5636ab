// The agreed terms of a purchase as SET's types, and the order that both sides hash: HODInput
// (set-processing.md, 5.1 (2) d).  Any thread.
#ifndef SETCORE_ORDER_H_
#define SETCORE_ORDER_H_

#include <optional>

#include "setcore/error.h"
#include "setcore/messages/common.h"
#include "setcore/octets.h"
#include "setcore/purchase.h"

namespace setcore {

msg::CurrencyAmount AmountOf(const initiation::PurchAmt& purch_amt);

// PurchAmtOf is the reverse; nothing for an amount that the bridge does not handle (more than 18
// digits, an exponent outside -18 to 18).
std::optional<initiation::PurchAmt> PurchAmtOf(const msg::CurrencyAmount& amount);

// InstallRecurDataOf gives InstallRecurData if instalments or recurring payments are agreed.
std::optional<msg::InstallRecurData> InstallRecurDataOf(const PurchaseTerms& terms);

// HodInput gives the DER of HODInput.  Terms outside the bounds of its types: unspecifiedFailure.
Result<Octets> HodInput(const PurchaseTerms& terms, const msg::Nonce& od_salt,
                        const std::optional<msg::MsgExtensions>& od_extensions);

}  // namespace setcore

#endif  // SETCORE_ORDER_H_
