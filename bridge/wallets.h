// The table behind opb_wallet.  A token is a slot number (low 32 bits) and the generation of that
// slot (high 32 bits), never an address: a stale, forged or twice closed token is recognised
// without touching freed memory.  The table also counts init and deinit and notices a fork.
//
// Its lock is held for look-ups only, never while a session works or a service of the host runs.
#ifndef BRIDGE_WALLETS_H_
#define BRIDGE_WALLETS_H_

#include <opb.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <tl/expected.hpp>
#include <utility>

namespace bridge {

// WalletTable holds sessions of type S, which has Close() and ForgetAfterFork().  All functions may
// be called from any thread.  It must outlive the Openings and Uses that it gives out.
template <class S>
class WalletTable {
  enum class State : std::uint8_t {
    kFree,
    kOpening,  // reserved: no token names it yet
    kOpen,
    kClosing,    // no token names it any more
    kForgotten,  // inherited through a fork and given up
  };

  struct Slot {
    State state = State::kFree;
    opb_status poison = OPB_OK;    // what every later call answers once the wallet is poisoned
    std::uint32_t generation = 1;  // never 0, so that no token is 0
    std::uint32_t calls = 0;       // under way
    pid_t owner = 0;               // the process that opened it
    std::unique_ptr<S> session;
  };

 public:
  // A reserved slot.  Unless it is filled it becomes free again.
  class Opening {
   public:
    Opening(Opening&& other) noexcept
        : table_(std::exchange(other.table_, nullptr)), index_(other.index_) {}
    Opening& operator=(Opening&&) = delete;
    ~Opening() {
      if (table_ != nullptr) table_->Free(index_);
    }

    // Fill puts the session in its place and gives the token that names it.
    opb_wallet Fill(std::unique_ptr<S> session) {
      WalletTable& table = *std::exchange(table_, nullptr);
      const std::lock_guard lock(table.mutex_);
      Slot& slot = table.slots_[index_];
      slot.session = std::move(session);
      slot.state = State::kOpen;
      return Token(slot.generation, index_);
    }

   private:
    friend class WalletTable;
    Opening(WalletTable* table, std::uint32_t index) : table_(table), index_(index) {}
    WalletTable* table_;
    std::uint32_t index_;
  };

  // A call under way.  While it lives the wallet is not closed.
  class Use {
   public:
    Use(Use&& other) noexcept : table_(std::exchange(other.table_, nullptr)), slot_(other.slot_) {}
    Use& operator=(Use&&) = delete;
    ~Use() {
      if (table_ == nullptr) return;
      const std::lock_guard lock(table_->mutex_);
      --slot_->calls;
    }

    S& session() const { return *slot_->session; }

    // Poison makes every later call on the wallet answer `status`; the first poison stays.
    void Poison(opb_status status) noexcept {
      const std::lock_guard lock(table_->mutex_);
      if (slot_->poison == OPB_OK) slot_->poison = status;
    }

   private:
    friend class WalletTable;
    Use(WalletTable* table, Slot* slot) : table_(table), slot_(slot) {}
    WalletTable* table_;
    Slot* slot_;
  };

  WalletTable() = default;
  WalletTable(const WalletTable&) = delete;
  WalletTable& operator=(const WalletTable&) = delete;

  void Init() {
    const std::lock_guard lock(mutex_);
    ++inits_;
  }

  // Deinit gives OPB_E_STATE without an init, or when it would reach zero while a wallet is open,
  // opening or closing.  In the child of a fork it first forgets what was inherited.
  opb_status Deinit() {
    const std::lock_guard lock(mutex_);
    if (inits_ == 0) return OPB_E_STATE;
    const pid_t self = getpid();
    ForgetInherited(self);
    const bool in_use = std::any_of(slots_.begin(), slots_.end(), [self](const Slot& slot) {
      return slot.owner == self && slot.state != State::kFree;
    });
    if (inits_ == 1 && in_use) return OPB_E_STATE;
    --inits_;
    return OPB_OK;
  }

  // BeginOpen reserves a slot, or gives OPB_E_STATE before init.
  tl::expected<Opening, opb_status> BeginOpen() {
    const std::lock_guard lock(mutex_);
    if (inits_ == 0) return tl::unexpected<opb_status>(OPB_E_STATE);
    auto slot = std::find_if(slots_.begin(), slots_.end(),
                             [](const Slot& it) { return it.state == State::kFree; });
    if (slot == slots_.end()) slot = slots_.emplace(slots_.end());
    slot->state = State::kOpening;
    slot->owner = getpid();
    return Opening(this, static_cast<std::uint32_t>(slot - slots_.begin()));
  }

  // Enter begins a call.  OPB_E_FORKED, OPB_E_STATE (before init), OPB_E_ARGUMENT (no open wallet
  // has this token), or what poisoned the wallet.
  tl::expected<Use, opb_status> Enter(opb_wallet token) {
    const std::lock_guard lock(mutex_);
    const auto found = Find(token);
    if (!found) return tl::unexpected<opb_status>(found.error());
    Slot& slot = **found;
    if (slot.poison != OPB_OK) return tl::unexpected<opb_status>(slot.poison);
    ++slot.calls;
    return Use(this, &slot);
  }

  // Close ends the session, also of a poisoned wallet.  As Enter, and OPB_E_STATE while a call is
  // under way.  What the session's Close throws passes; the slot is free all the same.
  opb_status Close(opb_wallet token) {
    std::unique_ptr<S> session;
    std::uint32_t index = 0;
    {
      const std::lock_guard lock(mutex_);
      const auto found = Find(token);
      if (!found) return found.error();
      Slot& slot = **found;
      if (slot.calls != 0) return OPB_E_STATE;
      session = std::move(slot.session);
      slot.state = State::kClosing;
      index = SlotIndex(token);
    }
    const Opening freed_at_the_end(this, index);
    session->Close();
    session.reset();
    return OPB_OK;
  }

 private:
  static constexpr int kGenerationShift = 32;

  static opb_wallet Token(std::uint32_t generation, std::uint32_t index) {
    return (static_cast<opb_wallet>(generation) << kGenerationShift) | index;
  }
  static std::uint32_t SlotIndex(opb_wallet token) { return static_cast<std::uint32_t>(token); }

  // Gives the open slot that `token` names.  A fork is noticed first: an inherited wallet answers
  // OPB_E_FORKED and nothing else.
  tl::expected<Slot*, opb_status> Find(opb_wallet token) {
    Slot* slot = SlotIndex(token) < slots_.size() ? &slots_[SlotIndex(token)] : nullptr;
    const bool named = slot != nullptr && slot->generation == token >> kGenerationShift &&
                       (slot->state == State::kOpen || slot->state == State::kForgotten);
    if (named && (slot->state == State::kForgotten || slot->owner != getpid())) {
      return tl::unexpected<opb_status>(OPB_E_FORKED);
    }
    if (inits_ == 0) return tl::unexpected<opb_status>(OPB_E_STATE);
    if (!named) return tl::unexpected<opb_status>(OPB_E_ARGUMENT);
    return slot;
  }

  // The sessions are leaked: to destroy one is to write into the parent's store.
  void ForgetInherited(pid_t self) {
    for (Slot& slot : slots_) {
      if (slot.owner == self || slot.state != State::kOpen) continue;
      slot.session->ForgetAfterFork();
      static_cast<void>(slot.session.release());
      slot.state = State::kForgotten;
    }
  }

  // A slot whose generations are used up is never free again.
  void Free(std::uint32_t index) noexcept {
    const std::lock_guard lock(mutex_);
    Slot& slot = slots_[index];
    slot.poison = OPB_OK;
    slot.owner = 0;
    slot.state = slot.generation == std::numeric_limits<std::uint32_t>::max() ? State::kClosing
                                                                              : State::kFree;
    if (slot.state == State::kFree) ++slot.generation;
  }

  std::mutex mutex_;
  std::deque<Slot> slots_;  // a deque: its elements stay where they are
  std::uint32_t inits_ = 0;
};

}  // namespace bridge

#endif  // BRIDGE_WALLETS_H_
