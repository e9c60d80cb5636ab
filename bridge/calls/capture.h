// Capturing an authorized payment at the acquirer, which the operator asks for, with intent and
// outcome on disk like those of the authorization itself (docs/architecture.md, invariant 5).
#ifndef BRIDGE_CALLS_CAPTURE_H_
#define BRIDGE_CALLS_CAPTURE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "bridge/calls/call.h"
#include "bridge/calls/refusal.h"

namespace bridge {

// What became of a capture.
struct Captured {
  enum class Kind : std::uint8_t {
    kDone,
    kDoneBefore,     // nothing was asked
    kRefused,        // may be asked again, with a new CapReq
    kRefusedFinal,   // another CapReq would get the same answer
    kRefusedBefore,  // the same, known from an earlier answer: nothing was asked
    kNotCompleted,   // not a payment that a payment handler has completed
    kReversalOpen,   // its reversal is under way
  };
  Kind kind = Kind::kDone;
  std::string code;    // "CapCode=success(0)"; empty: nothing was asked, now or before
  std::string amount;  // "157.53 USD"
};

// CapturePayment captures the whole of the authorization of a payment that is CompletedOk at the
// payment handler.  A CapReq whose outcome is not known goes out again octet for octet; a new one
// is made, and committed before it leaves, if there is none or the last one was refused and may be
// repeated.  Refusals: AttValIllegal PayId for an unknown payment; TransportError, the intent stays
// open.
Checked<Captured> CapturePayment(const Call& call, std::string_view pay_id);

}  // namespace bridge

#endif  // BRIDGE_CALLS_CAPTURE_H_
