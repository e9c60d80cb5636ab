#include "bridge/calls/ledger.h"

#include <opb.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "db/ids.h"
#include "db/instruments.h"
#include "db/removal.h"
#include "setcore/base64.h"

namespace bridge {
namespace {

constexpr std::uint32_t kRetryAfterFullSecs = 5;

constexpr std::array<std::string_view, 3> kRoles = {"Consumer", "Merchant", "PaymentHandler"};

bool Running(std::string_view process_state) {
  return process_state == Name(ProcessState::kInProgress);
}

bool Pending(std::string_view process_state) {
  return Running(process_state) || process_state == Name(ProcessState::kSuspended);
}

// What was deleted from the store goes from memory, too.
void RenewKeyring(const Call& call) {
  KeyringSlot& slot = call.wallet.keyring;
  std::unique_lock changing(slot.changing());
  const auto renewed = slot.Renew();
  changing.unlock();
  if (renewed) return;
  call.wallet.host.Log(
      LogLevel::kWarning,
      "a deleted instrument stays in memory until the wallet is closed: " + renewed.error().detail);
}

// The answer carries the message that was sent as base64, which need not be stored twice: it is cut
// out and, when the answer is asked for again, put back.
void CutAnswer(db::Entry& entry, std::string_view answer) {
  const std::string message = entry.sent ? setcore::EncodeBase64(*entry.sent) : std::string();
  const std::size_t at = message.empty() ? std::string_view::npos : answer.find(message);
  if (at == std::string_view::npos) {
    entry.answer.emplace(answer.begin(), answer.end());
    return;
  }
  entry.gap = static_cast<std::int64_t>(at);
  entry.answer.emplace(answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(at));
  entry.answer->insert(entry.answer->end(),
                       answer.begin() + static_cast<std::ptrdiff_t>(at + message.size()),
                       answer.end());
}

std::string WholeAnswer(const db::Entry& entry) {
  std::string answer(entry.answer->begin(), entry.answer->end());
  if (entry.gap) {
    answer.insert(static_cast<std::size_t>(*entry.gap), setcore::EncodeBase64(*entry.sent));
  }
  return answer;
}

// The message of this direction and kind in an entry; null: it has none.
const setcore::Octets* MessageOf(const db::Entry& entry, std::string_view direction,
                                 std::string_view kind) {
  const bool sent = direction == kSent;
  if ((sent ? entry.sent_kind : entry.received_kind) != kind) return nullptr;
  return sent ? &*entry.sent : &*entry.received;
}

db::Result<std::shared_ptr<const PaymentFile>> ReadPayment(db::Reader& reader,
                                                           std::string_view pay_id) {
  auto payment = db::FindPayment(reader, pay_id);
  if (!payment) return tl::unexpected(payment.error());
  if (!*payment) return nullptr;
  auto entries = db::LoadEntries(reader, (*payment)->id);
  if (!entries) return tl::unexpected(entries.error());
  auto intents = db::LoadIntents(reader, (*payment)->id);
  if (!intents) return tl::unexpected(intents.error());
  auto file = std::make_shared<PaymentFile>();
  file->payment = std::move(**payment);
  for (db::Entry& entry : *entries) {
    file->entries.push_back(std::make_shared<const db::Entry>(std::move(entry)));
  }
  for (db::Intent& intent : *intents) {
    file->intents.push_back(std::make_shared<const db::Intent>(std::move(intent)));
  }
  return file;
}

// Whether the PayId under which an id was found is not `pay_id`.
Checked<bool> IsAnother(const Call& call, std::string_view pay_id,
                        const db::Result<std::optional<std::string>>& found) {
  if (!found) return tl::unexpected(StorageRefusal(found.error(), call.name()));
  return *found && **found != pay_id;
}

}  // namespace

std::string_view StoredName(Role role) { return kRoles[static_cast<std::size_t>(role)]; }

bool Plays(const Call& call, std::string_view stored_role) {
  constexpr opb_role kFlags[] = {OPB_ROLE_CONSUMER, OPB_ROLE_MERCHANT, OPB_ROLE_PAYMENT_HANDLER};
  const auto found = std::find(kRoles.begin(), kRoles.end(), stored_role);
  return found != kRoles.end() && (call.wallet.roles & kFlags[found - kRoles.begin()]) != 0;
}

Refusal StorageRefusal(const db::Error& error, std::string_view element) {
  Refusal refusal = RefuseForNow(schema::FaultCode::kReqRefused, element, kRetryAfterFullSecs,
                                 DetailText::kDiskFull)
                        .value();
  refusal.store_lost = error.kind != db::ErrorKind::kFull;
  refusal.store_detail = error.detail;
  return refusal;
}

Checked<void> Ledger::Load(const Call& call, std::string_view pay_id) {
  const db::WalletStore& store = *call.wallet.store;
  edition_ = store.edition();
  file_ = call.wallet.shelf.Find(pay_id, edition_);
  if (file_ == nullptr) {
    auto read = call.wallet.store->Read(
        [&](db::Reader& reader) -> db::Result<std::shared_ptr<const PaymentFile>> {
          auto file = ReadPayment(reader, pay_id);
          if (!file || *file != nullptr) return file;
          const auto removed = db::IsRemoved(reader, pay_id);
          if (!removed) return tl::unexpected(removed.error());
          removed_ = *removed;
          return nullptr;
        });
    if (!read) return tl::unexpected(StorageRefusal(read.error(), call.name()));
    file_ = std::move(*read);
  }
  if (file_ != nullptr) {
    payment_ = file_->payment;
    TakeNews();
  }
  return {};
}

Checked<Ledger> Ledger::Open(const Call& call, std::string_view pay_id, Role role,
                             std::string_view pay_id_attribute) {
  Ledger ledger;
  if (auto loaded = ledger.Load(call, pay_id); !loaded) return tl::unexpected(loaded.error());
  if (ledger.file_ != nullptr) {
    if (ledger.payment_.role != StoredName(role) || !Plays(call, ledger.payment_.role)) {
      return Refuse(schema::FaultCode::kAttValIllegal, call.name(), pay_id_attribute,
                    DetailText::kOtherRole);
    }
    return ledger;
  }
  if (ledger.removed_) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), pay_id_attribute,
                  DetailText::kLogRemoved);
  }
  ledger.payment_.pay_id = pay_id;
  ledger.payment_.role = StoredName(role);
  ledger.payment_.started = ledger.payment_.changed = call.now_ms;
  return ledger;
}

Checked<Ledger> Ledger::Find(const Call& call, std::string_view pay_id,
                             std::string_view pay_id_attribute) {
  Ledger ledger;
  if (auto loaded = ledger.Load(call, pay_id); !loaded) return tl::unexpected(loaded.error());
  if (ledger.file_ == nullptr) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), pay_id_attribute,
                  DetailText::kUnknownPayment);
  }
  if (!Plays(call, ledger.payment_.role)) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), pay_id_attribute,
                  DetailText::kOtherRole);
  }
  return ledger;
}

Role Ledger::role() const {
  const auto found = std::find(kRoles.begin(), kRoles.end(), payment_.role);
  return static_cast<Role>(found - kRoles.begin());
}

ProcessState Ledger::state() const {
  return ParseProcessState(payment_.process_state).value_or(ProcessState::kProcessError);
}

bool Ledger::Move(Event event) {
  const auto next = Next(role(), state(), event);
  if (!next) return false;
  payment_.process_state = Name(*next);
  return true;
}

void Ledger::Reach(Milestone milestone) {
  payment_.percent_complete = std::max(payment_.percent_complete, PercentComplete(milestone));
}

void Ledger::Describe(const Description& description) {
  description_ = description;
  reason_ = StatusDesc(description, description.language);
  payment_.status_desc = reason_;
}

const setcore::Octets* Ledger::LastMessage(std::string_view direction,
                                           std::string_view kind) const {
  if (file_ == nullptr) return nullptr;
  const auto found =
      std::find_if(file_->entries.rbegin(), file_->entries.rend(),
                   [&](const auto& entry) { return MessageOf(*entry, direction, kind); });
  return found == file_->entries.rend() ? nullptr : MessageOf(**found, direction, kind);
}

std::vector<const setcore::Octets*> Ledger::Messages(std::string_view direction,
                                                     std::string_view kind) const {
  std::vector<const setcore::Octets*> messages;
  if (file_ == nullptr) return messages;
  for (const auto& entry : file_->entries) {
    if (const auto* message = MessageOf(*entry, direction, kind)) messages.push_back(message);
  }
  return messages;
}

bool Ledger::Received(std::string_view kind, setcore::OctetView message) const {
  return std::ranges::any_of(Messages(kReceived, kind), [&](const setcore::Octets* octets) {
    return std::ranges::equal(*octets, message);
  });
}

ProcessState Ledger::StateWhenCame(std::string_view kind) const {
  ProcessState state = ProcessState::kNotYetStarted;
  ProcessState when = state;
  if (file_ == nullptr) return when;
  for (const auto& entry : file_->entries) {
    if (entry->received_kind == kind) when = state;
    if (entry->to_state) state = ParseProcessState(*entry->to_state).value_or(state);
  }
  return when;
}

bool Ledger::CameAfter(std::string_view received, std::string_view sent) const {
  if (file_ == nullptr) return false;
  for (auto at = file_->entries.rbegin(); at != file_->entries.rend(); ++at) {
    const auto& entry = *at;
    if (entry->sent_kind == sent) return false;
    if (entry->received_kind == received) return true;
  }
  return false;
}

const db::Intent* Ledger::LastIntent(std::string_view kind) const {
  if (file_ == nullptr) return nullptr;
  const auto found = std::ranges::find(file_->intents.rbegin(), file_->intents.rend(), kind,
                                       [](const auto& intent) { return intent->kind; });
  return found == file_->intents.rend() ? nullptr : found->get();
}

bool Ledger::has_open_intent() const {
  return file_ != nullptr &&
         std::ranges::any_of(file_->intents, [](const auto& intent) { return intent->open(); });
}

std::string_view Ledger::LastCall() const {
  if (file_ == nullptr) return {};
  for (auto at = file_->entries.rbegin(); at != file_->entries.rend(); ++at) {
    const auto& entry = *at;
    if (entry->to_state) return entry->call;
  }
  return {};
}

const setcore::Octets* Ledger::receipt() const {
  if (file_ == nullptr || !file_->payment.receipt) return nullptr;
  const db::Entry& entry =
      *file_->entries.at(static_cast<std::size_t>(*file_->payment.receipt) - 1);
  return role() == Role::kConsumer ? &*entry.received : &*entry.sent;
}

std::optional<std::string> Ledger::AnswerTo(std::string_view call,
                                            setcore::OctetView digest) const {
  if (file_ == nullptr) return std::nullopt;
  // The last one counts: a host that cancels when it is called back changes an answer (E-117).
  for (auto at = file_->entries.rbegin(); at != file_->entries.rend(); ++at) {
    const auto& entry = *at;
    if (!entry->digest || entry->call != call) continue;
    if (std::ranges::equal(*entry->digest, digest)) return WholeAnswer(*entry);
  }
  return std::nullopt;
}

void Ledger::AddMessage(std::string_view direction, std::string_view kind,
                        setcore::OctetView octets) {
  const bool sent = direction == kSent;
  // An entry holds one message of each direction, what was received before what was sent.
  if (entries_.empty() || entries_.back().sent || (!sent && entries_.back().received)) {
    entries_.emplace_back();
  }
  db::Entry& entry = entries_.back();
  (sent ? entry.sent_kind : entry.received_kind) = kind;
  (sent ? entry.sent : entry.received).emplace(octets.begin(), octets.end());
}

void Ledger::SetReceipt() {
  payment_.receipt = payment_.entries + static_cast<int>(entries_.size());
}

void Ledger::ReserveIds(setcore::Octets xid, setcore::Octets rrpid) {
  payment_.xid = xid;
  ids_ = Ids{std::move(xid), std::move(rrpid)};
}

Checked<bool> Ledger::StandElsewhere(const Call& call, setcore::OctetView xid,
                                     setcore::OctetView rrpid) const {
  auto xid_taken = XidStandsElsewhere(call, xid);
  if (!xid_taken || *xid_taken) return xid_taken;
  return IsAnother(call, payment_.pay_id, call.wallet.store->Read([&](db::Reader& reader) {
    return db::PayIdOfRrpid(reader, rrpid);
  }));
}

Checked<bool> Ledger::XidStandsElsewhere(const Call& call, setcore::OctetView xid) const {
  return IsAnother(call, payment_.pay_id, call.wallet.store->Read([&](db::Reader& reader) {
    return db::PayIdOfXid(reader, xid);
  }));
}

void Ledger::OpenIntent(const Call& call, std::string_view kind, setcore::AcquirerRequest request,
                        setcore::Octets xid, std::string gateway) {
  db::Intent& intent = opened_.emplace();
  intent.kind = kind;
  intent.rrpid = std::move(request.rrpid);
  intent.xid = std::move(xid);
  intent.request = std::move(request.message);
  intent.gateway = std::move(gateway);
  intent.opened = call.now_ms;
}

void Ledger::SettleIntent(std::int64_t intent, setcore::Octets outcome) {
  settled_ = Settled{intent, std::move(outcome)};
}

bool Ledger::TakeNews() {
  if (told_state_ == payment_.process_state && told_percent_ == payment_.percent_complete) {
    return false;
  }
  told_state_ = payment_.process_state;
  told_percent_ = payment_.percent_complete;
  return true;
}

bool Ledger::anything() const {
  return file_ == nullptr || payment_ != file_->payment || !reason_.empty() || !entries_.empty() ||
         ids_ || opened_ || settled_;
}

bool Ledger::moved() const {
  if (file_ == nullptr || opened_ || settled_) return true;
  const db::Payment& before = file_->payment;
  return payment_.process_state != before.process_state ||
         payment_.percent_complete != before.percent_complete ||
         payment_.status_desc != before.status_desc || payment_.receipt != before.receipt;
}

db::Result<void> Ledger::Write(db::Transaction& tx, const Call& call, PaymentFile& next) {
  const db::Standing before = file_ == nullptr ? db::Standing{}
                                               : db::Standing{file_->payment.process_state,
                                                              file_->payment.percent_complete};
  if (auto done = db::RecordPayment(tx, next.payment, before, entries_, {call.name(), reason_},
                                    call.now_ms);
      !done) {
    return done;
  }
  if (ids_) {
    std::string other;
    auto done =
        db::ReserveIds(tx, next.payment.pay_id, ids_->xid, ids_->rrpid, call.now_ms, &other);
    if (!done) {
      ids_taken_ = done.error().kind == db::ErrorKind::kConflict;
      return done;
    }
  }
  if (opened_) {
    opened_->payment = next.payment.id;
    auto id = db::OpenIntent(tx, *opened_);
    if (!id) return tl::unexpected(id.error());
    opened_->id = *id;
  }
  if (settled_) {
    auto done = db::SettleIntent(tx, settled_->intent, settled_->outcome, call.now_ms);
    if (!done) return done;
  }
  if (Pending(before.process_state) && !Pending(next.payment.process_state)) {
    const auto removed = db::RemoveAbandonedInstruments(tx);
    if (!removed) return tl::unexpected(removed.error());
    instruments_removed_ = *removed;
  }
  call.wallet.shelf.MoveInProgress(int{Running(next.payment.process_state)} -
                                   int{Running(before.process_state)});
  return {};
}

Checked<void> Ledger::Commit(const Call& call, setcore::OctetView digest, std::string_view answer) {
  ids_taken_ = false;
  instruments_removed_ = false;
  if (!digest.empty()) {
    if (entries_.empty()) entries_.emplace_back();
    entries_.back().digest.emplace(digest.begin(), digest.end());
    CutAnswer(entries_.back(), answer);
  }
  if (!anything()) return {};
  PaymentFile next;
  next.payment = payment_;
  auto member = [&](db::Transaction& tx) { return Write(tx, call, next); };
  auto done = call.wallet.store->Amend(member);
  if (!done) {
    call.wallet.shelf.ForgetInProgress();
    if (ids_taken_) {  // nothing is wrong with the store
      return Refuse(schema::FaultCode::kEncapProtErr, "PaySchemePackagedContent", {},
                    DetailText::kIdsUsedElsewhere);
    }
    return tl::unexpected(StorageRefusal(done.error(), call.name()));
  }
  Keep(call, std::move(next));
  if (instruments_removed_) RenewKeyring(call);
  return {};
}

// What was committed becomes what the ledger starts from, and the next call too.
void Ledger::Keep(const Call& call, PaymentFile next) {
  if (file_ != nullptr) {
    next.entries = file_->entries;
    next.intents = file_->intents;
  }
  for (db::Entry& entry : entries_) {
    next.entries.push_back(std::make_shared<const db::Entry>(std::move(entry)));
  }
  if (opened_) next.intents.push_back(std::make_shared<const db::Intent>(std::move(*opened_)));
  if (settled_) {
    for (auto& intent : next.intents) {
      if (intent->id != settled_->intent) continue;
      auto closed = std::make_shared<db::Intent>(*intent);
      closed->outcome = std::move(settled_->outcome);
      closed->settled = call.now_ms;
      intent = std::move(closed);
    }
  }
  file_ = std::make_shared<const PaymentFile>(std::move(next));
  payment_ = file_->payment;
  reason_.clear();
  entries_.clear();
  ids_.reset();
  opened_.reset();
  settled_.reset();
  call.wallet.shelf.Put(file_, edition_);
}

Checked<std::int64_t> CountInProgress(const Call& call) {
  db::WalletStore& store = *call.wallet.store;
  const std::uint64_t edition = store.edition();
  if (const auto known = call.wallet.shelf.InProgress(edition)) return *known;
  std::int64_t count = 0;
  // Among the writers, so that none moves a payment between the count and its being known.
  auto counted = store.Amend([&](db::Transaction& tx) -> db::Result<void> {
    auto found = db::CountInProgress(tx);
    if (!found) return tl::unexpected(found.error());
    count = *found;
    call.wallet.shelf.SetInProgress(count, edition);
    return {};
  });
  if (!counted) return tl::unexpected(StorageRefusal(counted.error(), call.name()));
  return count;
}

}  // namespace bridge
