// GeneralizedTime and UTCTime in their only DER form (UTC, seconds, no fraction) and Time.
#ifndef SETCORE_ASN1_TIME_TEXT_H_
#define SETCORE_ASN1_TIME_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

#include "setcore/environment.h"

namespace setcore::der {

// Reads YYYYMMDDHHMMSSZ.  Nothing if the form is another one or the date is not in the calendar
// (D-20).
std::optional<Time> ParseGeneralizedTime(std::string_view text);

// Reads YYMMDDHHMMSSZ; years 50 to 99 are 19YY (RFC 5280, 4.1.2.5.1).  Fails as above.
std::optional<Time> ParseUtcTime(std::string_view text);

// Writes YYYYMMDDHHMMSSZ.  Nothing outside the years 0001 to 9999.
std::optional<std::string> FormatGeneralizedTime(Time time);

// Writes YYMMDDHHMMSSZ.  Nothing outside the years 1950 to 2049.
std::optional<std::string> FormatUtcTime(Time time);

}  // namespace setcore::der

#endif  // SETCORE_ASN1_TIME_TEXT_H_
