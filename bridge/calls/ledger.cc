#include "bridge/calls/ledger.h"

#include <algorithm>
#include <array>
#include <utility>

#include "db/ids.h"
#include "db/removal.h"
#include "setcore/crypto/digest.h"

namespace bridge {
namespace {

constexpr std::uint32_t kRetryAfterFullSecs = 5;

constexpr std::array<std::string_view, 3> kRoles = {"Consumer", "Merchant", "PaymentHandler"};

setcore::OctetView AsOctets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Checked<std::optional<db::Payment>> Load(const Call& call, std::string_view pay_id) {
  auto found =
      call.wallet.store->Read([&](db::Reader& reader) { return db::FindPayment(reader, pay_id); });
  if (!found) return tl::unexpected(StorageRefusal(found.error(), call.name()));
  return std::move(*found);
}

}  // namespace

std::string_view StoredName(Role role) { return kRoles[static_cast<std::size_t>(role)]; }

Refusal StorageRefusal(const db::Error& error, std::string_view element) {
  Refusal refusal =
      RefuseForNow(schema::FaultCode::kReqRefused, element, kRetryAfterFullSecs,
                   "nothing was recorded: the wallet's disk has no room; free some and repeat")
          .value();
  refusal.store_lost = error.kind != db::ErrorKind::kFull;
  refusal.store_detail = error.detail;
  return refusal;
}

Checked<Ledger> Ledger::Open(const Call& call, std::string_view pay_id, Role role,
                             std::string_view pay_id_attribute) {
  auto found = Load(call, pay_id);
  if (!found) return tl::unexpected(found.error());
  Ledger ledger;
  if (*found) {
    ledger.payment_ = std::move(**found);
    if (ledger.payment_.role != StoredName(role)) {
      return Refuse(schema::FaultCode::kAttValIllegal, call.name(), pay_id_attribute,
                    "this payment identifier stands for a payment of another role");
    }
    return ledger;
  }
  // A PayId stands for one payment, removed ones included (RFC 3867, 4.4.1).
  const auto removed =
      call.wallet.store->Read([&](db::Reader& reader) { return db::IsRemoved(reader, pay_id); });
  if (!removed) return tl::unexpected(StorageRefusal(removed.error(), call.name()));
  if (*removed) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), pay_id_attribute,
                  "the log of this payment was removed");
  }
  ledger.payment_.pay_id = pay_id;
  ledger.payment_.role = StoredName(role);
  ledger.payment_.started = ledger.payment_.changed = call.now_ms;
  return ledger;
}

Checked<Ledger> Ledger::Find(const Call& call, std::string_view pay_id,
                             std::string_view pay_id_attribute) {
  auto found = Load(call, pay_id);
  if (!found) return tl::unexpected(found.error());
  if (!*found) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), pay_id_attribute,
                  "this wallet knows no such payment");
  }
  Ledger ledger;
  ledger.payment_ = std::move(**found);
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

void Ledger::Describe(std::string status_desc) {
  reason_ = status_desc;
  payment_.status_desc = std::move(status_desc);
}

void Ledger::AddMessage(std::string_view direction, std::string_view kind,
                        setcore::OctetView octets) {
  db::Message message;
  message.direction = direction;
  message.kind = kind;
  message.octets.assign(octets.begin(), octets.end());
  const auto digest = setcore::crypto::Sha256(octets);
  message.digest.assign(digest.begin(), digest.end());
  messages_.push_back(std::move(message));
}

void Ledger::ReserveIds(setcore::Octets xid, setcore::Octets rrpid) {
  payment_.xid = xid;
  ids_ = Ids{std::move(xid), std::move(rrpid)};
}

void Ledger::SettleIntent(std::int64_t intent, setcore::Octets outcome) {
  settled_ = Settled{intent, std::move(outcome)};
}

Checked<void> Ledger::Commit(const Call& call, const db::JournalKey* key, std::string_view answer) {
  ids_taken_ = false;
  db::Payment written = payment_;
  auto member = [&](db::Transaction& tx) -> db::Result<void> {
    if (written.id == 0) {
      db::Payment fresh = written;  // so that the history begins at NotYetStarted
      fresh.process_state = Name(ProcessState::kNotYetStarted);
      fresh.percent_complete = 0;
      auto id = db::InsertPayment(tx, fresh);
      if (!id) return tl::unexpected(id.error());
      written.id = *id;
    }
    if (auto done = db::UpdatePayment(tx, written, {call.name(), reason_}, call.now_ms); !done) {
      return done;
    }
    if (ids_) {
      std::string other;
      auto done = db::ReserveIds(tx, written.pay_id, ids_->xid, ids_->rrpid, call.now_ms, &other);
      if (!done) {
        ids_taken_ = done.error().kind == db::ErrorKind::kConflict;
        return done;
      }
    }
    for (const std::string& brand_id : offers_) {
      if (auto done = db::RecordOffer(tx, written.id, brand_id); !done) return done;
    }
    for (db::Message& message : messages_) {
      message.payment = written.id;
      message.at = call.now_ms;
      if (auto seq = db::AppendMessage(tx, message); !seq) return tl::unexpected(seq.error());
    }
    if (receipt_) {
      const db::Receipt receipt{written.id, std::string(kPResName), call.now_ms, *receipt_};
      if (auto done = db::InsertReceipt(tx, receipt); !done) return done;
    }
    if (opened_) {
      opened_->payment = written.id;
      auto id = db::OpenIntent(tx, *opened_);
      if (!id) return tl::unexpected(id.error());
      intent_id_ = *id;
    }
    if (settled_) {
      auto done = db::SettleIntent(tx, settled_->intent, settled_->outcome, call.now_ms);
      if (!done) return done;
    }
    if (key == nullptr) return {};
    return db::RecordAnswer(tx, *key, AsOctets(answer), call.now_ms);
  };
  auto done = call.wallet.store->Write(member);
  if (!done) return tl::unexpected(StorageRefusal(done.error(), call.name()));
  payment_ = std::move(written);
  reason_.clear();
  messages_.clear();
  offers_.clear();
  receipt_.reset();
  ids_.reset();
  opened_.reset();
  settled_.reset();
  return {};
}

}  // namespace bridge
