// The cardholder: composes PInitReq, PReq and InqReq, verifies PInitRes, PRes and InqRes
// (set-processing.md, 4.1, 4.3, 5.1 to 5.3, 5.6, 6).  Pure functions: what a later step needs of an
// earlier one is read again from the messages themselves, given as the octets that were sent and
// received.  An Error of a message from the merchant is what the SET Error message to be sent
// reports; `silent` ones send nothing.  Any thread.
#ifndef SETCORE_CARDHOLDER_H_
#define SETCORE_CARDHOLDER_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "setcore/crypto/rsa.h"
#include "setcore/crypto/secret.h"
#include "setcore/environment.h"
#include "setcore/error.h"
#include "setcore/octets.h"
#include "setcore/pki/certificate.h"
#include "setcore/pki/trust_store.h"
#include "setcore/purchase.h"

namespace setcore {

// Card borrows everything from its owner.  Without certificate `key` is null, `chain` is empty and
// both secrets are 20 zero octets (set-processing.md, 1.1).
struct Card {
  std::string_view pan;
  std::string_view expiry;  // YYYYMM
  OctetView card_secret;
  OctetView pan_secret;
  const crypto::RsaPrivateKey* key = nullptr;
  std::span<const pki::CertificatePtr> chain;  // leaf first
  // Asks the acquirer for a message to the cardholder (AcqBackKeyData), if Cert-PE knows how.
  bool wants_acquirer_message = false;
};

// ComposePInitReq gives the MessageWrapper.  RRPID, LID-C and Chall-C are fresh.  Draws from
// env.random, in this order: RRPID (20 octets), LID-C (8), Chall-C (20).
Result<Octets> ComposePInitReq(const Environment& env, const Card& card,
                               const PurchaseTerms& terms);

struct ComposedPReq {
  Octets message;
  Octets xid;
  Octets rrpid;  // of the PReq
  std::optional<Octets> lid_m;
  std::string merchant_name;  // of the merchant certificate, for people (E-115)
  SecretOctets acq_back_key;  // opens AcqCardMsg; empty unless an acquirer message was asked for
};

// ComposePReq verifies `pinitres` against `pinitreq` (4.3) and answers it with the PReq: dual
// signed if the card has a certificate, else unsigned, which Cert-PE must allow (silent
// signatureRequired).  Draws from env.random, in this order: RRPID (20 octets), ODSalt (20),
// BackKey (8) and its IV (8) if an acquirer message is asked for, EXNonce (20), then what
// treatments::DrawEnvelopeRandoms draws.
Result<ComposedPReq> ComposePReq(const Environment& env, const Card& card,
                                 const pki::TrustStore& trust, const PurchaseTerms& terms,
                                 OctetView pinitreq, OctetView pinitres);

// CheckPRes verifies `pres` as the answer to `preq`.  The merchant must be the one of `pinitres`:
// the same MerchantID, acquirer BIN and brand.
Result<PResFacts> CheckPRes(const Environment& env, const pki::TrustStore& trust,
                            OctetView pinitres, OctetView preq, OctetView pres);

// AcquirerMessage is what the acquirer wrote to the cardholder (AcqCardCodeMsg), in UTF-8.
struct AcquirerMessage {
  int code = 0;  // AcqCardCode
  std::optional<std::string> text;
  std::optional<std::string> url;
  std::optional<std::string> phone;
};

// ReadAcquirerMessage opens the AcqCardMsg of a PRes or InqRes that was verified (5.6) with the key
// that ComposePReq drew, and verifies the gateway's signature.  Nothing if there is none.
Result<std::optional<AcquirerMessage>> ReadAcquirerMessage(const Environment& env,
                                                           const pki::TrustStore& trust,
                                                           OctetView answer,
                                                           OctetView acq_back_key);

// ComposeInqReq asks what became of the purchase of `preq`: signed if and only if that was, with
// the same certificate (set-processing.md, 6); a card that has it no more: invalidCertificate.
// Draws from env.random, in this order: RRPID (20 octets), Chall-C2 (20).
Result<Octets> ComposeInqReq(const Environment& env, const Card& card, std::string_view sw_ident,
                             OctetView preq);

// CheckInqRes verifies `inqres` as the answer to `inqreq`, as CheckPRes does.  An order that the
// merchant has not received, or has not decided on, is a result like any other: success is false,
// the code says why.
Result<PResFacts> CheckInqRes(const Environment& env, const pki::TrustStore& trust,
                              OctetView pinitres, OctetView inqreq, OctetView inqres);

}  // namespace setcore

#endif  // SETCORE_CARDHOLDER_H_
