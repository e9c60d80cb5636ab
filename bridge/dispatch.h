// Dispatch: from the octets of a request to the octets of its response.  The checks run in the
// order of interfaces.md, section 5: well-formed, valid, role, WalletID, passphrase, attributes,
// then the call itself (journal, state).
#ifndef BRIDGE_DISPATCH_H_
#define BRIDGE_DISPATCH_H_

#include <opb.h>

#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/calls/acting.h"
#include "bridge/open_wallet.h"

namespace bridge {

// What a call asks of the passphrase (interfaces.md, 3, "Passphrase").
enum class PassphraseRule { kChecked, kNeeded };

// CallRow is one call of RFC 3867, Table 1.  Without `answer` the call is ReqNotSupp for everybody.
struct CallRow {
  std::string_view element;
  opb_role roles;
  PassphraseRule passphrase;
  Written (*answer)(const Call& call);
};

// Calls gives the table of all requests that RFC 3867 knows.
std::span<const CallRow> Calls();

// Dispatch answers one request.  The error side is OPB_E_STORAGE: a commit failed, nobody knows
// what is on disk, and no document leaves.
tl::expected<std::string, opb_status> Dispatch(OpenWallet& wallet, std::string_view request);

}  // namespace bridge

#endif  // BRIDGE_DISPATCH_H_
