#include "bridge/programs/set_gateway/log.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <iterator>

namespace bridge::gateway {

void WriteLog(std::string_view line) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  // stderr has no buffer: one call is one write, and lines of several threads do not mix.
  std::fputs(
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z {}\n", utc.tm_year + 1900,
                  utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, ms % 1000, line)
          .c_str(),
      stderr);
}

std::string Hex(setcore::OctetView octets) {
  std::string out;
  for (const std::uint8_t octet : octets) fmt::format_to(std::back_inserter(out), "{:02x}", octet);
  return out;
}

}  // namespace bridge::gateway
