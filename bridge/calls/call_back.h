// CallBack: the host is told of every change of a payment's state and progress, after it is on
// disk, and may answer with the wish to cancel (RFC 3867, 5; errata E-117).  A host without the
// service, a call without CallBackFunction, an answer that cannot be read: the payment goes on.
#ifndef BRIDGE_CALLS_CALL_BACK_H_
#define BRIDGE_CALLS_CALL_BACK_H_

#include <cstdint>
#include <optional>

#include "bridge/calls/call.h"
#include "bridge/calls/ledger.h"
#include "bridge/calls/refusal.h"

namespace bridge {

enum class HostSays : std::uint8_t { kGoOn, kCancel };

// TellHost calls the host back if state or percent are not those that it was told last in this
// call.  `ledger` has nothing uncommitted.
HostSays TellHost(const Call& call, Ledger& ledger);

// CancelByHost makes the payment fail, unless it is final or, at the consumer, its PReq was handed
// out before this call (`had_preq`).  Gives the answer that goes out instead and is to be
// committed; nothing if the wish comes too late.
std::optional<Refusal> CancelByHost(const Call& call, Ledger& ledger, bool had_preq);

// WishByHost notes, and commits, that the host wants to cancel what the acquirer has still to
// answer (E-71).
Checked<void> WishByHost(const Call& call, Ledger& ledger);

// NoteCallBack keeps the function and the languages that a Start… or Resume… call names.
void NoteCallBack(const Call& call, db::Payment& payment);

}  // namespace bridge

#endif  // BRIDGE_CALLS_CALL_BACK_H_
