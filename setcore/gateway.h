// The payment gateway: AuthReq in, AuthRes out (set-processing.md, 7.2 and 7.3); AuthRevReq in,
// AuthRevRes out, CapReq in, CapRes out (8).  Pure functions:
// first OpenAuthReq makes every check that needs no ledger, then JudgeAuthReq decides with what the
// ledger knows, then, if that says approved, the caller asks its rules or its network, and
// ComposeAuthRes puts the outcome into the answer.  An Error of OpenAuthReq is answered with the
// SET Error message (ComposeError); everything else is an AuthCode.  Any thread.
#ifndef SETCORE_GATEWAY_H_
#define SETCORE_GATEWAY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "setcore/crypto/digest.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/messages/authorization.h"
#include "setcore/messages/authorization_reversal.h"
#include "setcore/messages/codes.h"
#include "setcore/messages/receive.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"

namespace setcore {

// GatewayKeys is one brand's pair of certificates, borrowed.  Several generations of one brand may
// stand side by side: all are accepted, the one with the latest notBefore is announced (PEThumb).
struct GatewayKeys {
  const pki::CertifiedKey* signing = nullptr;
  const pki::CertifiedKey* exchange = nullptr;  // Cert-PE
  std::span<const std::string> bins;            // account number prefixes; empty: any
};

struct GatewayPolicy {
  bool capture_supported = true;
  std::size_t max_message = kMaxMessage;
  std::string_view sw_ident;
};

// AuthRequest is an AuthReq that has been opened and verified, with what the checks found.
struct AuthRequest {
  // What the merchant signed.
  msg::AuthTags tags;
  std::string merchant_id;  // merID of the merchant certificate
  crypto::Sha1Digest signer_thumb{};
  msg::CurrencyAmount amount;  // AuthReqAmt
  bool capture_now = false;
  std::optional<msg::Thumbs> m_thumbs;
  std::string brand;  // of Cert-PE
  pki::CertificatePtr merchant_exchange;

  // What the PI says; empty if it could not be opened.
  std::optional<msg::CurrencyAmount> purch_amt;
  SecretString pan;
  SecretString card_expiry;  // YYYYMM
  Octets trans_stain;
  bool card_signed = false;  // the cardholder has a certificate

  // The first failed check of steps 2 to 4, and of steps 6 to 9, of 7.2.
  std::optional<msg::AuthCode> before_ledger;
  std::optional<msg::AuthCode> after_ledger;

  const msg::RRPID& rrpid() const { return tags.auth_rr_tags.rrpid; }
  const msg::XID& xid() const { return tags.trans_ids.value.xid; }
};

// OpenAuthReq reads the MessageWrapper `authreq` in the order of ReceiveWrapper, then decrypts,
// verifies the merchant's signature and chain, finds the merchant's key-exchange certificate, opens
// the PI.
Result<AuthRequest> OpenAuthReq(const Environment& env, std::span<const GatewayKeys> keys,
                                const pki::TrustStore& trust, const GatewayPolicy& policy,
                                OctetView authreq);

// LedgerFacts is what the ledger knows of (MerchantID, XID).
struct LedgerFacts {
  bool previously_used = false;  // an approval stands
  std::int64_t authorized = 0;   // total authorized for the XID, in the exponent of PurchAmt
};

// JudgeAuthReq gives the AuthCode of the first check that failed, or approved: then the network may
// be asked.
msg::AuthCode JudgeAuthReq(const Environment& env, const AuthRequest& request,
                           const LedgerFacts& facts);

// AuthDecision is what the answer says.
struct AuthDecision {
  msg::AuthCode code = msg::AuthCode::kUnspecifiedFailure;
  std::optional<std::string> approval_code;  // 6 characters, with an approval
  // Batch and sequence number of a capture inside this AuthRes (CaptureNow and approved).
  struct Capture {
    std::optional<std::int64_t> batch_id;
    std::optional<std::int64_t> batch_sequence;
  };
  std::optional<Capture> capture;
  msg::AuthResBaggage baggage;  // CapToken and AcqCardMsg, if the gateway makes any
};

// ComposeAuthRes gives the MessageWrapper of the AuthRes, signed with the keys of the request's
// brand, encrypted for the merchant's key-exchange certificate.  Draws from env.random what
// treatments::DrawEnvelopeRandoms draws.
Result<Octets> ComposeAuthRes(const Environment& env, std::span<const GatewayKeys> keys,
                              const pki::TrustStore& trust, const GatewayPolicy& policy,
                              const AuthRequest& request, const AuthDecision& decision);

// --- authorization reversal
// -----------------------------------------------------------------------

// CapTokenState is what became of a CapToken that came along.
enum class CapTokenState : std::uint8_t {
  kNone,        // there is none, or the null one
  kGood,        // ours, of the authorization that is meant
  kUnreadable,  // not ours, or altered
  kForeign,     // ours, of another authorization
};

// ReversalRequest is an AuthRevReq that has been opened and verified.
struct ReversalRequest {
  msg::AuthRevTags tags;
  msg::Kept<msg::TransIDs> trans_ids;
  std::optional<msg::RRPID> auth_rrpid;  // of the AuthReq that is to be reversed
  msg::CurrencyAmount new_amount;        // AuthNewAmt: what remains, 0 for all
  std::string merchant_id;               // merID of the merchant certificate
  crypto::Sha1Digest signer_thumb{};
  std::optional<msg::Thumbs> m_thumbs;
  std::string brand;  // of Cert-PE
  pki::CertificatePtr merchant_exchange;

  // The PI could be opened and is that of the transaction.
  bool instruction_fits = false;
  CapTokenState cap_token = CapTokenState::kNone;

  const msg::RRPID& rrpid() const { return tags.auth_rev_rr_tags.rrpid; }
  const msg::XID& xid() const { return trans_ids.value.xid; }
};

// OpenAuthRevReq reads the MessageWrapper `authrevreq` as OpenAuthReq does.
Result<ReversalRequest> OpenAuthRevReq(const Environment& env, std::span<const GatewayKeys> keys,
                                       const pki::TrustStore& trust, const GatewayPolicy& policy,
                                       OctetView authrevreq);

// AuthorizationFacts is what the ledger knows of (MerchantID, AuthRRPID).
struct AuthorizationFacts {
  msg::XID xid{};
  std::optional<Octets> lid_c;  // none: not recorded
  bool approved = false;
  bool captured = false;
  bool reversed = false;
  bool cap_token_issued = false;
  msg::CurrencyAmount amount;  // what is authorized now
};

// JudgeAuthRevReq gives the AuthRevCode of the first check that failed, or approved (D-57).
// `facts` is null if the ledger knows no such authorization of this merchant.
msg::AuthRevCode JudgeAuthRevReq(const ReversalRequest& request, const AuthorizationFacts* facts);

// ComposeAuthRevRes gives the MessageWrapper of the AuthRevRes.  Draws what ComposeAuthRes draws.
Result<Octets> ComposeAuthRevRes(const Environment& env, std::span<const GatewayKeys> keys,
                                 const pki::TrustStore& trust, const GatewayPolicy& policy,
                                 const ReversalRequest& request, msg::AuthRevCode code);

// --- capture
// --------------------------------------------------------------------------------------

// CaptureItem is one authorization that a CapReq wants captured.
struct CaptureItem {
  msg::Kept<msg::TransIDs> trans_ids;
  msg::RRPID auth_rrpid{};     // of the AuthReq (D-55)
  msg::CurrencyAmount amount;  // CapReqAmt
  CapTokenState cap_token = CapTokenState::kNone;
  std::optional<std::int64_t> batch_id;  // both of SaleDetail
  std::optional<std::int64_t> batch_sequence;
};

// CaptureRequest is a CapReq that has been opened and verified.
struct CaptureRequest {
  msg::RRTags tags;
  msg::MessageIDs ids;             // of the header, which need not name any
  std::vector<CaptureItem> items;  // at least one
  std::string merchant_id;         // merID of the merchant certificate
  crypto::Sha1Digest signer_thumb{};
  std::optional<msg::Thumbs> m_thumbs;
  std::string brand;  // of Cert-PE
  pki::CertificatePtr merchant_exchange;

  const msg::RRPID& rrpid() const { return tags.rrpid; }
};

// OpenCapReq reads the MessageWrapper `capreq` as OpenAuthReq does.  A gateway that does not
// capture: messageNotSupported.
Result<CaptureRequest> OpenCapReq(const Environment& env, std::span<const GatewayKeys> keys,
                                  const pki::TrustStore& trust, const GatewayPolicy& policy,
                                  OctetView capreq);

// BatchState is what the ledger knows of the batch that SaleDetail names.
enum class BatchState : std::uint8_t { kOpen, kClosed, kUnknown };

// JudgeCapItem gives the CapCode of the first check that failed, or success (D-59).  `facts` is
// null if the ledger knows no such authorization of this merchant; a batch that is not named is
// open.
msg::CapCode JudgeCapItem(const CaptureItem& item, const AuthorizationFacts* facts,
                          BatchState batch);

// CaptureDecision is what the answer says of one item.
struct CaptureDecision {
  msg::CapCode code = msg::CapCode::kUnspecifiedFailure;
  std::optional<std::int64_t> batch_id;  // with success
  std::optional<std::int64_t> batch_sequence;
};

// ComposeCapRes gives the MessageWrapper of the CapRes, with a decision for each item in its order.
// Draws what ComposeAuthRes draws.
Result<Octets> ComposeCapRes(const Environment& env, std::span<const GatewayKeys> keys,
                             const pki::TrustStore& trust, const GatewayPolicy& policy,
                             const CaptureRequest& request,
                             std::span<const CaptureDecision> decisions);

}  // namespace setcore

#endif  // SETCORE_GATEWAY_H_
