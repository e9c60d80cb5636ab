#include "bridge/calls/terms.h"

#include "bridge/software_id.h"

namespace bridge {
namespace {

initiation::Fault Unusable(std::string_view field) {
  return {std::string(field), initiation::Reason::kInconsistent, {}};
}

}  // namespace

tl::expected<setcore::PurchaseTerms, initiation::Fault> TermsOf(const Call& call,
                                                                const db::Payment& payment) {
  const auto purch_amt = ToPurchAmt(payment.curr_code_type.value_or(std::string(kIso4217A)),
                                    payment.curr_code.value_or(""), payment.amount.value_or(""));
  if (!purch_amt) return tl::unexpected(Unusable("SET-PurchAmt"));
  const auto brand = ParseProtocolBrandId(payment.protocol_brand_id.value_or(""));
  if (!brand) return tl::unexpected(Unusable("SET-Brand"));

  IotpTerms iotp;
  iotp.protocol_id = payment.protocol_id.value_or("");
  iotp.protocol_brand_id = brand->id;
  iotp.purch_amt = *purch_amt;
  iotp.order_hash = payment.order_hash.value_or("");
  auto built = BuildInitiation(payment.pay_protocol_data.value_or(setcore::Octets{}), iotp);
  if (!built) return tl::unexpected(built.error());

  setcore::PurchaseTerms terms;
  terms.od.assign(iotp.order_hash.begin(), iotp.order_hash.end());
  terms.purch_amt = *purch_amt;
  terms.brand_id = brand->id.SetBrand();
  terms.language = call.config().language;
  terms.lid_m = built->lid_m;
  terms.install_total_trans = built->install_total_trans;
  terms.recurring = built->recurring;
  terms.sw_ident = kSoftwareId;
  terms.sale_detail = payment.trading_role_data;
  return terms;
}

}  // namespace bridge
