// An open wallet as the door sees it: made by open, asked by call, given back by close.
#ifndef BRIDGE_SESSION_H_
#define BRIDGE_SESSION_H_

#include <opb.h>

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "bridge/acquirer/system.h"
#include "bridge/host.h"

namespace bridge {

// Why open failed: an OPB_E_* and, in one line for people, place and remedy.  Never a secret.
struct OpenFailure {
  opb_status status = OPB_E_INTERNAL;
  std::string diagnostic;
};

// Session may be called from any thread at any time; Close and ForgetAfterFork only when no Call is
// under way.  It holds no lock while it is inside a service of the host.
class Session {
 public:
  // Open takes the lease of the wallet in the directory `path`, brings its store to the present
  // form, checks that its profile plays `roles` (not empty, OPB_ROLE_* only) and, unless
  // `passphrase` is empty, unlocks it.
  // OPB_E_CONFIG: role not in the wallet, or wrong passphrase.  OPB_E_STORAGE: unreadable, too new,
  // corrupt, disk full.  OPB_E_LOCKED: open already, here or elsewhere.  `system` is where the
  // links to acquirers live.
  static tl::expected<std::unique_ptr<Session>, OpenFailure> Open(
      const Host& host, opb_role roles, const std::string& path, std::string_view passphrase,
      System& system = OperatingSystem());

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  // Closes the wallet if Close has not.
  ~Session();

  // Call answers one IotpPaymentApiRequest with one IotpPaymentApiResponse, both UTF-8.  Everything
  // about the payment, malformed XML included, is in the document.  The error side holds
  // OPB_E_STORAGE alone: a commit failed, what is on disk is unknown until the wallet is opened
  // again.  Throws std::bad_alloc; any other exception is a bug.
  tl::expected<std::string, opb_status> Call(std::string_view request);

  // Close writes back what the store holds, gives up the lease and wipes the wallet's secrets.
  void Close();

  // In the child of a fork: wipes nothing, writes nothing, closes the inherited copy of the lease
  // and leaks the rest on purpose, for the store belongs to the parent.
  void ForgetAfterFork();

 private:
  struct Inside;
  explicit Session(std::unique_ptr<Inside> inside);

  std::unique_ptr<Inside> inside_;
};

}  // namespace bridge

#endif  // BRIDGE_SESSION_H_
