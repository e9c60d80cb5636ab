// Opening a wallet: from its directory to everything that a call, or a command of the operator, may
// use of it.
#ifndef BRIDGE_OPENING_H_
#define BRIDGE_OPENING_H_

#include <opb.h>

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/host.h"
#include "bridge/open_wallet.h"
#include "bridge/session.h"

namespace bridge {

// OpenAt fills `wallet`, which is new, and fails as Session::Open does.
tl::expected<void, OpenFailure> OpenAt(OpenWallet& wallet, const Host& host, opb_role roles,
                                       const std::string& path, std::string_view passphrase);

}  // namespace bridge

#endif  // BRIDGE_OPENING_H_
