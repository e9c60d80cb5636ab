#include "bridge/calls/borrowed_card.h"

namespace bridge {

Checked<BorrowedCard> BorrowedCard::Of(const Call& call, std::string_view instrument_id) {
  auto secrets = call.keyring->CardOf(instrument_id);
  if (!secrets) {
    return RefuseForNow(schema::FaultCode::kReqRefused, call.name(), kRetryUnreadableSecs,
                        DetailText::kCardUnreadable);
  }
  return BorrowedCard(std::move(*secrets));
}

setcore::Card BorrowedCard::card() const {
  setcore::Card card;
  card.pan = secrets_->pan.view();
  card.expiry = secrets_->expiry.view();
  card.card_secret = secrets_->card_secret.view();
  card.pan_secret = secrets_->pan_secret.view();
  if (const auto* key = signer()) {
    card.key = &key->key;
    card.chain = key->chain;
  }
  return card;
}

}  // namespace bridge
