// Status inquiry (RFC 3538, 6.3, 7.5.4, 7.5.5, 8.6): StartPaymentInquiry and the InqRes at the
// consumer, InquirePaymentStatus at the payment handler.  No message of an inquiry changes the
// state of a payment; a positive InqRes is what ChangeProcessState(CompletedOk) then believes
// (E-75, E-77).
#ifndef BRIDGE_CALLS_INQUIRY_H_
#define BRIDGE_CALLS_INQUIRY_H_

#include <string_view>

#include "bridge/calls/acting.h"
#include "bridge/calls/pay_scheme.h"

namespace bridge {

// The kinds of its messages in the store.
inline constexpr std::string_view kInqReq = "InqReq";
inline constexpr std::string_view kInqRes = "InqRes";

// A new InqReq whenever the last one has been answered, else the last one; without a PReq none
// (E-68).
Written StartPaymentInquiry(const Call& call);

// The state, with an InqRes if an InqReq came.
Written InquirePaymentStatus(const Call& call);

// IsOfInquiry: ProcessType says so, or the message itself, for a host that forgets it (E-62).
bool IsOfInquiry(const Call& call, const Incoming& incoming);

// ContinueInquiry is the consumer's ContinueProcess with ProcessType Inquiry.
Checked<Answer> ContinueInquiry(const Call& call, Ledger& ledger, const Incoming& incoming);

}  // namespace bridge

#endif  // BRIDGE_CALLS_INQUIRY_H_
