// Payment scheme data: the one PaySchemePackagedContent that a call brings, and the one that its
// answer carries (RFC 3538, 8.4; RFC 3867, 4.3).
#ifndef BRIDGE_CALLS_PAY_SCHEME_H_
#define BRIDGE_CALLS_PAY_SCHEME_H_

#include <optional>
#include <string>
#include <string_view>

#include "bridge/calls/call.h"
#include "bridge/calls/ledger.h"
#include "bridge/calls/refusal.h"
#include "bridge/texts/texts.h"
#include "setcore/error.h"
#include "setcore/initiation/initiation.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"

namespace bridge {

// Incoming is what came in PaySchemeData.
struct Incoming {
  setcore::initiation::Kind kind = setcore::initiation::Kind::kUnknown;
  std::string name;         // of the SET message: "PInitRes", "PRes", "Error"; empty if unknown
  setcore::Octets message;  // the DER, or the text of an Initiation
};

// ReadIncoming takes exactly one PaySchemePackagedContent.  None: ElMissing; several: ElUnexpected;
// larger than max_message_bytes: MsgTooLarge; not base64: ElContIllegal.
Checked<Incoming> ReadIncoming(const Call& call);

// IsInquiry: ProcessType Inquiry (E-62), where a message changes no state.
bool IsInquiry(const Call& call);

inline constexpr std::string_view kContinue = "Continue";
inline constexpr std::string_view kEnd = "End";

// Proceed makes the response element with ContStatus and, unless `message` is empty, the message
// under `message_name` (empty or PRes), and notes both in the ledger.
schema::Node Proceed(const Call& call, Ledger& ledger, std::string_view cont_status,
                     setcore::OctetView message, std::string_view message_name = {});

// WithEcho makes of a PInitReq what leaves for it, each time that it is sent: a MIME entity if the
// payment's 1st Initiation asks for an echo, which needs a carrier (set-initiation.md, 6.3), else
// the message as it is.
setcore::Octets WithEcho(setcore::OctetView pinitreq, const db::Payment& payment);

// DetailOf says what is wrong with a SET message: `why`, unless empty, or else the error's detail.
Detail DetailOf(const setcore::Error& error, Detail why = {});

// TechnicalError ends the payment for an error in a SET message (RFC 3538, 9.4.2): EncapProtErr
// with the SET Error message, signed by `signer` unless null, that answers `offending`; a silent
// error carries none.  `event` is what the state table makes of it; where it moves nothing, or
// there is none, nothing is recorded.  `why` is told instead of the error's own detail, which
// setcore writes in English.
Answer TechnicalError(const Call& call, Ledger& ledger, std::optional<Event> event,
                      const setcore::pki::CertifiedKey* signer, setcore::OctetView offending,
                      const setcore::Error& error, Detail why = {});

// RejectMessage answers `offending` with a SET Error as well, but touches no payment: nothing is
// recorded (set-processing.md, 2.3).
tl::unexpected<Refusal> RejectMessage(const Call& call, const setcore::pki::CertifiedKey* signer,
                                      setcore::OctetView offending, setcore::ErrorCode code,
                                      DetailText why);

// InitiationError does the same as TechnicalError for a 1st Initiation that cannot be built (RFC
// 3538, 9.4.1 (1)).
Answer InitiationError(const Call& call, Ledger& ledger, setcore::OctetView pay_protocol,
                       const setcore::initiation::Fault& fault);

// OutOfState is the BusError of a call that the payment's state does not allow (RFC 3867, Table 2).
tl::unexpected<Refusal> OutOfState(const Call& call, const Ledger& ledger);

// StatusWords describes a payment, in the end in the wallet's language.
Description StatusWords(const Call& call, std::optional<StatusText> text,
                        std::string code_text = {}, std::string further = {});
// Explain does so with a detail.
Description Explain(const Call& call, StatusText text, Detail detail);

}  // namespace bridge

#endif  // BRIDGE_CALLS_PAY_SCHEME_H_
