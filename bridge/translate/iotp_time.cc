#include "bridge/translate/iotp_time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace bridge {
namespace {

constexpr int kFirstYear = 1970;
constexpr int kMaxOffsetHours = 14;

// Scanner takes fixed pieces off the front of a text; a piece that is not there leaves it failed.
struct Scanner {
  std::string_view rest;
  bool failed = false;

  int Digits(std::size_t count) {
    const std::string_view text = rest.substr(0, count);
    if (text.size() != count || text.find_first_not_of("0123456789") != std::string_view::npos) {
      failed = true;
      return 0;
    }
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    rest.remove_prefix(count);
    return value;
  }

  bool Take(char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
  }

  void Need(char c) { failed = !Take(c) || failed; }
};

// Milliseconds reads the digits behind the point, as many as there are.
std::int64_t Milliseconds(Scanner& scanner) {
  std::int64_t value = 0;
  std::size_t count = 0;
  for (; !scanner.rest.empty() && scanner.rest.front() >= '0' && scanner.rest.front() <= '9';
       ++count, scanner.rest.remove_prefix(1)) {
    if (count < 3) value = value * 10 + (scanner.rest.front() - '0');
  }
  scanner.failed = scanner.failed || count == 0;
  for (; count < 3; ++count) value *= 10;
  return value;
}

// OffsetMinutes reads what follows the time of day ([UTC] of RFC 2801: "Z+n").
int OffsetMinutes(Scanner& scanner) {
  scanner.Take('Z');
  if (scanner.rest.empty()) return 0;
  const bool west = scanner.Take('-');
  if (!west) scanner.Need('+');
  const std::size_t colon = scanner.rest.find(':');
  const std::string_view hour_text = scanner.rest.substr(0, colon);
  const int hours = scanner.Digits(hour_text.size() == 1 ? 1 : 2);
  int minutes = 0;
  if (scanner.Take(':')) minutes = scanner.Digits(2);
  scanner.failed = scanner.failed || hours > kMaxOffsetHours || minutes > 59;
  return (west ? -1 : 1) * (hours * 60 + minutes);
}

Fault Refuse(schema::FaultCode code, std::string_view element_type, std::string_view att_name,
             Detail detail = {}) {
  return {code, std::string(element_type), std::string(att_name), std::move(detail)};
}

}  // namespace

std::optional<std::int64_t> ParseIotpTime(std::string_view text) {
  Scanner scanner{text};
  const int year = scanner.Digits(4);
  scanner.Need('-');
  const int month = scanner.Digits(2);
  scanner.Need('-');
  const int day = scanner.Digits(2);
  scanner.Need('T');
  const int hour = scanner.Digits(2);
  scanner.Need(':');
  const int minute = scanner.Digits(2);
  scanner.Need(':');
  const int second = scanner.Digits(2);
  const std::int64_t ms = scanner.Take('.') ? Milliseconds(scanner) : 0;
  const int offset = OffsetMinutes(scanner);

  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (scanner.failed || !scanner.rest.empty() || !date.ok() || year < kFirstYear || hour > 23 ||
      minute > 59 || second > 59) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
  return seconds * 1000 + ms;
}

std::string FormatIotpTime(std::int64_t ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(ms)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<Fault> CheckValidity(std::string_view ok_from, std::string_view ok_to,
                                   std::int64_t now_ms, std::string_view element_type) {
  const auto from = ParseIotpTime(ok_from);
  const auto to = ParseIotpTime(ok_to);
  using schema::FaultCode;
  if (!from) return Refuse(FaultCode::kAttValIllegal, element_type, "OkFrom");
  if (!to) return Refuse(FaultCode::kAttValIllegal, element_type, "OkTo");
  // E-116: OkFrom is the start and OkTo the end, whatever RFC 2801, 7.5 says.
  if (*from > *to) {
    return Refuse(FaultCode::kElInconsistent, element_type, "OkFrom", DetailText::kOkFromAfterOkTo);
  }
  if (now_ms < *from) {
    return Refuse(FaultCode::kValueTooLarge, element_type, "OkFrom", DetailText::kOfferNotYetValid);
  }
  if (now_ms > *to) {
    return Refuse(FaultCode::kValueTooSmall, element_type, "OkTo", DetailText::kOfferExpired);
  }
  return std::nullopt;
}

}  // namespace bridge
