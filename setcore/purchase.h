// What the actors of a purchase share: the terms that were agreed before SET began, and the result
// that a PRes reports.  Plain values.
#ifndef SETCORE_PURCHASE_H_
#define SETCORE_PURCHASE_H_

#include <optional>
#include <string>
#include <string_view>

#include "setcore/environment.h"
#include "setcore/initiation/initiation.h"
#include "setcore/octets.h"

namespace setcore {

// PurchaseTerms is what cardholder and merchant know of the purchase from the SET initiation.  Both
// sides must hold the same values: all but language and sw_ident go into HOD or are compared.
struct PurchaseTerms {
  Octets od;  // order description, the octets that are hashed
  initiation::PurchAmt purch_amt;
  std::string brand_id;         // SET BrandID of the offer: brand[:product] (D-67)
  std::string language = "en";  // RFC 1766
  std::optional<Octets> lid_m;  // from SET-LID-M
  std::optional<std::uint32_t> install_total_trans;  // at most one of these two
  std::optional<initiation::Recurring> recurring;
  std::string sw_ident;               // of the sending software, 1 to 256 characters
  std::optional<Octets> sale_detail;  // DER of SaleDetail: merchant only, for the acquirer
};

// PResFacts is what a PRes says, as its verifier or its maker sees it.
struct PResFacts {
  Time date = 0;  // of the MessageHeader; no signature covers it
  Octets xid;
  std::optional<Octets> lid_m;
  // All results are approved or captured (RFC 3538, 8.4.4 (3)).
  bool success = false;
  // The code that decides: field "AuthCode", "CapCode" or "CompletionCode", its ASN.1 identifier
  // ("declined") and number.
  std::string_view field;
  std::string_view name;
  int value = 0;
  // Contents octets of the REAL CapRatio, else of AuthRatio; absent if the PRes has neither.
  std::optional<Octets> ratio;
};

}  // namespace setcore

#endif  // SETCORE_PURCHASE_H_
