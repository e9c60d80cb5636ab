// TransportFailure: why there is no answer from a gateway.  Nothing is known about the outcome: the
// identical octets have to be exchanged again.
#ifndef BRIDGE_ACQUIRER_TRANSPORT_FAILURE_H_
#define BRIDGE_ACQUIRER_TRANSPORT_FAILURE_H_

#include "bridge/texts/detail.h"

namespace bridge {

struct TransportFailure {
  Detail why;  // never a secret
};

}  // namespace bridge

#endif  // BRIDGE_ACQUIRER_TRANSPORT_FAILURE_H_
