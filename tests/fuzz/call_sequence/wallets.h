// Wallets: a merchant, two consumers and two payment handlers with their acquirers, one clock and
// one host.  Wallets are made once; an input opens those that it uses and finds them as they were
// made.  What goes wrong with them ends the process.
#ifndef TESTS_FUZZ_CALL_SEQUENCE_WALLETS_H_
#define TESTS_FUZZ_CALL_SEQUENCE_WALLETS_H_

#include <opb.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/session.h"
#include "bridge/state/role.h"
#include "fuzz/call_sequence/acquirer.h"
#include "fuzz/call_sequence/turn_system.h"
#include "fuzz/temporary_directory.h"

namespace call_sequence {

using bridge::Role;

enum : std::size_t { kMerchant, kConsumer, kLockedConsumer, kHandler, kSaleHandler };
inline constexpr std::size_t kWallets = 5;

constexpr Role RoleOf(std::size_t wallet) {
  if (wallet == kMerchant) return Role::kMerchant;
  return wallet < kHandler ? Role::kConsumer : Role::kPaymentHandler;
}

// Of the locked consumer.
inline constexpr std::string_view kPassphrase = "correct horse battery staple";
inline constexpr std::string_view kWrongPassphrase = "incorrect donkey";
// Account numbers, of a card with certificate and of one without.
inline constexpr std::string_view kPan = "4000000000000002";
inline constexpr std::string_view kPlainPan = "4000000000000028";

// What the host answers when it is called back.
enum class HostMood : std::uint8_t { kGoesOn, kCancels, kTalksNonsense, kFails };

class Wallets {
 public:
  Wallets();
  Wallets(const Wallets&) = delete;
  Wallets& operator=(const Wallets&) = delete;
  ~Wallets();

  // Gives everything its first state back.
  void Reset();

  std::string Call(std::size_t wallet, std::string_view request);
  // Closes the wallet and opens it again.
  void Reopen(std::size_t wallet);
  void Close(std::size_t wallet);
  // What a crash at this moment would leave on the disk.
  void TakeSnapshot(std::size_t wallet);
  // The wallet dies, and what was there when the snapshot was taken is opened.
  void Crash(std::size_t wallet);
  bool is_open(std::size_t wallet) const { return sessions_[wallet] != nullptr; }

  void MoveClock(std::int64_t ms) { now_ms_ += ms; }
  std::int64_t now_ms() const { return now_ms_; }
  void SetHostMood(HostMood mood) { host_mood_ = mood; }
  // Of a payment handler.
  Acquirer& acquirer(std::size_t wallet) { return wallet == kSaleHandler ? second_ : first_; }
  std::string path(std::size_t wallet) const;

 private:
  static const void* Service(const opb_host* host, const char* id);
  void Make(std::size_t wallet);
  void Open(std::size_t wallet);

  Dice dice_;
  std::int64_t now_ms_;
  Acquirer first_, second_;
  HostMood host_mood_ = HostMood::kGoesOn;
  opb_host host_{};
  fuzz::TemporaryDirectory directory_;
  std::array<bool, kWallets> used_{};
  std::array<std::unique_ptr<TurnSystem>, kWallets> systems_;
  std::array<std::unique_ptr<bridge::Session>, kWallets> sessions_;
};

// Nothing that stands for a secret of the wallets stands in `text`.
void RequireNoSecret(std::string_view text);

}  // namespace call_sequence

#endif  // TESTS_FUZZ_CALL_SEQUENCE_WALLETS_H_
