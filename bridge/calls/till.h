// Till: a brand of the payment handler with its keys, as the merchant actor borrows them.
#ifndef BRIDGE_CALLS_TILL_H_
#define BRIDGE_CALLS_TILL_H_

#include <memory>
#include <string_view>

#include "bridge/calls/call.h"
#include "bridge/calls/refusal.h"
#include "bridge/wallet/config.h"
#include "bridge/wallet/keyring.h"
#include "setcore/merchant.h"

namespace bridge {

struct Till {
  const BrandConfig* brand = nullptr;
  std::shared_ptr<const BrandSecrets> secrets;

  setcore::MerchantKeys keys(const Call& call) const;
  const setcore::pki::CertifiedKey& signer() const { return secrets->signing; }
};

// TillOf finds the brand, hidden ones too.  AttValIllegal BrandId: none; ReqRefused: its keys
// cannot be read.
Checked<Till> TillOf(const Call& call, std::string_view brand_id);

setcore::MerchantPolicy PolicyOf(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_TILL_H_
