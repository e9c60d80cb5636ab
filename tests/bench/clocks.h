// Clocks of the benchmark, in microseconds.
#ifndef TESTS_BENCH_CLOCKS_H_
#define TESTS_BENCH_CLOCKS_H_

#include <sys/types.h>
#include <time.h>

#include <stdexcept>

namespace bench {

inline double Micros(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) throw std::runtime_error("a clock cannot be read");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

inline double WallMicros() { return Micros(CLOCK_MONOTONIC); }
inline double ThreadMicros() { return Micros(CLOCK_THREAD_CPUTIME_ID); }
inline double ProcessMicros() { return Micros(CLOCK_PROCESS_CPUTIME_ID); }

// What another process of ours has used, all its threads together.
inline double ProcessMicros(pid_t pid) {
  clockid_t clock{};
  if (clock_getcpuclockid(pid, &clock) != 0) throw std::runtime_error("the process has gone");
  return Micros(clock);
}

}  // namespace bench

#endif  // TESTS_BENCH_CLOCKS_H_
