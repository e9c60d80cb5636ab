#include "setcore/asn1/time_text.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>

namespace setcore::der {
namespace {

constexpr Time kSecondsOfDay = 86400;

// Reads `digits` decimal digits at `at`; -1 if one of them is something else.
int Digits(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// Reads MMDDHHMMSSZ behind a year.
std::optional<Time> Rest(int year, std::string_view text) {
  constexpr std::size_t kSize = 11;
  if (text.size() != kSize || text[kSize - 1] != 'Z') return std::nullopt;
  const int month = Digits(text, 0, 2);
  const int day = Digits(text, 2, 2);
  const int hour = Digits(text, 4, 2);
  const int minute = Digits(text, 6, 2);
  const int second = Digits(text, 8, 2);
  if (year < 1 || month < 1 || day < 1) return std::nullopt;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const Time days = std::chrono::sys_days{date}.time_since_epoch().count();
  return days * kSecondsOfDay + hour * 3600 + minute * 60 + second;
}

struct Civil {
  int year;
  unsigned month;
  unsigned day;
  Time second;
};

// Splits a time into date and second of the day; nothing outside the years 0001 to 9999.
std::optional<Civil> Split(Time time) {
  constexpr Time kFirst = -62135596800;  // 0001-01-01
  constexpr Time kLast = 253402300799;   // 9999-12-31T23:59:59
  if (time < kFirst || time > kLast) return std::nullopt;
  Time days = time / kSecondsOfDay;
  Time second = time % kSecondsOfDay;
  if (second < 0) {
    second += kSecondsOfDay;
    --days;
  }
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  return Civil{static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
               static_cast<unsigned>(date.day()), second};
}

}  // namespace

std::optional<Time> ParseGeneralizedTime(std::string_view text) {
  if (text.size() != 15) return std::nullopt;
  return Rest(Digits(text, 0, 4), text.substr(4));
}

std::optional<Time> ParseUtcTime(std::string_view text) {
  if (text.size() != 13) return std::nullopt;
  const int year = Digits(text, 0, 2);
  if (year < 0) return std::nullopt;
  return Rest(year < 50 ? 2000 + year : 1900 + year, text.substr(2));
}

std::optional<std::string> FormatGeneralizedTime(Time time) {
  const auto at = Split(time);
  if (!at) return std::nullopt;
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}Z", at->year, at->month, at->day,
                     at->second / 3600, at->second / 60 % 60, at->second % 60);
}

std::optional<std::string> FormatUtcTime(Time time) {
  const auto at = Split(time);
  if (!at || at->year < 1950 || at->year > 2049) return std::nullopt;
  return fmt::format("{:02}{:02}{:02}{:02}{:02}{:02}Z", at->year % 100, at->month, at->day,
                     at->second / 3600, at->second / 60 % 60, at->second % 60);
}

}  // namespace setcore::der
