// The issuer that set-gateway plays: the first rule that fits a request answers it, and if none
// fits it is approved.  Pure.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_RULES_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_RULES_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "bridge/programs/set_gateway/config.h"
#include "setcore/initiation/purch_amt.h"
#include "setcore/messages/codes.h"

namespace bridge::gateway {

struct Verdict {
  setcore::msg::AuthCode auth_code = setcore::msg::AuthCode::kApproved;
  std::int64_t delay_ms = 0;
};

// Judge answers a request for `amount` on the account `pan`.
Verdict Judge(std::span<const Rule> rules, std::string_view pan,
              const setcore::initiation::PurchAmt& amount);

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_RULES_H_
