// Ledger: what a call wants to be on disk together with its answer, collected while the call works
// and committed in one transaction before the answer leaves (docs/architecture.md, invariant 1).
#ifndef BRIDGE_CALLS_LEDGER_H_
#define BRIDGE_CALLS_LEDGER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridge/calls/call.h"
#include "bridge/calls/payment_shelf.h"
#include "bridge/calls/refusal.h"
#include "bridge/state/process_state.h"
#include "bridge/state/progress.h"
#include "bridge/state/role.h"
#include "db/history.h"
#include "db/intents.h"
#include "db/payments.h"
#include "setcore/merchant.h"
#include "setcore/octets.h"

namespace bridge {

// The kinds and directions of stored messages.
inline constexpr std::string_view kSent = "sent";
inline constexpr std::string_view kReceived = "received";

// So many entries of a payment's history take what moves nothing; further ones take what moves the
// payment, which a purchase does a few times.
inline constexpr int kMaxEntries = 512;

class Ledger {
 public:
  // Starts from the stored payment `pay_id`, or from a new one of `role` if there is none.  A PayId
  // of another role: AttValIllegal (interfaces.md, 5).  `pay_id_attribute` is for that error.
  static Checked<Ledger> Open(const Call& call, std::string_view pay_id, Role role,
                              std::string_view pay_id_attribute);
  // Starts from a stored payment of any role that the wallet was opened for.  None: AttValIllegal
  // PayId (E-76).
  static Checked<Ledger> Find(const Call& call, std::string_view pay_id,
                              std::string_view pay_id_attribute);

  db::Payment& payment() { return payment_; }
  const db::Payment& payment() const { return payment_; }
  bool is_new() const { return payment_.id == 0; }
  Role role() const;
  ProcessState state() const;

  // --- what was on disk when the call began, or after its last Commit ---
  // The last message of this direction and kind; null: none.  Good as long as the ledger.
  const setcore::Octets* LastMessage(std::string_view direction, std::string_view kind) const;
  // All of them, the oldest first.
  std::vector<const setcore::Octets*> Messages(std::string_view direction,
                                               std::string_view kind) const;
  // Whether these octets came before, as a message of this kind.
  bool Received(std::string_view kind, setcore::OctetView message) const;
  // The state in which the last message of this kind came; NotYetStarted: none came.
  ProcessState StateWhenCame(std::string_view kind) const;
  // Whether a message of kind `received` came after the last one of kind `sent` went.
  bool CameAfter(std::string_view received, std::string_view sent) const;
  // The newest intent of this kind; null: none.
  const db::Intent* LastIntent(std::string_view kind) const;
  bool has_open_intent() const;
  // The call that made the newest event of the payment's history; empty: it has none.
  std::string_view LastCall() const;
  // The receipt, the PRes; null: none.
  const setcore::Octets* receipt() const;
  // The answer that the journal holds for `call` with this request.
  std::optional<std::string> AnswerTo(std::string_view call, setcore::OctetView digest) const;

  // Move takes the payment along the state table (RFC 3538, 8.9).  False: the table has no such
  // move, and nothing changes.
  bool Move(Event event);
  // Reach raises PercentComplete to that of the milestone (RFC 3538, 8.12); it never falls.
  void Reach(Milestone milestone);
  // Describe sets StatusDesc and, in the history, the reason.
  void Describe(const Description& description);
  // What Describe was given since the ledger was opened; null: nothing.
  const Description* description() const { return description_ ? &*description_ : nullptr; }
  void Fail(CompletionCode code) { payment_.completion_code = std::string(Name(code)); }

  void AddMessage(std::string_view direction, std::string_view kind, setcore::OctetView octets);
  // SetReceipt makes the message that was added last the receipt; there is one in a payment's life.
  void SetReceipt();
  // The XID of the payment and the RRPID of its PReq; empty: there is none yet.
  void ReserveIds(setcore::Octets xid, setcore::Octets rrpid);
  // Whether one of these ids stands under another PayId already, as far as is known before the
  // Commit.
  Checked<bool> StandElsewhere(const Call& call, setcore::OctetView xid,
                               setcore::OctetView rrpid) const;
  // Whether the XID stands under another PayId, removed payments included.
  Checked<bool> XidStandsElsewhere(const Call& call, setcore::OctetView xid) const;
  // `request` is to leave for `gateway` once the ledger is committed.
  void OpenIntent(const Call& call, std::string_view kind, setcore::AcquirerRequest request,
                  setcore::Octets xid, std::string gateway);
  void SettleIntent(std::int64_t intent, setcore::Octets outcome);

  // KeepOnlyMoves is for a message that nothing verifies: unless it moves the payment, it leaves no
  // trace, and its repetition is judged anew.
  void KeepOnlyMoves() { only_moves_ = true; }
  bool LeavesNoTrace() const { return only_moves_ && !moved(); }
  // Whether the history has no room for what was collected: it moves nothing.
  bool IsFull() const { return payment_.entries >= kMaxEntries && !moved(); }

  // TakeNews: whether state or percent are not what they were when the ledger was opened or when
  // this was last asked.
  bool TakeNews();

  // Commit writes everything collected since the last Commit and, unless `digest` is empty,
  // `answer` for the request with this digest.  Where there is nothing to write, the disk is left
  // in peace. Errors: ReqRefused (nothing was recorded, ask again), a lost store, or EncapProtErr
  // when XID or RRPID stand under another PayId (nothing was recorded).
  Checked<void> Commit(const Call& call, setcore::OctetView digest, std::string_view answer);

 private:
  struct Ids {
    setcore::Octets xid;
    setcore::Octets rrpid;
  };
  struct Settled {
    std::int64_t intent = 0;
    setcore::Octets outcome;
  };

  Checked<void> Load(const Call& call, std::string_view pay_id);
  bool anything() const;
  // Whether state, percent, StatusDesc, receipt or an intent are not what they are on disk.
  bool moved() const;
  db::Result<void> Write(db::Transaction& tx, const Call& call, PaymentFile& next);
  void Keep(const Call& call, PaymentFile next);

  std::shared_ptr<const PaymentFile> file_;  // as on disk; null: the payment is new
  bool removed_ = false;                     // RemovePaymentLog has taken it away
  std::uint64_t edition_ = 0;                // of the store before file_ was read
  db::Payment payment_;
  std::string reason_;
  std::optional<Description> description_;
  std::string told_state_;
  int told_percent_ = 0;
  std::vector<db::Entry> entries_;
  std::optional<Ids> ids_;
  std::optional<db::Intent> opened_;
  std::optional<Settled> settled_;
  bool ids_taken_ = false;
  bool instruments_removed_ = false;  // by the last Write
  bool only_moves_ = false;
};

// How many payments of the wallet are InProgress.
Checked<std::int64_t> CountInProgress(const Call& call);

// The spelling of a role in the store.
std::string_view StoredName(Role role);

// Whether the wallet was opened for the role of that spelling: of others it shows and does nothing.
bool Plays(const Call& call, std::string_view stored_role);

// StorageRefusal turns a failure of the store into an answer: kFull is ReqRefused (TransientError),
// everything else is a lost store, and no document answers.
Refusal StorageRefusal(const db::Error& error, std::string_view element);

}  // namespace bridge

#endif  // BRIDGE_CALLS_LEDGER_H_
