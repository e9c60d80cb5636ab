// InquireProcessState and ChangeProcessState (RFC 3867, 4.5.3, 4.3.6; RFC 3538, 7.3.5, 7.5.3).
#ifndef BRIDGE_CALLS_PROCESS_STATE_H_
#define BRIDGE_CALLS_PROCESS_STATE_H_

#include "bridge/calls/acting.h"

namespace bridge {

Written InquireProcessState(const Call& call);
Written ChangeProcessState(const Call& call);

}  // namespace bridge

#endif  // BRIDGE_CALLS_PROCESS_STATE_H_
