#include "bench/table.h"

#include <fmt/format.h>

#include <cstdio>

namespace bench {
namespace {

std::string_view Verdict(const std::optional<bool>& met) {
  if (!met) return "";
  return *met ? "yes" : "NO";
}

void Line(std::string_view what, std::string_view measured, std::string_view floor,
          std::string_view ratio, std::string_view target, std::string_view met) {
  std::string line = fmt::format("{:<47} {:>12} {:>12} {:>6}  {:<9} {}", what, measured, floor,
                                 ratio, target, met);
  line.erase(line.find_last_not_of(' ') + 1);
  std::puts(line.c_str());
}

}  // namespace

void Print(const std::vector<Row>& rows) {
  Line("what", "measured", "floor", "ratio", "target", "met");
  for (const Row& row : rows) {
    Line(row.what, row.measured, row.floor, row.ratio ? fmt::format("{:.2f}", *row.ratio) : "",
         row.target, Verdict(row.met));
  }
}

}  // namespace bench
