#include "bridge/calls/passphrase.h"

namespace bridge {

using schema::FaultCode;

Checked<void> RequireUnlocked(const Call& call) {
  if (!call.keyring->locked()) return {};
  return Refuse(FaultCode::kAttMissing, call.name(), "Passphrase", DetailText::kWalletLocked);
}

Checked<void> ProvePassphrase(const Call& call) {
  const auto passphrase = call.request().Find("Passphrase");
  if (!passphrase) return {};
  const auto unlocked = call.keyring->Unlock(*passphrase);
  if (unlocked) return {};
  const PassphraseFailure& failure = unlocked.error();
  switch (failure.kind) {
    case PassphraseFailure::Kind::kBusy:
      return RefuseForNow(FaultCode::kSystemBusy, call.name(), failure.min_retry_s,
                          DetailText::kTooManyPassphrases);
    case PassphraseFailure::Kind::kStorage:
      return RefuseForNow(FaultCode::kReqRefused, call.name(), 1, DetailText::kPassphraseCounter);
    case PassphraseFailure::Kind::kWrong:
      break;
  }
  return Refuse(FaultCode::kAttValIllegal, call.name(), "Passphrase", DetailText::kWrongPassphrase);
}

}  // namespace bridge
