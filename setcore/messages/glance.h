// A first look at a MessageWrapper: which message it holds and which ids its header carries, before
// anything is judged.  Nothing that a glance says is verified.
#ifndef SETCORE_MESSAGES_GLANCE_H_
#define SETCORE_MESSAGES_GLANCE_H_

#include <optional>
#include <string_view>

#include "setcore/octets.h"

namespace setcore {

struct Glimpse {
  std::string_view name;  // of the alternative of Message, as type: "PInitReq", "PRes", "Error"
  std::optional<Octets> rrpid;
  std::optional<Octets> xid;
  std::optional<Octets> lid_c;
  std::optional<Octets> lid_m;
};

// Glance gives nothing if the skeleton of `wrapper` or its header is not DER, or the alternative is
// none of Message.
std::optional<Glimpse> Glance(OctetView wrapper);

}  // namespace setcore

#endif  // SETCORE_MESSAGES_GLANCE_H_
