// The card that a pending payment uses does not change under it (interfaces.md, 3): what it is paid
// with is what its consumer has chosen.  Name, currencies and limits are no part of the card.
#ifndef BRIDGE_WALLET_CARD_IN_USE_H_
#define BRIDGE_WALLET_CARD_IN_USE_H_

#include "bridge/wallet/config.h"
#include "bridge/wallet/profile.h"
#include "bridge/wallet/stored_wallet.h"
#include "db/error.h"
#include "db/sqlite.h"

namespace bridge {

// CheckCardInUse: kConflict if a pending payment uses the instrument with the id of `instrument`,
// and `instrument` with `secrets` has another brand, number, expiry date, secret or certificate.
db::Result<void> CheckCardInUse(const db::Reader& reader, const InstrumentConfig& instrument,
                                const InstrumentSecrets& secrets, const Opener& open);

}  // namespace bridge

#endif  // BRIDGE_WALLET_CARD_IN_USE_H_
