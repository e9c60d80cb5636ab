// One exchange with the acquirer: recorded, sent, settled (set-processing.md, 7.6; invariant 5).
// What comes back and does not verify is no outcome: it changes nothing and leaves the intent open.
#ifndef BRIDGE_ACQUIRER_EXCHANGE_H_
#define BRIDGE_ACQUIRER_EXCHANGE_H_

#include "bridge/calls/call.h"
#include "bridge/calls/refusal.h"
#include "db/intents.h"
#include "setcore/merchant.h"
#include "setcore/octets.h"

namespace bridge {

// What an intent ended with.
template <class Decision>
struct Settled {
  Decision decision;
  setcore::Octets response;  // the verified octets; empty if the operator resolved the intent
};
using Outcome = Settled<setcore::AuthOutcome>;
using Reversal = Settled<setcore::ReversalOutcome>;
using Capture = Settled<setcore::CaptureOutcome>;

// SettledOutcome, SettledReversal and SettledCapture read the outcome of an intent that is settled
// already, by the gateway's answer or by the operator.  What has been revoked or configured since
// changes nothing in it (set-processing.md, 2.2 (0)).  An answer that cannot be decrypted any more:
// TransportError.
Checked<Outcome> SettledOutcome(const Call& call, const setcore::MerchantKeys& keys,
                                const setcore::PurchaseTerms& terms, const db::Intent& intent);
Checked<Reversal> SettledReversal(const Call& call, const setcore::MerchantKeys& keys,
                                  const db::Intent& intent);
Checked<Capture> SettledCapture(const Call& call, const setcore::MerchantKeys& keys,
                                const db::Intent& intent);

// Exchange, ExchangeReversal and ExchangeCapture send the identical octets of an open `intent` and
// wait for its outcome.  No answer, or one that proves nothing: TransportError, TransientError,
// MinRetrySecs min_resubmit_s.
Checked<Outcome> Exchange(const Call& call, const setcore::MerchantKeys& keys,
                          const setcore::pki::CertifiedKey& signer, const db::Intent& intent);
Checked<Reversal> ExchangeReversal(const Call& call, const setcore::MerchantKeys& keys,
                                   const setcore::pki::CertifiedKey& signer,
                                   const db::Intent& intent);
Checked<Capture> ExchangeCapture(const Call& call, const setcore::MerchantKeys& keys,
                                 const setcore::pki::CertifiedKey& signer,
                                 const db::Intent& authorization, const db::Intent& intent);

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_EXCHANGE_H_
