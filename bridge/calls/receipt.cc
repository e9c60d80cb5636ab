#include "bridge/calls/receipt.h"

#include <string>
#include <utility>

#include "bridge/calls/offer.h"
#include "bridge/translate/iotp_time.h"
#include "bridge/translate/money.h"
#include "db/payments.h"
#include "setcore/initiation/initiation.h"
#include "setcore/receipt.h"

namespace bridge {
namespace {

using schema::FaultCode;
using schema::Node;

constexpr std::string_view kElement = "PackagedContent";

struct StoredReceipt {
  db::Payment payment;
  setcore::Octets pres;
};

// The one PackagedContent Name="PRes" of the request, which must be the stored PRes (E-91, E-92).
Checked<StoredReceipt> ReadReceipt(const Call& call) {
  auto pay_id = RequireAttribute(call.request(), "PayId");
  if (!pay_id) return tl::unexpected(pay_id.error());
  auto ledger = Ledger::Find(call, *pay_id, "PayId");
  if (!ledger) return tl::unexpected(ledger.error());

  const auto elements = call.request().Children(kElement);
  if (elements.size() != 1) {
    const auto code = elements.empty() ? FaultCode::kElMissing : FaultCode::kElUnexpected;
    return Refuse(code, kElement, {}, DetailText::kExactlyOne);
  }
  const auto name = elements.front()->Find("Name");
  if (!name)
    return Refuse(FaultCode::kAttMissing, kElement, "Name",
                  {DetailText::kOnlyValue, {{"value", kPResName}}});
  if (*name != kPResName) {
    return Refuse(FaultCode::kAttValIllegal, kElement, "Name",
                  {DetailText::kOnlyValue, {{"value", kPResName}}});
  }
  auto octets = ReadSetContent(FromElement(*elements.front()), kElement);
  if (!octets) return Refuse(octets.error());

  const setcore::Octets* stored = ledger->receipt();
  if (stored == nullptr || *stored != *octets) {
    return Refuse(FaultCode::kBusError, kElement, {}, DetailText::kOtherReceipt);
  }
  return StoredReceipt{std::move(ledger->payment()), std::move(*octets)};
}

}  // namespace

Written CheckPaymentReceipt(const Call& call) {
  auto receipt = ReadReceipt(call);
  if (!receipt) return tl::unexpected(receipt.error());
  return Render(call, Node("CheckPaymentReceiptResponse"));
}

Written ExpandPaymentReceipt(const Call& call) {
  auto receipt = ReadReceipt(call);
  if (!receipt) return tl::unexpected(receipt.error());
  const auto facts = setcore::ReadPRes(receipt->pres);
  if (!facts) {
    return Refuse(FaultCode::kBusError, kElement, {}, DetailText::kReceiptUnreadable);
  }
  const db::Payment& payment = receipt->payment;
  const std::string asked = payment.amount.value_or("");
  const std::string amount = ReceiptAmount(asked, facts->ratio).value_or(asked);
  const bool consumer = payment.role == StoredName(Role::kConsumer);
  Node response("ExpandPaymentReceiptResponse");
  response.SetIf("BrandId", payment.brand_id);
  if (consumer) response.SetIf("PaymentInstrumentId", payment.payment_instrument_id);  // E-123
  response.Set("Amount", amount)
      .SetIf("CurrCodeType", payment.curr_code_type)
      .SetIf("CurrCode", payment.curr_code)
      .SetIf("PayDirection", payment.pay_direction)
      .Set("TimeStamp", FormatIotpTime(facts->date * 1000))  // D-8
      .SetIf("ProtocolId", payment.protocol_id)
      .SetIf("ProtocolBrandId", payment.protocol_brand_id);
  if (facts->lid_m) {  // E-19
    response.Set("ProtocolTransId", setcore::initiation::LidMText(*facts->lid_m));
  }
  if (payment.merchant_name && !payment.merchant_name->empty()) {
    response.Set("xml:lang", call.config().language)
        .Set("PaymentHandlerDesc", *payment.merchant_name);
  }
  return Render(call, response);
}

}  // namespace bridge
