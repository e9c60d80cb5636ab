// What the merchant checks in every answer of its gateway, whatever it answers (set-processing.md,
// 7.5, 7.6).  Internal to merchant_*.cc.  An Error says: this is no outcome.
#ifndef SETCORE_MERCHANT_ACQUIRER_H_
#define SETCORE_MERCHANT_ACQUIRER_H_

#include <optional>

#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/merchant.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/wrapper.h"
#include "setcore/octets.h"
#include "setcore/pki/trust_store.h"
#include "setcore/treatments/signed.h"

namespace setcore::merchant {

// CannotOpen is the one failure of every envelope.
tl::unexpected<Error> CannotOpen();

// CheckSigner: the signer must be the gateway that Cert-PE belongs to.
Result<void> CheckSigner(const MerchantKeys& keys, const pki::Certificate& signer);

// CheckDate judges the header dates of a request and its answer.
Result<void> CheckDate(const Environment& env, const msg::MessageHeader& request,
                       const msg::MessageHeader& answer);

// CheckExchange compares what the answer names with the request, whose own header carries its ids.
Result<void> CheckExchange(const msg::MessageHeader& request, const msg::RRPID& rrpid,
                           const msg::TransIDs& ids);

// CheckRevocation judges a BrandCRLIdentifier that came along, if any.
Result<void> CheckRevocation(const Environment& env, const MerchantKeys& keys,
                             const pki::TrustStore& trust, const treatments::Verified& verified,
                             const std::optional<msg::Any>& bci);

// IsError tells whether an answer is an Error message.
bool IsError(OctetView answer);

// ReadGatewayError gives the code of an Error that this gateway signed about `request`, whose
// header is `header`.
Result<ErrorCode> ReadGatewayError(const Environment& env, const MerchantKeys& keys,
                                   const pki::TrustStore& trust, const msg::MessageHeader& header,
                                   OctetView request, OctetView answer);

// EncBOf gives the envelope and baggage of either alternative.
inline const msg::AuthResEncB& EncBOf(const msg::AuthRes& authres) {
  return authres.value.index() == 0 ? std::get<0>(authres.value) : std::get<1>(authres.value);
}

// What later requests repeat of an AuthRes; nothing of an empty one.  GrantedToken gives the
// CapToken, which stands outside the envelope.  GrantedPayload gives nothing of an AuthRes that the
// exchange key of today cannot open any more: it is OPTIONAL wherever it is repeated.
Result<std::optional<msg::Kept<msg::CapToken>>> GrantedToken(OctetView authres);
std::optional<msg::AuthResPayload> GrantedPayload(const Environment& env, const MerchantKeys& keys,
                                                  OctetView authres);

}  // namespace setcore::merchant

#endif  // SETCORE_MERCHANT_ACQUIRER_H_
