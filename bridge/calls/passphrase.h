// What a call asks of the passphrase (interfaces.md, 3, "Passphrase").
#ifndef BRIDGE_CALLS_PASSPHRASE_H_
#define BRIDGE_CALLS_PASSPHRASE_H_

#include "bridge/calls/call.h"
#include "bridge/calls/refusal.h"

namespace bridge {

// RequireUnlocked: AttMissing Passphrase while the wallet is locked.
Checked<void> RequireUnlocked(const Call& call);

// ProvePassphrase proves the passphrase of the request, if it has one.  AttValIllegal Passphrase
// for a wrong one; SystemBusy or ReqRefused (TransientError) if it cannot be asked now.
Checked<void> ProvePassphrase(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_PASSPHRASE_H_
