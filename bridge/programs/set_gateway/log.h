// Lines for the operator.
#ifndef BRIDGE_PROGRAMS_SET_GATEWAY_LOG_H_
#define BRIDGE_PROGRAMS_SET_GATEWAY_LOG_H_

#include <string>
#include <string_view>

#include "setcore/octets.h"

namespace bridge::gateway {

// WriteLog writes `line` behind the time of the day to stderr, in one piece.  Any thread.
void WriteLog(std::string_view line);

// Lower-case hexadecimal digits.
std::string Hex(setcore::OctetView octets);

}  // namespace bridge::gateway

#endif  // BRIDGE_PROGRAMS_SET_GATEWAY_LOG_H_
