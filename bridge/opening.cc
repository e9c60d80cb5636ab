#include "bridge/opening.h"

#include <utility>

#include "bridge/wallet/abandoned_instruments.h"
#include "bridge/wallet/keyring.h"
#include "db/resumption.h"
#include "db/wallet_store.h"

namespace bridge {
namespace {

// opb.h, OPB_E_*: why a store does not open.
opb_status StatusOf(db::ErrorKind kind) {
  switch (kind) {
    case db::ErrorKind::kLocked:
      return OPB_E_LOCKED;
    case db::ErrorKind::kFull:
    case db::ErrorKind::kPoisoned:
    case db::ErrorKind::kCorrupt:
    case db::ErrorKind::kMissing:
    case db::ErrorKind::kRefused:
      return OPB_E_STORAGE;
    case db::ErrorKind::kConflict:
    case db::ErrorKind::kInternal:
      break;
  }
  return OPB_E_INTERNAL;
}

tl::unexpected<OpenFailure> Refuse(opb_status status, std::string diagnostic) {
  return tl::unexpected<OpenFailure>(OpenFailure{status, std::move(diagnostic)});
}

tl::unexpected<OpenFailure> Refuse(const db::Error& error) {
  return Refuse(StatusOf(error.kind), error.detail);
}

tl::unexpected<OpenFailure> Refuse(const PassphraseFailure& failure) {
  switch (failure.kind) {
    case PassphraseFailure::Kind::kBusy:
      return Refuse(OPB_E_CONFIG, "too many wrong passphrases: ask again in " +
                                      std::to_string(failure.min_retry_s) + " s");
    case PassphraseFailure::Kind::kStorage:
      return Refuse(OPB_E_STORAGE, failure.detail);
    case PassphraseFailure::Kind::kWrong:
      break;
  }
  return Refuse(OPB_E_CONFIG, "the passphrase does not open this wallet");
}

}  // namespace

tl::expected<void, OpenFailure> OpenAt(OpenWallet& wallet, const Host& host, opb_role roles,
                                       const std::string& path, std::string_view passphrase) {
  wallet.host = host;
  wallet.roles = roles;
  auto store = db::WalletStore::Open(path, db::WalletMode::kOpen);
  if (!store) return Refuse(store.error());
  wallet.store = *std::move(store);
  const auto removed = RemoveAbandonedInstruments(*wallet.store);
  if (!removed && removed.error().kind != db::ErrorKind::kFull) return Refuse(removed.error());
  auto keyring = Keyring::Open(
      wallet.store->directory(), *wallet.store, [host] { return host.NowMs(); },
      [&host](const std::string& line) { host.Log(LogLevel::kWarning, line); });
  if (!keyring) return Refuse(keyring.error());
  wallet.keyring.Put(*std::move(keyring));
  auto interrupted =
      wallet.store->Read([](db::Reader& reader) { return db::ListInProgress(reader); });
  if (!interrupted) return Refuse(interrupted.error());
  wallet.in_progress_at_open = *std::move(interrupted);
  const auto open = wallet.keyring.Take();
  if ((roles & ~open->config().roles) != 0) {
    return Refuse(OPB_E_CONFIG, path + ": the wallet does not have every role asked for");
  }
  if (!passphrase.empty()) {
    if (auto unlocked = open->Unlock(passphrase); !unlocked) {
      return Refuse(unlocked.error());
    }
  }
  return {};
}

}  // namespace bridge
