// What the cardholder reads in its own messages and checks in the answers of a merchant; shared by
// the files of cardholder.h and by nobody else.  Errors are those of set-processing.md, 2.2
// and 4.3.
#ifndef SETCORE_CARDHOLDER_CHECKS_H_
#define SETCORE_CARDHOLDER_CHECKS_H_

#include <optional>
#include <string_view>

#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/messages/common.h"
#include "setcore/messages/pkcs7.h"
#include "setcore/messages/purchase_init.h"
#include "setcore/messages/purchase_request.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"
#include "setcore/treatments/signed.h"

namespace setcore::cardholder {

// A PInit exchange whose answer was verified.
struct PInitExchange {
  msg::PInitReq request;
  msg::PInitResData response;
  pki::CertificatePtr merchant;  // with merchantData
  pki::CertificatePtr cert_pe;   // the gateway's key-exchange certificate
};

// CheckPInitRes does the steps of 4.3.
Result<PInitExchange> CheckPInitRes(const Environment& env, const pki::TrustStore& trust,
                                    OctetView pinitreq, OctetView pinitres);

// CheckTransIDs compares the ids of an answer with those that were sent; `sent_lid_m` and
// `sent_xid` are absent where nothing was sent.
Result<void> CheckTransIDs(const msg::TransIDs& answer, const msg::LocalID& sent_lid_c,
                           const std::optional<msg::LocalID>& sent_lid_m,
                           const std::optional<msg::XID>& sent_xid);

// CheckBrandCrlIdentifier judges a BrandCRLIdentifier that came with a verified answer, if any.
Result<void> CheckBrandCrlIdentifier(const std::optional<msg::Any>& bci,
                                     const treatments::Verified& verified,
                                     const pki::TrustStore& trust, std::string_view brand,
                                     Time now);

// OrderOf gives the OIData of a PReq of either form.
const msg::OIData& OrderOf(const msg::PReq& preq);

// Blame makes an error about a certificate.
tl::unexpected<Error> Blame(ErrorCode code, const pki::Certificate& certificate,
                            std::string_view detail);

}  // namespace setcore::cardholder

#endif  // SETCORE_CARDHOLDER_CHECKS_H_
