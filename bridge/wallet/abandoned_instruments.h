// Instruments that were deleted while a pending payment used them, when none does any more.
#ifndef BRIDGE_WALLET_ABANDONED_INSTRUMENTS_H_
#define BRIDGE_WALLET_ABANDONED_INSTRUMENTS_H_

#include "db/error.h"
#include "db/wallet_store.h"

namespace bridge {

// RemoveAbandonedInstruments removes them with their secrets and tells whether there were any; if
// there are none, nothing is written.
db::Result<bool> RemoveAbandonedInstruments(db::WalletStore& store);

}  // namespace bridge

#endif  // BRIDGE_WALLET_ABANDONED_INSTRUMENTS_H_
