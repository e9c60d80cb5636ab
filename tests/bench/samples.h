// Statistics of repeated measurements.
#ifndef TESTS_BENCH_SAMPLES_H_
#define TESTS_BENCH_SAMPLES_H_

#include <algorithm>
#include <vector>

namespace bench {

inline double Least(const std::vector<double>& samples) {
  return *std::min_element(samples.begin(), samples.end());
}

inline double Median(std::vector<double> samples) {
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
  std::nth_element(samples.begin(), middle, samples.end());
  return *middle;
}

}  // namespace bench

#endif  // TESTS_BENCH_SAMPLES_H_
