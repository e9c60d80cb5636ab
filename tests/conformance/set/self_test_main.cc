// Runs the self-test of the judge's SET side; exit 1 if something does not hold.
#include <cstdio>

#include "set/self_test.h"

int main() {
  int checks = 0;
  const auto failures = conform::set::SelfTest(checks);
  for (const std::string& failure : failures) std::fprintf(stderr, "%s\n", failure.c_str());
  std::printf("%d checks, %zu do not hold\n", checks, failures.size());
  return failures.empty() ? 0 : 1;
}
