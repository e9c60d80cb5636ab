// Proves the judge's SET side against the golden vectors before any module is judged.
#ifndef TESTS_CONFORMANCE_SET_SELF_TEST_H_
#define TESTS_CONFORMANCE_SET_SELF_TEST_H_

#include <string>
#include <vector>

namespace conform::set {

// What does not hold, one line each; empty if the judge may judge.  `checks` counts what was tried.
std::vector<std::string> SelfTest(int& checks);

}  // namespace conform::set

#endif  // TESTS_CONFORMANCE_SET_SELF_TEST_H_
