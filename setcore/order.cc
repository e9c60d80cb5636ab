#include "setcore/order.h"

#include "setcore/asn1/codec.h"
#include "setcore/messages/purchase_request.h"

namespace setcore {

msg::CurrencyAmount AmountOf(const initiation::PurchAmt& purch_amt) {
  msg::CurrencyAmount amount;
  amount.currency = purch_amt.currency;
  amount.amount = static_cast<std::int64_t>(purch_amt.amount);
  amount.amt_exp10 = purch_amt.amt_exp10;
  return amount;
}

std::optional<initiation::PurchAmt> PurchAmtOf(const msg::CurrencyAmount& amount) {
  if (amount.amount.value > static_cast<std::int64_t>(initiation::kMaxAmount) ||
      amount.amt_exp10 < initiation::kMinExponent || amount.amt_exp10 > initiation::kMaxExponent) {
    return std::nullopt;
  }
  return initiation::PurchAmt{static_cast<std::uint16_t>(amount.currency.value),
                              static_cast<std::uint64_t>(amount.amount.value),
                              static_cast<std::int32_t>(amount.amt_exp10.value)};
}

std::optional<msg::InstallRecurData> InstallRecurDataOf(const PurchaseTerms& terms) {
  msg::InstallRecurData data;
  if (terms.install_total_trans) {
    data.install_recur_ind = msg::InstallTotalTrans(*terms.install_total_trans);
  } else if (terms.recurring) {
    data.install_recur_ind =
        msg::Recurring{terms.recurring->frequency, der::Date{terms.recurring->expiry}};
  } else {
    return std::nullopt;
  }
  return data;
}

Result<Octets> HodInput(const PurchaseTerms& terms, const msg::Nonce& od_salt,
                        const std::optional<msg::MsgExtensions>& od_extensions) {
  msg::HODInput input;
  input.od = terms.od;
  input.purch_amt = AmountOf(terms.purch_amt);
  input.od_salt = od_salt;
  input.install_recur_data = InstallRecurDataOf(terms);
  input.od_extensions = od_extensions;
  return der::Encode(input);
}

}  // namespace setcore
