#include "bridge/calls/brand_selection.h"

#include "bridge/calls/instrument.h"
#include "bridge/calls/offer.h"

namespace bridge {
namespace {

using schema::Node;

struct Selection {
  Money money;
  ProtocolBrandId accepted;
};

Checked<Selection> ReadSelection(const schema::Element& request) {
  if (auto debit = CheckDebit(request); !debit) return tl::unexpected(debit.error());
  if (auto protocol = CheckProtocolId(request); !protocol) return tl::unexpected(protocol.error());
  auto money = ReadMoney(request);
  if (!money) return tl::unexpected(money.error());
  auto accepted = ReadProtocolBrand(request);
  if (!accepted) return tl::unexpected(accepted.error());
  auto pay_protocol = ReadPayProtocol(request);
  if (!pay_protocol) return tl::unexpected(pay_protocol.error());
  return Selection{std::move(*money), std::move(*accepted)};
}

Checked<Answer> ListInstruments(const Call& call, Ledger&) {
  auto selection = ReadSelection(call.request());
  if (!selection) return tl::unexpected(selection.error());
  Node response("FindPaymentInstrumentResponse");
  for (const InstrumentConfig& instrument : call.config().instruments) {
    if (instrument.hidden) continue;
    if (!FitsBrand(instrument, call.request().Value("BrandId"), selection->accepted)) continue;
    std::string_view att_name;
    if (!LimitsViolated(selection->money, instrument.currencies, instrument.limits, &att_name)
             .empty()) {
      continue;
    }
    response.Add(Node("PayInstrument")
                     .Set("Id", instrument.id)
                     .Set("xml:lang", call.config().language)
                     .Set("PayInstName", instrument.name));
  }
  return response;
}

Checked<Answer> Check(const Call& call, Ledger&) {
  auto selection = ReadSelection(call.request());
  if (!selection) return tl::unexpected(selection.error());
  auto instrument = JudgeInstrument(call, selection->money, selection->accepted);
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
