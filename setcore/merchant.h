// The merchant of SET, which in IOTP is the payment handler: PInitRes, PReq, AuthReq, AuthRes,
// PRes, InqReq, InqRes, AuthRevReq, AuthRevRes, CapReq, CapRes (set-processing.md, 4.2, 5.4, 5.5,
// 6, 7.1, 7.5, 7.6, 8).  Pure functions over the octets of the messages sent and received.  Any
// thread.
#ifndef SETCORE_MERCHANT_H_
#define SETCORE_MERCHANT_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/crypto/rsa.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"
#include "setcore/purchase.h"

namespace setcore {

// MerchantKeys borrows everything from its owner; chains are leaf first.
struct MerchantKeys {
  std::string_view merchant_id;
  const crypto::RsaPrivateKey* signing = nullptr;
  std::span<const pki::CertificatePtr> signing_chain;
  const crypto::RsaPrivateKey* exchange = nullptr;
  std::span<const pki::CertificatePtr> exchange_chain;
  // Earlier exchange keys, leaf first each: an AuthReq of their time is answered to them.
  std::span<const pki::CertifiedKey> former_exchange;
  std::span<const pki::CertificatePtr> gateway_chain;  // Cert-PE and its issuers
};

struct MerchantPolicy {
  bool capture_now = false;
  bool require_cardholder_certificate = false;
};

// ReadPInitReq gives the BrandID that the cardholder asks for, without any answer being made: the
// bridge compares it with IOTP's brand first.  Errors as ComposePInitRes.
Result<std::string> ReadPInitReqBrand(const Environment& env, OctetView pinitreq);

struct ComposedPInitRes {
  Octets message;
  Octets xid;
  Octets lid_m;
};

// ComposePInitRes answers `pinitreq`.  Its LID-M must be that of the terms, absent where they have
// none: then one is made.  Another brand than that of the terms: unspecifiedFailure; another LID-M:
// unknownLID.  Draws from env.random, in this order: XID (20 octets), Chall-M (20), LID-M (8, if it
// is made here).
Result<ComposedPInitRes> ComposePInitRes(const Environment& env, const MerchantKeys& keys,
                                         const pki::TrustStore& trust, const PurchaseTerms& terms,
                                         OctetView pinitreq);

// PReqIds is what a PReq says it belongs to, and nobody has verified.
struct PReqIds {
  Octets xid;
  Octets rrpid;
};

// ReadPReqIds looks at no date, signature or purchase.  Errors: those of 2.2 for what is no PReq.
Result<PReqIds> ReadPReqIds(OctetView preq);

// PReqFacts is what a verified PReq says.  Brand and order are for the caller to judge, in the
// order of RFC 3538, 8.4.4 (D-37).
struct PReqFacts {
  Octets xid;
  Octets rrpid;
  Octets lid_c;
  bool is_signed = false;
  Octets signer_thumb;                // of the cardholder certificate; empty if unsigned
  std::string brand_id;               // of OIData
  std::string bin;                    // of OIData: first six digits of the account number
  std::string certificate_brand;      // subject O of the cardholder certificate; empty if unsigned
  std::string certificate_promotion;  // its promotional card name; empty: none
  bool order_matches = false;         // HOD is that of the terms (5.4 (7))
};

// CheckPReq verifies `preq` (5.4, steps 1 to 5 and 7) against the PInit exchange; both messages of
// it are empty for a purchase without one (E-63): then XID and LID-C are what the PReq says, LID-M
// must be that of the terms, or absent where they have none.  Errors: those of 2.2,
// signatureFailure and the certificate errors for the dual signature, signatureRequired,
// unknownXID, unknownLID, challengeMismatch.
Result<PReqFacts> CheckPReq(const Environment& env, const MerchantKeys& keys,
                            const MerchantPolicy& policy, const pki::TrustStore& trust,
                            const PurchaseTerms& terms, OctetView pinitreq, OctetView pinitres,
                            OctetView preq);

// CheckSaleDetail: decodingFailure unless `der` is a SaleDetail.
Result<void> CheckSaleDetail(OctetView der);

// AcquirerRequest is a request for the gateway: AuthReq, AuthRevReq or CapReq.
struct AcquirerRequest {
  Octets message;
  Octets rrpid;
};

// ComposeAuthReq asks for the whole PurchAmt of a PReq that CheckPReq has accepted and whose order
// matches.  Draws from env.random, in this order: RRPID (20 octets), then what
// treatments::DrawEnvelopeRandoms draws.
Result<AcquirerRequest> ComposeAuthReq(const Environment& env, const MerchantKeys& keys,
                                       const MerchantPolicy& policy, const PurchaseTerms& terms,
                                       OctetView preq);

// AuthOutcome is what the acquirer decided (7.6), or what the operator settled by hand.
struct AuthOutcome {
  // False: the gateway answered with a signed Error, no AuthCode exists.
  bool authorized_or_refused = true;
  int auth_code = 0;              // AuthCode
  initiation::PurchAmt auth_amt;  // AuthAmt
  Time auth_date = 0;
  std::optional<int> cap_code;  // CapCode, with CaptureNow or after a CapReq
  initiation::PurchAmt cap_amt;
  Time cap_date = 0;
  std::optional<Octets> acq_card_msg;  // DER, copied into the PRes
  std::optional<Octets> curr_conv;     // DER of CurrConv, copied into the PRes
  std::string detail;                  // for the log
  friend bool operator==(const AuthOutcome&, const AuthOutcome&) = default;
};

// CheckAuthRes opens and verifies what came back for `authreq`.  An Error means: this is no outcome
// (7.6), the exchange stays open; its code is what a diagnostic message would report.  AuthDate is
// env.now: no signed field tells when the acquirer decided.
Result<AuthOutcome> CheckAuthRes(const Environment& env, const MerchantKeys& keys,
                                 const pki::TrustStore& trust, OctetView authreq,
                                 OctetView authres);

// RereadAuthRes, RereadAuthRevRes and RereadCapRes give the outcome that the Check of that name
// gave before, of an answer that has been kept since.  They decrypt and decode; date, signature,
// certificates and CRLs are not looked at again (set-processing.md, 2.2 (0)), so nothing that comes
// from the network is read so.  env.now is the moment of the Check.  An Error means: the exchange
// key has gone, or what was kept is damaged.
Result<AuthOutcome> RereadAuthRes(const Environment& env, const MerchantKeys& keys,
                                  OctetView authres);

struct ComposedPRes {
  Octets message;
  PResFacts facts;
};

// ComposePRes answers `preq` with the outcome, or without one (or with a signed Error of the
// gateway) with orderRejected.  Draws nothing.
Result<ComposedPRes> ComposePRes(const Environment& env, const MerchantKeys& keys,
                                 const PurchaseTerms& terms, OctetView preq,
                                 const std::optional<AuthOutcome>& outcome);

// PurchaseRecord is what the merchant has of a purchase: messages as octets, empty where there are
// none.
struct PurchaseRecord {
  OctetView pinitres;
  OctetView preq;         // of a PReq that CheckPReq has accepted
  OctetView pres;         // the answer to it; empty while the acquirer decides
  bool reversed = false;  // its authorization was reversed
  std::optional<Time> captured = std::nullopt;  // CapDate of the CapReq that captured all of it
};

// ComposeInqRes judges `inqreq` and answers it from the record (6): as the PRes did; with CapStatus
// once a CapReq has captured; orderReceived while there is none; orderRejected once the
// authorization is reversed; orderNotReceived without a
// PReq, or for the XID of another purchase.  Errors: those of 2.2; invalidCertificate for a signer
// other than that of the PReq; signatureRequired for an unsigned question about a signed PReq;
// unknownLID.  Draws nothing.
Result<ComposedPRes> ComposeInqRes(const Environment& env, const MerchantKeys& keys,
                                   const pki::TrustStore& trust, std::string_view sw_ident,
                                   const PurchaseRecord& record, OctetView inqreq);

// ComposeAuthRevReq asks the gateway to take back the whole authorization that `authres` granted to
// `authreq` (AuthNewAmt 0).  `authres` is empty if the operator settled the exchange by hand.
// Draws from env.random, in this order: RRPID (20 octets), then what
// treatments::DrawEnvelopeRandoms draws.
Result<AcquirerRequest> ComposeAuthRevReq(const Environment& env, const MerchantKeys& keys,
                                          const MerchantPolicy& policy, const PurchaseTerms& terms,
                                          OctetView preq, OctetView authreq, OctetView authres);

// ReversalOutcome is what the acquirer decided about a reversal.
struct ReversalOutcome {
  bool reversed = false;  // AuthRevCode approved: nothing of the authorization is left
  // What decided: "AuthRevCode" or, for a signed Error of the gateway, "ErrorCode"; its ASN.1
  // identifier and number.
  std::string_view field;
  std::string_view name;
  int value = 0;
  friend bool operator==(const ReversalOutcome&, const ReversalOutcome&) = default;
};

// CheckAuthRevRes opens and verifies what came back for `authrevreq`.  An Error means: this is no
// outcome (7.6), the exchange stays open and the identical octets are sent again.
Result<ReversalOutcome> CheckAuthRevRes(const Environment& env, const MerchantKeys& keys,
                                        const pki::TrustStore& trust, OctetView authrevreq,
                                        OctetView authrevres);
Result<ReversalOutcome> RereadAuthRevRes(const Environment& env, const MerchantKeys& keys,
                                         OctetView authrevres);

// ComposeCapReq asks the gateway to capture the whole authorization that `authres` granted to
// `authreq`, with the SaleDetail of the terms.  `authres` is empty if the operator settled the
// exchange by hand.  Draws from env.random, in this order: RRPID (20 octets), without a CapToken
// what opening the AuthRes draws, then what treatments::DrawEnvelopeRandoms draws.
Result<AcquirerRequest> ComposeCapReq(const Environment& env, const MerchantKeys& keys,
                                      const MerchantPolicy& policy, const PurchaseTerms& terms,
                                      OctetView preq, OctetView authreq, OctetView authres);

// CaptureOutcome is what the acquirer decided about a capture.
struct CaptureOutcome {
  bool captured = false;  // CapCode success
  // What decided: "CapCode" or, for a signed Error of the gateway, "ErrorCode"; its ASN.1
  // identifier and number.
  std::string_view field;
  std::string_view name;
  int value = 0;
  Time cap_date = 0;  // of the CapReq
  friend bool operator==(const CaptureOutcome&, const CaptureOutcome&) = default;
};

// CheckCapRes opens and verifies what came back for `capreq`, which was to capture the
// authorization of the AuthReq with this RRPID.  An Error means: this is no outcome (7.6), the
// exchange stays open and the identical octets are sent again.
Result<CaptureOutcome> CheckCapRes(const Environment& env, const MerchantKeys& keys,
                                   const pki::TrustStore& trust, OctetView auth_rrpid,
                                   OctetView capreq, OctetView capres);
Result<CaptureOutcome> RereadCapRes(const Environment& env, const MerchantKeys& keys,
                                    OctetView capreq, OctetView capres);

}  // namespace setcore

#endif  // SETCORE_MERCHANT_H_
