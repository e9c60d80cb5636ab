#include "bridge/calls/till.h"

#include <utility>

#include "bridge/translate/brand_id.h"

namespace bridge {

using schema::FaultCode;

setcore::MerchantKeys Till::keys(const Call& call) const {
  setcore::MerchantKeys keys;
  keys.merchant_id = call.config().organisation.merchant_id;
  keys.signing = &secrets->signing.key;
  keys.signing_chain = secrets->signing.chain;
  keys.exchange = &secrets->exchange.key;
  keys.exchange_chain = secrets->exchange.chain;
  keys.former_exchange = secrets->former_exchange;
  keys.gateway_chain = brand->gateway_chain;
  return keys;
}

Checked<Till> TillOf(const Call& call, std::string_view brand_id) {
  Till till;
  till.brand = call.config().FindBrand(CanonicalBrandId(brand_id));
  if (till.brand == nullptr) {
    return Refuse(FaultCode::kAttValIllegal, call.name(), "BrandId", DetailText::kBrandNotAccepted);
  }
  auto secrets = call.keyring->KeysOf(till.brand->brand_id);
  if (!secrets) {
    return RefuseForNow(FaultCode::kReqRefused, call.name(), kRetryUnreadableSecs,
                        DetailText::kKeysUnreadable);
  }
  till.secrets = std::move(*secrets);
  return till;
}

setcore::MerchantPolicy PolicyOf(const Call& call) {
  return {call.config().policy.capture_now, call.config().policy.require_cardholder_certificate};
}

}  // namespace bridge
