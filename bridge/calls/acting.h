// The frame of every call that acts on a payment: one at a time per payment, the stored answer if
// this request was answered before, else the work, its record and its answer in one commit
// (docs/architecture.md, invariants 1 and 2).
#ifndef BRIDGE_CALLS_ACTING_H_
#define BRIDGE_CALLS_ACTING_H_

#include <string>
#include <string_view>

#include "bridge/calls/call.h"
#include "bridge/calls/ledger.h"
#include "bridge/calls/refusal.h"

namespace bridge {

// What a frame gives back: a document that is on disk, if it had to be, or a refusal.
using Written = Checked<std::string>;

// Work is done at most once per request.  It gives
//   the final answer, response element or ErrorResponse, which is recorded with the ledger (unless
//   that leaves no trace; BusError, and nothing is recorded, if the history is full); or
//   (outer error) a refusal that records nothing, whose repetition is judged anew.
using Work = Checked<Answer> (*)(const Call& call, Ledger& ledger);

// ActOn answers with the journal.  `role` is that of the payment if it is new.
Written ActOn(const Call& call, std::string_view pay_id_attribute, Role role, Work work);

// BeingProcessed: MsgBeingProc, TransientError, while another call has the payment.
tl::unexpected<Refusal> BeingProcessed(const Call& call);

// ContinueOn is the same for a call about a payment that must exist.
Written ContinueOn(const Call& call, std::string_view pay_id_attribute, Work work);

// NoteOn records what `work` notes down but no answer: a query that binds the PayId to `role`
// (interfaces.md, 5) and shows the present state when it is repeated.
Written NoteOn(const Call& call, std::string_view pay_id_attribute, Role role, Work work);

// ChangeOn records what `work` does but no answer: a call that is idempotent by its meaning.
Written ChangeOn(const Call& call, std::string_view pay_id_attribute, Work work);

// Render writes an Answer as a document; people read it in the language of the envelope.  A refusal
// goes to the host's log as well, in English.
std::string Render(const Call& call, const Answer& answer);
std::string Render(const Host& host, const schema::Envelope& envelope, const Refusal& refusal);

}  // namespace bridge

#endif  // BRIDGE_CALLS_ACTING_H_
