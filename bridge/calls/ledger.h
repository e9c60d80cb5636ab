// Ledger: what a call wants to be on disk together with its answer, collected while the call works
// and committed in one transaction before the answer leaves (docs/architecture.md, invariant 1).
#ifndef BRIDGE_CALLS_LEDGER_H_
#define BRIDGE_CALLS_LEDGER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/calls/call.h"
#include "bridge/calls/refusal.h"
#include "bridge/state/process_state.h"
#include "bridge/state/progress.h"
#include "bridge/state/role.h"
#include "db/intents.h"
#include "db/journal.h"
#include "db/messages.h"
#include "db/payments.h"
#include "setcore/octets.h"

namespace bridge {

// The kinds and directions of stored messages.
inline constexpr std::string_view kSent = "sent";
inline constexpr std::string_view kReceived = "received";

class Ledger {
 public:
  // Starts from the stored payment `pay_id`, or from a new one of `role` if there is none.  A PayId
  // of another role: AttValIllegal (interfaces.md, 5).  `pay_id_attribute` is for that error.
  static Checked<Ledger> Open(const Call& call, std::string_view pay_id, Role role,
                              std::string_view pay_id_attribute);
  // Starts from a stored payment whatever its role.  None: AttValIllegal PayId (E-76).
  static Checked<Ledger> Find(const Call& call, std::string_view pay_id,
                              std::string_view pay_id_attribute);

  db::Payment& payment() { return payment_; }
  const db::Payment& payment() const { return payment_; }
  bool is_new() const { return payment_.id == 0; }
  Role role() const;
  ProcessState state() const;

  // Move takes the payment along the state table (RFC 3538, 8.9).  False: the table has no such
  // move, and nothing changes.
  bool Move(Event event);
  // Reach raises PercentComplete to that of the milestone (RFC 3538, 8.12); it never falls.
  void Reach(Milestone milestone);
  // Describe sets StatusDesc and, in the history, the reason.
  void Describe(std::string status_desc);
  void Fail(CompletionCode code) { payment_.completion_code = std::string(Name(code)); }

  // AddOffer notes a brand that FindAcceptedPaymentBrand returned (E-105).
  void AddOffer(std::string brand_id) { offers_.push_back(std::move(brand_id)); }
  void AddMessage(std::string_view direction, std::string_view kind, setcore::OctetView octets);
  void SetReceipt(setcore::Octets pres) { receipt_ = std::move(pres); }
  void ReserveIds(setcore::Octets xid, setcore::Octets rrpid);
  void OpenIntent(db::Intent intent) { opened_ = std::move(intent); }
  void SettleIntent(std::int64_t intent, setcore::Octets outcome);

  // Commit writes everything collected since the last Commit and, if `key` is given, `answer` under
  // it.  Errors: ReqRefused (nothing was recorded, ask again), a lost store, or, when XID or RRPID
  // stand under another PayId, `ids_taken()` is true and nothing was recorded.
  Checked<void> Commit(const Call& call, const db::JournalKey* key, std::string_view answer);
  bool ids_taken() const { return ids_taken_; }

  // The intent that Commit opened.
  std::int64_t intent_id() const { return intent_id_; }

 private:
  struct Ids {
    setcore::Octets xid;
    setcore::Octets rrpid;
  };
  struct Settled {
    std::int64_t intent = 0;
    setcore::Octets outcome;
  };

  db::Payment payment_;
  std::string reason_;
  std::vector<db::Message> messages_;
  std::vector<std::string> offers_;
  std::optional<setcore::Octets> receipt_;
  std::optional<Ids> ids_;
  std::optional<db::Intent> opened_;
  std::optional<Settled> settled_;
  std::int64_t intent_id_ = 0;
  bool ids_taken_ = false;
};

// The spelling of a role in the store.
std::string_view StoredName(Role role);

// StorageRefusal turns a failure of the store into an answer: kFull is ReqRefused (TransientError),
// everything else is a lost store, and no document answers.
Refusal StorageRefusal(const db::Error& error, std::string_view element);

}  // namespace bridge

#endif  // BRIDGE_CALLS_LEDGER_H_
