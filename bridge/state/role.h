// The three roles of a trading party that the bridge plays (RFC 3867, 1; opb.h, OPB_ROLE_*).
#ifndef BRIDGE_STATE_ROLE_H_
#define BRIDGE_STATE_ROLE_H_

#include <cstdint>

namespace bridge {

enum class Role : std::uint8_t { kConsumer, kMerchant, kPaymentHandler };

}  // namespace bridge

#endif  // BRIDGE_STATE_ROLE_H_
