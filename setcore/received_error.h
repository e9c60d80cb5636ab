// Reading an Error message that the other side sent (set-processing.md, 9).
#ifndef SETCORE_RECEIVED_ERROR_H_
#define SETCORE_RECEIVED_ERROR_H_

#include <optional>

#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/messages/error_message.h"
#include "setcore/messages/wrapper.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"

namespace setcore {

struct ReceivedError {
  msg::MessageHeader header;  // covered by no signature
  msg::ErrorTBS error;
  // The certificate of the signer, whose signature and chain are good; null if unsigned: then
  // anybody can have made the message (7.6).
  pki::CertificatePtr signer;
  // The header of the message that was refused, if the Error names one.
  const msg::MessageHeader* offending() const {
    return std::get_if<msg::MessageHeader>(&error.error_msg);
  }
};

// ReadError decodes an Error message and verifies the signature of a signed one, of any end entity.
// The date is not judged (D-29).  An Error that cannot be read or verified is never answered with
// another one (2.2(8)): the error here is for the log.
Result<ReceivedError> ReadError(const Environment& env, const pki::TrustStore& trust,
                                OctetView octets);

// RereadSignedError gives the code of a signed Error that ReadError has verified before and that
// has been kept since; the signature is not looked at (set-processing.md, 2.2 (0)).
Result<ErrorCode> RereadSignedError(OctetView octets);

}  // namespace setcore

#endif  // SETCORE_RECEIVED_ERROR_H_
