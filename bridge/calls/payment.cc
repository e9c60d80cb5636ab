#include "bridge/calls/payment.h"

#include "bridge/calls/call_back.h"
#include "bridge/calls/pay_scheme.h"

namespace bridge {
namespace {

constexpr std::uint32_t kRetryWhenFullSecs = 30;

Checked<Answer> Continue(const Call& call, Ledger& ledger) {
  switch (ledger.role()) {
    case Role::kConsumer:
      return ContinueConsumer(call, ledger);
    case Role::kPaymentHandler:
      return ContinuePaymentHandler(call, ledger);
    case Role::kMerchant:
      break;
  }
  return Refuse(schema::FaultCode::kAttValIllegal, call.name(), "PayId", DetailText::kOtherRole);
}

}  // namespace

Written ContinueProcess(const Call& call) { return ContinueOn(call, "PayId", Continue); }

Checked<void> CheckStartable(const Call& call, const Ledger& ledger, std::string_view attribute) {
  if (!ledger.is_new() && ledger.state() != ProcessState::kNotYetStarted) {
    return Refuse(schema::FaultCode::kAttValIllegal, call.name(), attribute,
                  DetailText::kStartedOtherwise);
  }
  const auto pending = CountInProgress(call);
  if (!pending) return tl::unexpected(pending.error());
  if (*pending < static_cast<std::int64_t>(call.config().policy.max_pending)) return {};
  return RefuseForNow(
      schema::FaultCode::kSystemBusy, call.name(), kRetryWhenFullSecs,
      {DetailText::kTooManyPending, {{"limit", std::to_string(call.config().policy.max_pending)}}});
}

void RecordOffer(const Call& call, const Offer& offer, db::Payment& payment) {
  const schema::Element& request = call.request();
  payment.protocol_brand_id = offer.protocol_brand_id.Text();
  payment.protocol_id = kProtocolId;
  payment.amount = offer.money.amount;
  payment.curr_code_type = kIso4217A;
  payment.curr_code = offer.money.curr_code;
  payment.pay_direction = "Debit";
  payment.ok_from = request.Value("OkFrom");
  payment.ok_to = request.Value("OkTo");
  payment.pay_protocol_data = offer.pay_protocol;
  NoteCallBack(call, payment);
  payment.language = call.config().language;
}

}  // namespace bridge
