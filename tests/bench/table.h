// The table that the benchmark prints: each figure beside its floor, the ratio, and what is aimed
// at.
#ifndef TESTS_BENCH_TABLE_H_
#define TESTS_BENCH_TABLE_H_

#include <optional>
#include <string>
#include <vector>

namespace bench {

struct Row {
  std::string what;
  std::string measured;
  std::string floor;
  std::optional<double> ratio;
  std::string target;
  std::optional<bool> met;
};

// Print writes to standard output.
void Print(const std::vector<Row>& rows);

}  // namespace bench

#endif  // TESTS_BENCH_TABLE_H_
