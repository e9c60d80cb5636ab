#include "bridge/wallet/card_in_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "db/instruments.h"
#include "db/payments.h"
#include "setcore/crypto/digest.h"

namespace bridge {
namespace {

struct Secret {
  std::string place;
  setcore::OctetView sealed;
  setcore::OctetView given;
};

setcore::OctetView ViewOf(const std::optional<db::Octets>& sealed) {
  return sealed ? setcore::OctetView(*sealed) : setcore::OctetView();
}

// The private key is that of the certificate.
bool SameCard(const db::Instrument& stored, const InstrumentConfig& instrument,
              const InstrumentSecrets& secrets, const Opener& open) {
  const Secret rows[] = {
      {places::CardPan(stored.id), stored.sealed_pan, secrets.pan.octets()},
      {places::CardExpiry(stored.id), stored.sealed_expiry, secrets.expiry.octets()},
      {places::CardSecret(stored.id), ViewOf(stored.sealed_card_secret),
       secrets.card_secret.view()},
      {places::PanSecret(stored.id), ViewOf(stored.sealed_pan_secret), secrets.pan_secret.view()},
  };
  const auto is_given = [&](const Secret& secret) {
    const auto opened = open(secret.place, secret.sealed);
    return opened && setcore::crypto::Equal(opened->view(), secret.given);
  };
  const auto is_der = [](const setcore::pki::CertificatePtr& certificate, const auto& der) {
    return std::ranges::equal(certificate->der(), der);
  };
  return stored.brand_id == instrument.brand_id &&
         stored.protocol_brand_id == instrument.protocol_brand_id &&
         std::ranges::equal(instrument.chain, stored.certificate_chain, is_der) &&
         std::ranges::all_of(rows, is_given);
}

}  // namespace

db::Result<void> CheckCardInUse(const db::Reader& reader, const InstrumentConfig& instrument,
                                const InstrumentSecrets& secrets, const Opener& open) {
  const auto used = db::InstrumentInUse(reader, instrument.id);
  if (!used) return tl::unexpected(used.error());
  if (!*used) return {};
  const auto cards = db::LoadInstruments(reader);
  if (!cards) return tl::unexpected(cards.error());
  const auto stored = std::ranges::find(*cards, instrument.id, &db::Instrument::id);
  if (stored == cards->end() || SameCard(*stored, instrument, secrets, open)) return {};
  return db::Fail(
      db::ErrorKind::kConflict,
      fmt::format("a pending payment uses the card of the instrument \"{}\": until it is "
                  "final, give another card another id",
                  instrument.id));
}

}  // namespace bridge
