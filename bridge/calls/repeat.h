// What was answered before: the same octets get the stored message again, octet for octet, whatever
// document they come in (set-processing.md, 2.2 (0), 2.3; E-65, E-95; D-39).
#ifndef BRIDGE_CALLS_REPEAT_H_
#define BRIDGE_CALLS_REPEAT_H_

#include <optional>
#include <string_view>

#include "bridge/calls/call.h"
#include "bridge/calls/ledger.h"
#include "bridge/calls/refusal.h"
#include "setcore/octets.h"

namespace bridge {

// A further PReq of a payment that is made, with a RRPID of its own (D-39).
inline constexpr std::string_view kPReqAgain = "PReq again";

// AnswerAgain answers `message` as it was answered before.  A PRes goes out in every state; what
// leads a payment on goes out only while it is InProgress, else it is OutOfState.  Nothing: this
// message has no answer yet.
std::optional<Checked<Answer>> AnswerAgain(const Call& call, Ledger& ledger,
                                           setcore::OctetView message);

// The first message of this direction and kind with this RRPID; null: none has it.
const setcore::Octets* MessageOfRrpid(const Ledger& ledger, std::string_view direction,
                                      std::string_view kind, setcore::OctetView rrpid);

// SendAgain answers with a message of this kind that has been sent before.
Answer SendAgain(const Call& call, Ledger& ledger, std::string_view kind,
                 setcore::OctetView message);

}  // namespace bridge

#endif  // BRIDGE_CALLS_REPEAT_H_
