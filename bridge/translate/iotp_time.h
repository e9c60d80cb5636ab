// Dates and times as IOTP writes them ([UTC] of RFC 2801), and the validity of an offer (OkFrom,
// OkTo).
#ifndef BRIDGE_TRANSLATE_IOTP_TIME_H_
#define BRIDGE_TRANSLATE_IOTP_TIME_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bridge/translate/fault.h"

namespace bridge {

// ParseIotpTime reads CCYY-MM-DDThh:mm:ss[.s…] followed by Z, +hh, -hh, +hh:mm, Z+h or Z+hh, or by
// nothing, which is UTC.  Years 1970 to 9999; dates that do not exist give nothing.  The result is
// in ms since 1970 UTC; digits beyond milliseconds are cut.
std::optional<std::int64_t> ParseIotpTime(std::string_view text);

// FormatIotpTime writes CCYY-MM-DDThh:mm:ss.sssZ (E-21).
std::string FormatIotpTime(std::int64_t ms);

// CheckValidity judges the two attributes of a Start… call at `now_ms` (E-116): one that is no
// time: AttValIllegal; OkFrom after OkTo: ElInconsistent; before OkFrom: ValueTooLarge; after OkTo:
// ValueTooSmall.  Nothing: the offer is valid now.
std::optional<Fault> CheckValidity(std::string_view ok_from, std::string_view ok_to,
                                   std::int64_t now_ms, std::string_view element_type);

}  // namespace bridge

#endif  // BRIDGE_TRANSLATE_IOTP_TIME_H_
