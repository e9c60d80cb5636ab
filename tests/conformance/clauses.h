// What RFC 3538 says and rules have to cover: every parameter that its section 7 marks M, and every
// row of its section 8.
#ifndef TESTS_CONFORMANCE_CLAUSES_H_
#define TESTS_CONFORMANCE_CLAUSES_H_

#include <span>
#include <vector>

#include "rule.h"

namespace conform {

// One call of section 7: names of its M parameters, separated by spaces.  Sections with a form for
// each role are 7.3.4.1 (consumer) and 7.3.4.2 (payment handler).
struct Parameters {
  const char* section;
  const char* call;
  const char* in;
  const char* out;
};
std::span<const Parameters> SectionSeven();

// One row of section 8 and the ids of its rules, as an expression for whole ids; a row without
// rules says why instead.
struct Row {
  const char* section;
  const char* what;
  const char* rules;
  const char* why_none = nullptr;
};
std::span<const Row> SectionEight();

// The rules that cover a parameter ("7.1.1 in Amount"), or a row.
std::vector<const Rule*> Covering(const Rules& rules, const std::string& parameter);
std::vector<const Rule*> Covering(const Rules& rules, const Row& row);

// Parameters and rows that no rule covers, each a line.
std::string Uncovered(const Rules& rules);

}  // namespace conform

#endif  // TESTS_CONFORMANCE_CLAUSES_H_
