#include "bridge/calls/brand_selection.h"

#include "bridge/calls/instrument.h"
#include "bridge/calls/offer.h"

namespace bridge {
namespace {

using schema::Node;

Checked<Answer> ListInstruments(const Call& call, Ledger&) {
  auto offer = ReadOffer(call);
  if (!offer) return tl::unexpected(offer.error());
  Node response("FindPaymentInstrumentResponse");
  for (const InstrumentConfig& instrument : call.config().instruments) {
    if (instrument.hidden) continue;
    // RFC 3538, 7.2.1: those that "the Consumer can use".
    if (!CheckUsable(call, instrument, offer->money, offer->protocol_brand_id)) continue;
    response.Add(Node("PayInstrument")
                     .Set("Id", instrument.id)
                     .Set("xml:lang", call.config().language)
                     .Set("PayInstName", instrument.name));
  }
  return response;
}

Checked<Answer> Check(const Call& call, Ledger&) {
  auto offer = ReadOffer(call);
  if (!offer) return tl::unexpected(offer.error());
  auto instrument = JudgeInstrument(call, offer->money, offer->protocol_brand_id);
  if (!instrument) return tl::unexpected(instrument.error());
  // Spelled as asked: CheckPaymentPossiblity is legal, too (interfaces.md, 5).
  return Node(std::string(call.name()) + "Response");
}

}  // namespace

Written FindPaymentInstrument(const Call& call) {
  return NoteOn(call, "ConsumerPayId", Role::kConsumer, ListInstruments);
}

Written CheckPaymentPossibility(const Call& call) {
  return NoteOn(call, "ConsumerPayId", Role::kConsumer, Check);
}

}  // namespace bridge
