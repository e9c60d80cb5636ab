// BorrowedCard: a payment instrument with its secrets, as the cardholder actor borrows it.
#ifndef BRIDGE_CALLS_BORROWED_CARD_H_
#define BRIDGE_CALLS_BORROWED_CARD_H_

#include <memory>
#include <string_view>
#include <utility>

#include "bridge/calls/call.h"
#include "bridge/calls/refusal.h"
#include "bridge/wallet/keyring.h"
#include "setcore/cardholder.h"

namespace bridge {

class BorrowedCard {
 public:
  // ReqRefused if the secrets cannot be read.
  static Checked<BorrowedCard> Of(const Call& call, std::string_view instrument_id);

  setcore::Card card() const;
  // Null: a card without certificate signs nothing.
  const setcore::pki::CertifiedKey* signer() const {
    return secrets_->signing ? &*secrets_->signing : nullptr;
  }

 private:
  explicit BorrowedCard(std::shared_ptr<const CardSecrets> secrets)
      : secrets_(std::move(secrets)) {}
  std::shared_ptr<const CardSecrets> secrets_;
};

}  // namespace bridge

#endif  // BRIDGE_CALLS_BORROWED_CARD_H_
